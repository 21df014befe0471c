package io.sanadflow.studyhub.backup;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the agent in a Job is told, as JSON in the variable {@link #VARIABLE}. Secrets are not in
 * it: those are files, whose places are the constants here.
 *
 * @param hub the hub's name
 * @param namespace the hub's namespace
 * @param bucket where backups go, if there is a bucket
 * @param localDirectory where backups go beside it, or in its place: the mounted local volume
 * @param database whom to dump
 * @param media the mounted media volume, if the hub has one
 * @param encrypted whether {@link #ENCRYPTION_KEY} is there and is to be used
 * @param retention what is kept
 * @param offload where and when media move, if that is asked for
 * @param sparing whether requests are to be spared, since the month's are nearly used up; null for
 *     false
 */
public record AgentConfig(
    String hub,
    String namespace,
    @Nullable Bucket bucket,
    @Nullable String localDirectory,
    Database database,
    @Nullable String media,
    boolean encrypted,
    Retention retention,
    @Nullable Offload offload,
    @Nullable Boolean sparing) {

  /** Whether requests are to be spared. */
  public boolean isSparing() {
    return Boolean.TRUE.equals(sparing);
  }

  /** The variable with this configuration. */
  public static final String VARIABLE = "AGENT_CONFIG";

  /** A directory with the files accessKeyId and secretAccessKey. */
  public static final String STORE_CREDENTIALS = "/etc/studyhub/store";

  /** The same of the bucket for media, where that has credentials of its own. */
  public static final String OFFLOAD_CREDENTIALS = "/etc/studyhub/offload";

  /** The authority of the object store's certificate; not there for public ones. */
  public static final String STORE_AUTHORITY = "/etc/studyhub/store-ca/ca.crt";

  /** The user's key for encryption at rest. */
  public static final String ENCRYPTION_KEY = "/etc/studyhub/encryption/key";

  /** The database user's password, without a line break. */
  public static final String DATABASE_PASSWORD = "/etc/studyhub/database/password";

  /** The authority of the database's certificate. */
  public static final String DATABASE_AUTHORITY = "/etc/studyhub/database-ca/ca.crt";

  /** A directory in memory that agent and database tools share: FIFOs and small words. */
  public static final String PIPES = "/pipes";

  /** The spool of write-ahead log, where it is mounted. */
  public static final String SPOOL = "/spool";

  /**
   * Of the agent's JVM. The heap grows to its most for media volumes of 100,000 files. The archive
   * of classes stays the file's own pages, and classes of the image are not verified anew in every
   * run. The best compiler, which the image allows for ciphers and sums alone, gives a method up
   * that would take it more than 4 MB. bench/backup.sh measures what it all takes.
   */
  public static final String JAVA_OPTIONS =
      "-XX:+UseSerialGC -Xms6m -Xmx32m -Xmn1m -XX:MinHeapFreeRatio=5 -XX:MaxHeapFreeRatio=10"
          + " -Xss256k -XX:MaxMetaspaceSize=48m -XX:ReservedCodeCacheSize=12m"
          + " -XX:StringTableSize=2048 -XX:-UsePerfData -XX:+UseCompactObjectHeaders"
          + " -XX:TrimNativeHeapInterval=500 -XX:+UnlockDiagnosticVMOptions"
          + " -XX:ArchiveRelocationMode=0 -XX:-BytecodeVerificationRemote"
          + " -XX:CompileThresholdScaling=4"
          + " -XX:CompileCommand=quiet -XX:CompileCommand=MemLimit,*.*,4M~stop";

  /**
   * Of TLS, the best first: measured with these options, ChaCha20 spends a quarter less of the
   * processor than the JDK's AES.
   */
  public static final List<String> CIPHERS =
      List.of("TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384");

  /**
   * A bucket.
   *
   * @param endpoint of S3, with scheme
   * @param region auto for R2
   * @param prefix what all keys start with, without a slash at the end
   * @param adopt whether backups of another database under this prefix are taken over; else nothing
   *     is written there
   */
  public record Bucket(
      String endpoint, String region, String bucket, String prefix, boolean adopt) {}

  /**
   * A database.
   *
   * @param user a superuser for the hub's own server, else who may read all
   * @param own whether the server is the hub's own, so that its roles are saved as well
   */
  public record Database(String host, int port, String database, String user, boolean own) {}

  /**
   * What is kept.
   *
   * @param localCopies the newest backups on the local volume
   * @param days in the bucket
   * @param weekly of the Sundays, how many weeks more
   * @param monthly of the firsts, how many months more
   * @param walDays back to which every moment can be restored
   */
  public record Retention(int localCopies, int days, int weekly, int monthly, int walDays) {}

  /**
   * How media move to a bucket.
   *
   * @param bucket where media go; what is the app's is beneath {@code PREFIX/files/}, the ledger
   *     beside it
   * @param ownCredentials whether {@link #OFFLOAD_CREDENTIALS} opens the bucket, not {@link
   *     #STORE_CREDENTIALS}
   * @param mode what the user wants
   * @param thresholdBytes what all volumes of the hub may hold before media move
   * @param graceSeconds how long local copies stay after the cut-over
   * @param bandwidth how many bytes a second are copied at most; 0 for no bound
   */
  public record Offload(
      Bucket bucket,
      boolean ownCredentials,
      OffloadMode mode,
      long thresholdBytes,
      long graceSeconds,
      long bandwidth) {}
}
