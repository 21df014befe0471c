package io.sanadflow.studyhub.watch;

import io.sanadflow.studyhub.api.v1alpha1.StudyHubStatus;
import java.time.Duration;
import java.time.Instant;

/** What the status page offers of one hub: a feed of its incidents and a badge. */
final class StatusFiles {

  private static final int CHARACTER = 7;

  private StatusFiles() {}

  /** Atom; an incident that ends is updated, and keeps its id. */
  static String feed(Shown shown) {
    String id = "tag:studyhub," + "2026:" + shown.hub().namespace() + "/" + shown.hub().name();
    Instant first = shown.hub().uptime().map(it -> Instant.parse(it.since())).orElse(Instant.EPOCH);
    Instant updated =
        shown.incidents().stream()
            .map(it -> it.end().orElse(it.start()))
            .max(Instant::compareTo)
            .orElse(first);
    StringBuilder out = new StringBuilder();
    out.append("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n")
        .append("<feed xmlns=\"http://www.w3.org/2005/Atom\">\n<title>Status of ")
        .append(Markup.text(shown.hub().name()))
        .append("</title>\n<id>")
        .append(Markup.text(id))
        .append("</id>\n<updated>")
        .append(updated)
        .append("</updated>\n<author><name>StudyHub operator</name></author>\n");
    for (Shown.Incident it : shown.incidents()) {
      out.append("<entry><title>")
          .append(Markup.text(shown.hub().name()))
          .append(it.end().isPresent() ? " was down" : " is down")
          .append("</title><id>")
          .append(Markup.text(id))
          .append("/")
          .append(it.start())
          .append("</id><published>")
          .append(it.start())
          .append("</published><updated>")
          .append(it.end().orElse(it.start()))
          .append("</updated><content>From ")
          .append(it.start())
          .append(
              it.end()
                  .map(
                      end ->
                          " to " + end + ", " + Markup.duration(Duration.between(it.start(), end)))
                  .orElse(""))
          .append(": ")
          .append(Markup.text(it.reason()))
          .append("</content></entry>\n");
    }
    return out.append("</feed>\n").toString();
  }

  /** The state and the uptime of 30 days. */
  static String badge(Shown shown) {
    String left = shown.hub().name();
    String right =
        shown.state().text().toLowerCase(java.util.Locale.ROOT)
            + shown
                .hub()
                .uptime()
                .map(StudyHubStatus.Uptime::state)
                .filter(it -> !it.equals("Suspended"))
                .map(it -> ", " + shown.uptime(Duration.ofDays(30)))
                .orElse("");
    String color =
        switch (shown.state()) {
          case UP -> "#1a7f37";
          case DEGRADED -> "#9a6700";
          case DOWN -> "#cf222e";
          default -> "#57606a";
        };
    int leftWidth = left.length() * CHARACTER + 12;
    int rightWidth = right.length() * CHARACTER + 12;
    int width = leftWidth + rightWidth;
    return """
        <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="20" role="img" aria-label="%2$s: %3$s">
        <title>%2$s: %3$s</title>
        <rect width="%1$d" height="20" rx="3" fill="#30363d"/>
        <path d="M%4$d 0h%5$dv20h-%5$dz" fill="%6$s"/>
        <g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
        <text x="%7$d" y="14">%2$s</text><text x="%8$d" y="14">%3$s</text>
        </g>
        </svg>
        """
        .formatted(
            width,
            Markup.text(left),
            Markup.text(right),
            leftWidth,
            rightWidth,
            color,
            leftWidth / 2,
            leftWidth + rightWidth / 2);
  }
}
