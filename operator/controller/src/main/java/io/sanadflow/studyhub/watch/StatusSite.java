package io.sanadflow.studyhub.watch;

import io.sanadflow.studyhub.model.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The status page and what belongs to it, all below {@code /status}, so that an Ingress can make
 * this part public and nothing else. A hub that is not public is answered for as one that is not
 * there.
 */
public final class StatusSite {

  /** How long an answer may be kept, by clients and here. */
  public static final Duration FRESH = Duration.ofSeconds(10);

  /** What pages may load: their own style sheet. */
  public static final String POLICY =
      "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'";

  private static final Pattern FILE =
      Pattern.compile("/status/([^/]+)/([^/]+)/(feed\\.atom|badge\\.svg)");

  /**
   * An answer of 200.
   *
   * @param tag changes with the body, in quotes as ETag wants it
   */
  public record Page(String type, String body, String tag) {
    static Page of(String type, String body) {
      return new Page(type, body, "\"" + Sha256.hex(body, 12) + "\"");
    }
  }

  private record Kept(Page page, Instant until) {}

  private final HubSource hubs;
  private final Clock clock;
  private final Page style;
  private @Nullable Kept kept;

  /** The site of these hubs. */
  public StatusSite(HubSource hubs, Clock clock) {
    this.hubs = hubs;
    this.clock = clock;
    try (InputStream in =
        Objects.requireNonNull(StatusSite.class.getResourceAsStream("status.css"))) {
      style =
          Page.of("text/css; charset=utf-8", new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** What is at a path; empty for whatever is not there or not public. */
  public Optional<Page> page(String path) {
    if (path.equals("/status") || path.equals("/status/")) {
      return Optional.of(front());
    }
    if (path.equals("/status/style.css")) {
      return Optional.of(style);
    }
    Matcher file = FILE.matcher(path);
    if (!file.matches()) {
      return Optional.empty();
    }
    return hubs.find(file.group(1), file.group(2))
        .flatMap(Shown::of)
        .map(
            it ->
                file.group(3).equals("badge.svg")
                    ? Page.of("image/svg+xml", StatusFiles.badge(it))
                    : Page.of("application/atom+xml; charset=utf-8", StatusFiles.feed(it)));
  }

  /** Made at most once in ten seconds, however many ask. */
  private synchronized Page front() {
    Instant now = clock.instant();
    if (kept == null || !now.isBefore(kept.until())) {
      List<Shown> shown = hubs.all().stream().flatMap(it -> Shown.of(it).stream()).toList();
      kept =
          new Kept(
              Page.of("text/html; charset=utf-8", StatusPage.html(shown, now)), now.plus(FRESH));
    }
    return kept.page();
  }
}
