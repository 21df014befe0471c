package io.sanadflow.studyhub.agent;

/**
 * A set of SHA-256 sums, of which it keeps the first half: 16 bytes each, so that those of 100,000
 * media files take 2 MB of the heap and not 14. Two files would have to agree in 128 bits to be
 * taken for one.
 */
final class ContentSums {

  private static final int FIRST = 1 << 10;

  /** Pairs; a pair of zeros is free. */
  private long[] slots = new long[2 * FIRST];

  private int size;

  /** Adds a sum. */
  void add(String sha256) {
    if (size >= slots.length / 2 / 5 * 4) {
      grow();
    }
    put(half(sha256, 0), half(sha256, 16));
  }

  /** Whether a sum was added. */
  boolean contains(String sha256) {
    long first = half(sha256, 0);
    long second = half(sha256, 16);
    int at = slot(first, second);
    return slots[at] == first && slots[at + 1] == second;
  }

  /** How many there are. */
  int size() {
    return size;
  }

  /** Whether a text is a sum, and not the name of something else. */
  static boolean isSum(String text) {
    return text.length() == 64
        && text.chars().allMatch(it -> (it >= '0' && it <= '9') || (it >= 'a' && it <= 'f'));
  }

  private static long half(String sha256, int from) {
    if (!isSum(sha256)) {
      throw new IllegalArgumentException("not a SHA-256 in hexadecimal: " + sha256);
    }
    long half = Long.parseUnsignedLong(sha256, from, from + 16, 16);
    // Zeros stand for a free slot.
    return half == 0 ? 1 : half;
  }

  /** Where a pair is, or would be. */
  private int slot(long first, long second) {
    int pairs = slots.length / 2;
    int at = (int) Long.remainderUnsigned(first, pairs);
    while (slots[2 * at] != 0 && (slots[2 * at] != first || slots[2 * at + 1] != second)) {
      at = (at + 1) % pairs;
    }
    return 2 * at;
  }

  private void put(long first, long second) {
    int at = slot(first, second);
    if (slots[at] == 0) {
      slots[at] = first;
      slots[at + 1] = second;
      size++;
    }
  }

  private void grow() {
    long[] before = slots;
    slots = new long[2 * before.length];
    size = 0;
    for (int at = 0; at < before.length; at += 2) {
      if (before[at] != 0) {
        put(before[at], before[at + 1]);
      }
    }
  }
}
