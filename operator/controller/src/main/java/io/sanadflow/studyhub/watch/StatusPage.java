package io.sanadflow.studyhub.watch;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** The page of all public hubs, for people: HTML without a script. */
final class StatusPage {

  private static final int INCIDENTS = 10;

  private static final int BAR = 10;

  private static final int HEIGHT = 34;

  private StatusPage() {}

  static String html(List<Shown> hubs, Instant now) {
    StringBuilder out = new StringBuilder(2048 + 2048 * hubs.size());
    out.append(
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>Status of the study hubs</title>
        <link rel="stylesheet" href="/status/style.css">
        """);
    hubs.forEach(
        it ->
            out.append("<link rel=\"alternate\" type=\"application/atom+xml\" title=\"")
                .append(Markup.text(it.hub().name()))
                .append("\" href=\"")
                .append(path(it, "feed.atom"))
                .append("\">\n"));
    out.append("</head>\n<body>\n<header>\n<h1>Status of the study hubs</h1>\n<p class=\"sum\">")
        .append(summary(hubs))
        .append("</p>\n<p class=\"when\">As of ")
        .append(Markup.time(now))
        .append("</p>\n</header>\n<main>\n");
    if (!hubs.isEmpty()) {
      // The gaps between days, drawn once for all.
      out.append(
          """
          <svg class="defs" aria-hidden="true" width="0" height="0"><defs>
          <pattern id="gaps" width="10" height="34" patternUnits="userSpaceOnUse"><rect x="8" width="2" height="34" class="gap"/></pattern>
          </defs></svg>
          """);
    }
    hubs.forEach(it -> hub(out, it, now));
    out.append(
        """
        </main>
        <footer>
        <p>Each day is a day of UTC. Time in which nothing was measured, and maintenance, is neither up nor down.</p>
        </footer>
        </body>
        </html>
        """);
    return out.toString();
  }

  private static String summary(List<Shown> hubs) {
    if (hubs.isEmpty()) {
      return "No hub is public.";
    }
    String unwell =
        hubs.stream()
            .filter(it -> it.state() != Shown.State.UP)
            .map(
                it ->
                    Markup.text(it.hub().name())
                        + " is "
                        + it.state().text().toLowerCase(java.util.Locale.ROOT))
            .collect(Collectors.joining(", "));
    return unwell.isEmpty()
        ? hubs.size() == 1 ? "The hub is up." : "All " + hubs.size() + " hubs are up."
        : unwell + ".";
  }

  private static String path(Shown hub, String file) {
    return "/status/" + hub.hub().namespace() + "/" + hub.hub().name() + "/" + file;
  }

  private static void hub(StringBuilder out, Shown shown, Instant now) {
    String name = Markup.text(shown.hub().name());
    String id = Markup.text(shown.hub().namespace() + "." + shown.hub().name());
    out.append("<section class=\"hub\" aria-labelledby=\"")
        .append(id)
        .append("\">\n<h2 id=\"")
        .append(id)
        .append("\">")
        .append(name)
        .append(" <small>")
        .append(Markup.text(shown.hub().namespace()))
        .append("</small></h2>\n<p class=\"state ")
        .append(shown.state().style())
        .append("\">")
        .append(shown.state().text())
        .append("</p>\n");
    bars(out, shown, name);
    out.append("<dl>\n");
    fact(out, "Uptime, 30 days", shown.uptime(Duration.ofDays(30)));
    fact(out, "Uptime, 90 days", shown.uptime(Shown.MEMORY));
    fact(out, "Target", shown.target());
    fact(out, "Error budget left", shown.budgetLeft());
    fact(
        out,
        "Last backup",
        shown
            .lastBackup()
            .map(it -> Markup.duration(Duration.between(it, now)) + " ago, " + Markup.time(it))
            .orElse("none"));
    fact(
        out,
        "Last restore drill",
        shown
            .lastDrill()
            .map(
                it ->
                    !Boolean.TRUE.equals(it.succeeded())
                        ? "failed"
                        : it.recoveryTime() == null
                            ? "succeeded"
                            : "restored in " + Markup.text(it.recoveryTime()))
            .orElse("none"));
    out.append("</dl>\n");
    incidents(out, shown, now);
    out.append("<p class=\"links\"><a href=\"")
        .append(path(shown, "feed.atom"))
        .append("\">Feed of ")
        .append(name)
        .append("</a> <a href=\"")
        .append(path(shown, "badge.svg"))
        .append("\">Badge of ")
        .append(name)
        .append("</a></p>\n</section>\n");
  }

  private static void fact(StringBuilder out, String term, String html) {
    out.append("<div><dt>").append(term).append("</dt><dd>").append(html).append("</dd></div>\n");
  }

  private static void bars(StringBuilder out, Shown shown, String name) {
    List<Days> days = shown.days();
    if (days.isEmpty()) {
      return;
    }
    long bad = days.stream().filter(it -> !it.down().isZero()).count();
    out.append("<svg class=\"bars\" role=\"img\" viewBox=\"0 0 ")
        .append(Days.SHOWN * BAR)
        .append(" ")
        .append(HEIGHT)
        .append("\" preserveAspectRatio=\"none\" aria-label=\"The last 90 days of ")
        .append(name)
        .append(": ")
        .append(
            bad == 0 ? "no outage" : bad == 1 ? "one day with outages" : bad + " days with outages")
        .append("\">\n");
    int x = 0;
    for (Days it : days) {
      out.append("<rect x=\"")
          .append(x)
          .append("\" width=\"")
          .append(it.count() * BAR)
          .append("\" height=\"34\" class=\"")
          .append(it.kind())
          .append("\"><title>")
          .append(it.from().equals(it.to()) ? it.from() : it.from() + " to " + it.to())
          .append(": ")
          .append(words(it))
          .append("</title></rect>\n");
      x += it.count() * BAR;
    }
    out.append("<rect width=\"900\" height=\"34\" fill=\"url(#gaps)\" pointer-events=\"none\"/>\n")
        .append("</svg>\n<p class=\"scale\" aria-hidden=\"true\"><span>90 days ago</span>")
        .append("<span>today</span></p>\n");
  }

  private static String words(Days days) {
    return switch (days.kind()) {
      case "up" -> "up";
      case "none" -> "not known";
      default -> "down for " + Markup.duration(days.down());
    };
  }

  private static void incidents(StringBuilder out, Shown shown, Instant now) {
    List<Shown.Incident> all = shown.incidents();
    out.append("<h3>Incidents</h3>\n");
    if (all.isEmpty()) {
      out.append("<p>None in the last 90 days.</p>\n");
      return;
    }
    out.append("<ul class=\"incidents\">\n");
    all.stream()
        .limit(INCIDENTS)
        .forEach(
            it ->
                out.append("<li>")
                    .append(Markup.time(it.start()))
                    .append(it.end().map(end -> " to " + Markup.time(end)).orElse(", goes on"))
                    .append(", ")
                    .append(Markup.duration(it.length(now)))
                    .append(": ")
                    .append(Markup.text(it.reason()))
                    .append("</li>\n"));
    out.append("</ul>\n");
    if (all.size() > INCIDENTS) {
      out.append("<p>").append(all.size() - INCIDENTS).append(" older ones are in the feed.</p>\n");
    }
  }
}
