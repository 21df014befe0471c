package io.sanadflow.studyhub.backup;

/**
 * What the reader of logs is told, as JSON in the variable {@link #VARIABLE}.
 *
 * @param namespace of the hub
 * @param selector of the pods whose lines are read, as the API server takes it
 */
public record LogsConfig(String namespace, String selector) {

  /** The variable with this configuration. */
  public static final String VARIABLE = "LOGS_CONFIG";

  /** Where lines are handed over to the collector. */
  public static final String LINES = "/var/lib/studyhub/lines";

  /** Where the API server's authority and the token of the ServiceAccount are. */
  public static final String ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

  /** Where the reader says whether lines arrive. */
  public static final int PORT = 8080;

  /** Answers 200 as long as lines arrive, and 503 otherwise. */
  public static final String READY = "/ready";

  /** Answers 200 as long as the reader runs. */
  public static final String ALIVE = "/alive";

  /** Where the collector tells its own figures, on loopback. */
  public static final int FIGURES = 8888;

  /** How large all files with lines may be together, in bytes. */
  public static final long MOST_BYTES = 32L << 20;

  /** Of its JVM: a thread a container, and lines of at most 64 KiB. */
  public static final String JAVA_OPTIONS =
      "-XX:+UseSerialGC -Xms4m -Xmx12m -Xmn2m -XX:MinHeapFreeRatio=5 -XX:MaxHeapFreeRatio=10"
          + " -Xss256k -XX:MaxMetaspaceSize=24m -XX:ReservedCodeCacheSize=8m"
          + " -XX:TieredStopAtLevel=1 -XX:StringTableSize=2048 -XX:-UsePerfData"
          + " -XX:+UseCompactObjectHeaders -XX:+UnlockDiagnosticVMOptions"
          + " -XX:ArchiveRelocationMode=0 -XX:-BytecodeVerificationRemote";
}
