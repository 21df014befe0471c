package io.sanadflow.studyhub.model;

import io.sanadflow.studyhub.backup.OffloadLayout;
import io.sanadflow.studyhub.backup.OffloadMode;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Where and when the media of a hub move.
 *
 * @param store the bucket for media, with the endpoint of the object store
 * @param own whether it has credentials of its own
 * @param threshold what all volumes may hold before media move, in bytes
 * @param grace how long local copies stay after the app has moved
 * @param env the app's variables for the bucket, each a text in which names in braces are filled in
 * @param bandwidth how many bytes a second are copied at most; 0 for no bound
 * @param gateway the server that an app reads through which keeps to its volume
 */
public record Offload(
    Hub.ObjectStore store,
    boolean own,
    OffloadMode mode,
    long threshold,
    Duration grace,
    SortedMap<String, String> env,
    long bandwidth,
    Optional<Gateway> gateway) {

  /**
   * The read gateway.
   *
   * @param signed whether each request must be signed
   * @param maxAge how long answers may be kept without asking again
   */
  public record Gateway(boolean signed, Duration maxAge) {

    /** Its memory limit; 64 MiB of anonymous memory and the files that it reads. */
    public static final long MEMORY = 128L << 20;
  }

  /** The memory limits of what serves media, in bytes. */
  long memory() {
    return gateway.isPresent() ? Gateway.MEMORY : 0;
  }

  /** What the keys of the app's media start with. */
  public String filesPrefix() {
    return new OffloadLayout(store.prefix()).files();
  }
}
