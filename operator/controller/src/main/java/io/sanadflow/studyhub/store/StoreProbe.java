package io.sanadflow.studyhub.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * Tries everything that backups ask of a store, under keys of its own that it deletes at the end: a
 * store that fails at the first restore is no store.
 */
public final class StoreProbe {

  private static final int KEY_CHARACTERS = 8;

  private final ObjectStore store;
  private final String directory;
  private final List<String> notes = new ArrayList<>();
  private long slowestNanos;

  private StoreProbe(ObjectStore store, String directory) {
    this.store = store;
    this.directory = directory;
  }

  /**
   * What was found.
   *
   * @param slowestMillis of the slowest request
   * @param notes what the store does otherwise, though backups can do without
   */
  public record Result(long slowestMillis, List<String> notes) {}

  /**
   * Probes a store.
   *
   * @param prefix beneath which the probe works, without a slash at the end; empty for none
   * @throws StoreException with the reason of the first request that failed, its message starting
   *     with what was tried
   */
  public static Result run(ObjectStore store, String prefix, Clock clock) throws StoreException {
    String name = UUID.randomUUID().toString().substring(0, KEY_CHARACTERS);
    String directory =
        (prefix.isEmpty() ? "" : prefix + "/")
            + "probe/"
            + clock.instant().getEpochSecond()
            + "-"
            + name
            + "/";
    StoreProbe probe = new StoreProbe(store, directory);
    try {
      probe.all();
    } catch (StoreException failed) {
      probe.leaveNothing(failed);
      throw failed;
    }
    return new Result(probe.slowestNanos / 1_000_000, List.copyOf(probe.notes));
  }

  private interface Step<T> {
    T take() throws IOException;
  }

  private <T> T step(String what, Step<T> step) throws StoreException {
    long start = System.nanoTime();
    try {
      return step.take();
    } catch (StoreException failed) {
      throw new StoreException(failed.reason(), what + ": " + failed.getMessage(), failed);
    } catch (IOException failed) {
      throw new StoreException("Unreachable", what + ": " + failed.getMessage(), failed);
    } finally {
      slowestNanos = Math.max(slowestNanos, System.nanoTime() - start);
    }
  }

  private void all() throws StoreException {
    String small = directory + "small";
    String parts = directory + "parts";
    byte[] content = ("the probe of backups, " + directory).getBytes(StandardCharsets.UTF_8);
    try {
      step(
          "storing an object",
          () -> {
            store.put(small, content);
            return content;
          });
    } catch (StoreException refused) {
      throw refused.reason().equals("AccessDenied") && mayRead() ? readOnly(refused) : refused;
    }
    byte[] other = "another probe".getBytes(StandardCharsets.UTF_8);
    boolean replaced = step("storing with If-None-Match", () -> store.putIfAbsent(small, other));
    if (replaced) {
      notes.add(
          "it passes over If-None-Match, so nothing keeps two hubs that start at the same moment"
              + " from one prefix; give each its own");
    }
    byte[] read = step("reading an object", () -> whole(small));
    if (!Arrays.equals(read, replaced ? other : content)) {
      throw wrong("reading an object", "other bytes came back than were stored");
    }
    multipart(parts);
    List<ObjectStore.Stored> listed = step("listing objects", () -> store.list(directory));
    if (listed.size() != 2) {
      throw wrong("listing objects", "of two objects stored " + listed.size() + " are listed");
    }
    step(
        "deleting objects",
        () -> {
          store.delete(List.of(small, parts));
          return small;
        });
    if (step("asking for an object", () -> store.head(small)).isPresent()) {
      throw wrong("deleting objects", "an object is still there after it was deleted");
    }
  }

  private void multipart(String key) throws StoreException {
    long length =
        step(
            "storing an object in two equal parts",
            () -> {
              try (ObjectStore.Upload upload = store.upload(key)) {
                byte[] block = new byte[64 * 1024];
                for (int left = 2 * ObjectStore.PART_BYTES; left > 0; left -= block.length) {
                  upload.write(block, 0, block.length);
                }
                return upload.complete().bytes();
              }
            });
    long stored =
        step(
            "asking for an object",
            () -> store.head(key).map(ObjectStore.Stored::bytes).orElse(-1L));
    if (stored != length || length != 2L * ObjectStore.PART_BYTES) {
      throw wrong(
          "storing an object in two equal parts",
          "it has " + stored + " bytes, not " + 2L * ObjectStore.PART_BYTES);
    }
  }

  private boolean mayRead() {
    try {
      store.list(directory);
      return true;
    } catch (StoreException denied) {
      return false;
    }
  }

  private static StoreException readOnly(StoreException refused) {
    return new StoreException(
        "ReadOnlyToken",
        "storing an object: the token may read the bucket, but not write to it; put one that may"
            + " both into the Secret of spec.objectStore.credentialsSecret (R2: Object Read & Write)",
        refused);
  }

  private byte[] whole(String key) throws IOException {
    try (var stream = store.get(key)) {
      return stream.readAllBytes();
    }
  }

  private static StoreException wrong(String what, String found) {
    return new StoreException(
        "StoreUnfaithful",
        what + ": " + found + "; the store does not keep what S3 promises: use another");
  }

  /** After a failure: what was stored is deleted if it can be, and the failure stays the cause. */
  private void leaveNothing(StoreException failed) {
    try {
      store.delete(List.of(directory + "small", directory + "parts"));
    } catch (StoreException remains) {
      failed.addSuppressed(remains);
    }
  }
}
