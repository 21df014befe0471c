package io.sanadflow.studyhub.agent;

import io.sanadflow.studyhub.backup.Layout;
import io.sanadflow.studyhub.store.ObjectStore;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * One object on its way to several destinations in one pass. Closing it without {@link #complete}
 * gives it up everywhere.
 */
final class Copies implements AutoCloseable {

  private final Destinations destinations;
  private final Map<Destination, ObjectStore.Upload> uploads = new LinkedHashMap<>();
  private final MessageDigest digest = sha256Digest();
  private long bytes;
  private boolean complete;

  private Copies(Destinations destinations) {
    this.destinations = destinations;
  }

  static Copies open(
      Destinations destinations, List<Destination> working, Function<Layout, String> key)
      throws IOException {
    Copies copies = new Copies(destinations);
    for (Destination destination : working) {
      try {
        copies.uploads.put(
            destination, destination.store().upload(key.apply(destination.layout())));
      } catch (IOException failed) {
        destination.fail(failed);
      }
    }
    destinations.check();
    return copies;
  }

  /** What takes the content as it is to be stored. Closing it has no effect. */
  OutputStream sink() {
    return new OutputStream() {
      @Override
      public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
      }

      @Override
      public void write(byte[] from, int offset, int length) throws IOException {
        Copies.this.write(from, offset, length);
      }
    };
  }

  private void write(byte[] from, int offset, int length) throws IOException {
    digest.update(from, offset, length);
    bytes += length;
    each(upload -> upload.write(from, offset, length));
  }

  /** Makes the object visible where nothing failed; at least somewhere. */
  void complete() throws IOException {
    each(ObjectStore.Upload::complete);
    complete = true;
  }

  /** The bytes that were written. */
  long bytes() {
    return bytes;
  }

  /** The SHA-256 of what was written, in hexadecimal; to be asked once, at the end. */
  String sha256() {
    return HexFormat.of().formatHex(digest.digest());
  }

  private interface Step {
    void with(ObjectStore.Upload upload) throws IOException;
  }

  private void each(Step step) throws IOException {
    for (Map.Entry<Destination, ObjectStore.Upload> one : uploads.entrySet()) {
      if (one.getKey().takesPart()) {
        try {
          step.with(one.getValue());
        } catch (IOException failed) {
          one.getKey().fail(failed);
          giveUp(one.getValue());
        }
      }
    }
    destinations.check();
  }

  @Override
  public void close() {
    for (Map.Entry<Destination, ObjectStore.Upload> one : uploads.entrySet()) {
      if (!complete || one.getKey().takesPart()) {
        giveUp(one.getValue());
      }
    }
  }

  private static void giveUp(ObjectStore.Upload upload) {
    try {
      upload.close();
    } catch (IOException left) {
      // Nobody sees it, and the next prune aborts what is left.
    }
  }

  /** A digest for SHA-256. */
  static MessageDigest sha256Digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
