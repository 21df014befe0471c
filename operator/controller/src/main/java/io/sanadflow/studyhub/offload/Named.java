package io.sanadflow.studyhub.offload;

import java.util.ArrayList;
import java.util.List;

/** How many files something befell, and the names of the first; for several threads. */
final class Named {

  private static final int MOST = 3;

  private final List<String> first = new ArrayList<>();
  private long count;

  /** One more. */
  synchronized void add(String path) {
    if (count++ < MOST) {
      first.add("'" + path.replaceAll("\\p{Cntrl}", "?") + "'");
    }
  }

  /** How many. */
  synchronized long count() {
    return count;
  }

  /** Such as {@code 'a', 'b', 'c', …}. */
  @Override
  public synchronized String toString() {
    return String.join(", ", first) + (count > MOST ? ", …" : "");
  }
}
