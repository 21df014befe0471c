package io.sanadflow.studyhub.model;

import io.sanadflow.studyhub.backup.OffloadLayout;
import io.sanadflow.studyhub.backup.OffloadMode;
import java.time.Duration;
import java.util.SortedMap;

/**
 * Where and when the media of a hub move.
 *
 * @param store the bucket for media, with the endpoint of the object store
 * @param own whether it has credentials of its own
 * @param threshold what all volumes may hold before media move, in bytes
 * @param grace how long local copies stay after the app has moved
 * @param env the app's variables for the bucket, each a text in which names in braces are filled in
 */
public record Offload(
    Hub.ObjectStore store,
    boolean own,
    OffloadMode mode,
    long threshold,
    Duration grace,
    SortedMap<String, String> env) {

  /** What the keys of the app's media start with. */
  public String filesPrefix() {
    return new OffloadLayout(store.prefix()).files();
  }
}
