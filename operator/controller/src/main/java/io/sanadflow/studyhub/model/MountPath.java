package io.sanadflow.studyhub.model;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** An absolute path in the app's container, without what does not change where it leads. */
final class MountPath {

  /** What the operator mounts there itself, and what the container runtime does. */
  private static final List<String> TAKEN =
      List.of("/tmp", "/etc/studyhub", "/proc", "/sys", "/dev", "/run/secrets", "/var/run/secrets");

  private MountPath() {}

  /** The path without empty parts, {@code .} and {@code ..}; {@code /} at least. */
  static String normal(String path) {
    Deque<String> parts = new ArrayDeque<>();
    for (String part : path.split("/")) {
      if (part.equals("..")) {
        parts.pollLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return "/" + String.join("/", parts);
  }

  /** Whether a volume there would hide what is mounted already, or be hidden by it. */
  static boolean taken(String normal) {
    return TAKEN.stream().anyMatch(it -> within(it, normal) || within(normal, it));
  }

  private static boolean within(String path, String parent) {
    return parent.equals("/") || (path + "/").startsWith(parent + "/");
  }
}
