package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.AgentConfig;
import io.sanadflow.studyhub.backup.Layout;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.backup.ReportCodec;
import io.sanadflow.studyhub.store.ConditionalStore;
import io.sanadflow.studyhub.store.DirectoryStore;
import io.sanadflow.studyhub.store.ObjectStore;
import io.sanadflow.studyhub.store.S3ObjectStore;
import io.sanadflow.studyhub.store.StoreException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a command works with: its configuration, the clock, files, and stores opened when asked. */
final class AgentContext implements AutoCloseable {

  private final AgentConfig config;
  private final Clock clock;
  private final AgentFiles files;
  private final Consumer<String> steps;
  private final Pipes pipes;
  private @Nullable Archive bucket;
  private @Nullable Archive local;
  private @Nullable ConditionalStore media;

  /**
   * A context.
   *
   * @param steps takes a line per step, for the pod's log
   */
  AgentContext(AgentConfig config, Clock clock, AgentFiles files, Consumer<String> steps) {
    this.config = config;
    this.clock = clock;
    this.files = files;
    this.steps = steps;
    this.pipes = new Pipes(files.pipes());
  }

  /** A context whose bucket is another store, for tests. */
  AgentContext withBucket(ObjectStore store) {
    AgentContext other = new AgentContext(config, clock, files, steps);
    AgentConfig.Bucket told = config.bucket();
    other.bucket = new Archive("bucket", store, new Layout(told == null ? "" : told.prefix()));
    return other;
  }

  /** A context whose bucket for media is another store, for tests. */
  AgentContext withMedia(ConditionalStore store) {
    AgentContext other = new AgentContext(config, clock, files, steps);
    other.bucket = bucket;
    other.media = store;
    return other;
  }

  /**
   * The context of this process.
   *
   * @throws AgentException if the configuration is not there or cannot be read
   */
  static AgentContext of(Map<String, String> environment, PrintStream log) throws AgentException {
    String json = environment.get(AgentConfig.VARIABLE);
    if (json == null) {
      throw AgentException.usage(
          AgentConfig.VARIABLE + ": not set; the operator sets it in the Jobs that it makes");
    }
    try {
      AgentConfig config = ReportCodec.read(json, AgentConfig.class);
      if (config == null) {
        throw new IOException("it says nothing");
      }
      return new AgentContext(
          config,
          Clock.systemUTC(),
          AgentFiles.mounted(environment),
          new StepLog(log, environment)::step);
    } catch (IOException unreadable) {
      throw AgentException.usage(
          AgentConfig.VARIABLE + ": cannot be read: " + unreadable.getMessage());
    }
  }

  /** What the agent was told. */
  AgentConfig config() {
    return config;
  }

  /** The time. */
  Clock clock() {
    return clock;
  }

  /** Where files are. */
  AgentFiles files() {
    return files;
  }

  /** What is shared with the database tools of the same pod. */
  Pipes pipes() {
    return pipes;
  }

  /** Logs one step; never a secret. */
  void step(String text, Object... arguments) {
    steps.accept(text.formatted(arguments));
  }

  /**
   * What encrypts and decrypts, if the hub wants encryption at rest.
   *
   * @throws AgentException EncryptionKeyMissing or EncryptionKeyBad
   */
  Optional<Encryption> encryption() throws IOException {
    return config.encrypted()
        ? Optional.of(Encryption.read(files.encryptionKey()))
        : Optional.empty();
  }

  /** The bucket, if the hub has one. For several threads. */
  synchronized Optional<Archive> bucket() throws StoreException {
    AgentConfig.Bucket told = config.bucket();
    if (bucket == null && told != null) {
      bucket =
          new Archive(
              "bucket " + told.bucket(),
              S3ObjectStore.open(told, files.storeCredentials(), files.storeAuthority()),
              new Layout(told.prefix()));
    }
    return Optional.ofNullable(bucket);
  }

  /** The bucket for media. */
  synchronized ConditionalStore media(AgentConfig.Offload told) throws StoreException {
    if (media == null) {
      media =
          S3ObjectStore.open(
              told.bucket(),
              told.ownCredentials() ? files.offloadCredentials() : files.storeCredentials(),
              files.storeAuthority());
    }
    return media;
  }

  /**
   * A bucket that this run has asked.
   *
   * @param id of the store
   * @param place the bucket with the prefix, which two stores may share
   */
  record Asked(String id, String place, ConditionalStore store, String prefix) {}

  /** The buckets that this run has asked so far. */
  synchronized List<Asked> asked() {
    List<Asked> all = new ArrayList<>();
    bookBucket().ifPresent(all::add);
    AgentConfig.Offload offload = config.offload();
    if (media != null && offload != null) {
      all.add(asked("media", offload.bucket(), media));
    }
    return List.copyOf(all);
  }

  /** The bucket with the book of what is used; empty as long as it was not asked. */
  synchronized Optional<Asked> bookBucket() {
    AgentConfig.Bucket told = config.bucket();
    return bucket != null && told != null && bucket.store() instanceof ConditionalStore store
        ? Optional.of(asked("backups", told, store))
        : Optional.empty();
  }

  private static Asked asked(String id, AgentConfig.Bucket told, ConditionalStore store) {
    return new Asked(id, told.bucket() + "/" + told.prefix(), store, told.prefix());
  }

  /** The local volume, if the hub asks for copies there. Its keys have no prefix. */
  Optional<Archive> local() throws StoreException {
    String directory = config.localDirectory();
    if (local == null && directory != null) {
      local =
          new Archive("the local volume", DirectoryStore.open(Path.of(directory)), new Layout(""));
    }
    return Optional.ofNullable(local);
  }

  /**
   * Where backups go, the bucket before the local volume.
   *
   * @return at least one
   * @throws AgentException StoreMissing if there is neither
   */
  List<Archive> archives() throws IOException {
    List<Archive> all = new ArrayList<>();
    bucket().ifPresent(all::add);
    local().ifPresent(all::add);
    if (all.isEmpty()) {
      throw new AgentException(
          "StoreMissing",
          "there is neither a bucket nor a local volume for backups; give the hub spec.objectStore"
              + " or spec.backup.localVolume");
    }
    return List.copyOf(all);
  }

  /** The archive that counts: the bucket if there is one. */
  Archive archive() throws IOException {
    return archives().get(0);
  }

  /** That all went well. */
  Report succeeded(String message) {
    return report(true, "Succeeded", message);
  }

  /** That it did not. */
  Report failed(String reason, String message) {
    return report(false, reason, message);
  }

  /** What became of a command that threw. */
  Report failed(Throwable failure) {
    return Agent.failure(failure, now());
  }

  /** The time in whole seconds. */
  Instant now() {
    return Instant.ofEpochSecond(clock.instant().getEpochSecond());
  }

  private Report report(boolean succeeded, String reason, String message) {
    return Report.of(succeeded, reason, message, now());
  }

  @Override
  public void close() {
    if (bucket != null) {
      bucket.store().close();
    }
    if (local != null) {
      local.store().close();
    }
    if (media != null) {
      media.close();
    }
  }
}
