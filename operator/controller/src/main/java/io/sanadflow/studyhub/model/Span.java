package io.sanadflow.studyhub.model;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** A time from one moment until just before another. */
public record Span(Instant from, Instant to) {

  /** How long it is; nothing where it ends before it begins. */
  public Duration length() {
    return to.isAfter(from) ? Duration.between(from, to) : Duration.ZERO;
  }

  /** The part of it that is in another. */
  public Span within(Span other) {
    return new Span(
        from.isAfter(other.from) ? from : other.from, to.isBefore(other.to) ? to : other.to);
  }

  /** The same time without overlaps, in order. */
  public static List<Span> union(Collection<Span> spans) {
    List<Span> found = new ArrayList<>();
    List<Span> sorted =
        spans.stream()
            .filter(it -> !it.length().isZero())
            .sorted(Comparator.comparing(Span::from))
            .toList();
    for (Span span : sorted) {
      Span last = found.isEmpty() ? null : found.get(found.size() - 1);
      if (last == null || span.from().isAfter(last.to())) {
        found.add(span);
      } else if (span.to().isAfter(last.to())) {
        found.set(found.size() - 1, new Span(last.from(), span.to()));
      }
    }
    return found;
  }

  /** What of some spans is in none of others. */
  public static List<Span> without(Collection<Span> spans, Collection<Span> others) {
    List<Span> left = union(spans);
    for (Span other : union(others)) {
      List<Span> next = new ArrayList<>();
      for (Span span : left) {
        if (!other.to().isAfter(span.from()) || !other.from().isBefore(span.to())) {
          next.add(span);
        } else {
          next.add(new Span(span.from(), other.from()));
          next.add(new Span(other.to(), span.to()));
        }
      }
      left = next.stream().filter(it -> !it.length().isZero()).toList();
    }
    return left;
  }

  /** The length of all together. */
  public static Duration sum(Collection<Span> spans) {
    return spans.stream().map(Span::length).reduce(Duration.ZERO, Duration::plus);
  }
}
