package io.sanadflow.studyhub.offload;

import java.util.Arrays;
import java.util.Optional;

/** Where all pods of the app keep media at this moment. */
public enum Place {
  /** On the volume. */
  VOLUME("Volume"),
  /** In the bucket. */
  BUCKET("Bucket"),
  /**
   * On the volume, where it writes; it reads through the gateway, be they there or in the bucket.
   */
  GATEWAY("Gateway");

  private final String word;

  Place(String word) {
    this.word = word;
  }

  /** The place of a word of the command line: Volume, Bucket or Gateway. */
  public static Optional<Place> of(String word) {
    return Arrays.stream(values()).filter(it -> it.word.equals(word)).findFirst();
  }

  @Override
  public String toString() {
    return word;
  }
}
