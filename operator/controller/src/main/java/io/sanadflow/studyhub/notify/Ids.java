package io.sanadflow.studyhub.notify;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/** Ids of messages: those of the same message are the same, those of any two others differ. */
final class Ids {

  private Ids() {}

  static String of(String hub, String receiver, Instant time, Object content) {
    String text = hub + '\n' + receiver + '\n' + time + '\n' + Objects.toString(content);
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
  }
}
