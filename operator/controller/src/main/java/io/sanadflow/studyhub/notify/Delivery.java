package io.sanadflow.studyhub.notify;

import java.util.Map;
import java.util.Optional;

/**
 * Something to be sent.
 *
 * @param key of its sender and receiver, which have one under way at a time
 * @param id of what is sent, the same at each attempt
 * @param version a text that changes when the destination may have
 * @param body sent by POST as JSON; a GET where there is none
 */
public record Delivery(
    String key,
    String id,
    String version,
    Destination destination,
    Map<String, String> headers,
    Optional<byte[]> body) {

  @Override
  public String toString() {
    return "Delivery[" + key + " " + id + "]";
  }
}
