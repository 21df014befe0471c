package io.sanadflow.studyhub.gateway;

import io.sanadflow.studyhub.backup.MediaFile;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The path of a medium beneath the volume, read from a URL. What could lead out of the volume, or
 * to what is not the app's, is no path.
 *
 * @param names of the directories, and at the end of the file
 */
record MediaPath(List<String> names) {

  private static final int HEX = 16;

  /**
   * Reads a path.
   *
   * @param raw as it was sent, percent-encoded, with a slash at its start
   */
  static Optional<MediaPath> of(String raw) {
    if (!raw.startsWith("/")) {
      return Optional.empty();
    }
    // Split before it is decoded: a slash that is encoded is none of the path's.
    String[] parts = raw.substring(1).split("/", -1);
    String[] names = new String[parts.length];
    for (int i = 0; i < parts.length; i++) {
      Optional<String> name = decoded(parts[i]).filter(MediaPath::isName);
      if (name.isEmpty()) {
        return Optional.empty();
      }
      names[i] = name.get();
    }
    return MediaFile.isOwn(names[0])
        ? Optional.empty()
        : Optional.of(new MediaPath(List.of(names)));
  }

  /** The name of the file. */
  String name() {
    return names.get(names.size() - 1);
  }

  /** With slashes, and without one at its start. */
  String text() {
    return String.join("/", names);
  }

  private static boolean isName(String name) {
    return !name.isEmpty()
        && !name.equals(".")
        && !name.equals("..")
        && name.indexOf('/') < 0
        && name.indexOf('\0') < 0;
  }

  private static Optional<String> decoded(String part) {
    byte[] encoded = part.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length);
    for (int at = 0; at < encoded.length; at++) {
      if (encoded[at] != '%') {
        bytes.write(encoded[at]);
        continue;
      }
      int high = at + 2 <= encoded.length - 1 ? Character.digit(encoded[at + 1], HEX) : -1;
      int low = at + 2 <= encoded.length - 1 ? Character.digit(encoded[at + 2], HEX) : -1;
      if (high < 0 || low < 0) {
        return Optional.empty();
      }
      bytes.write(high * HEX + low);
      at += 2;
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes.toByteArray()))
              .toString());
    } catch (CharacterCodingException noText) {
      return Optional.empty();
    }
  }
}
