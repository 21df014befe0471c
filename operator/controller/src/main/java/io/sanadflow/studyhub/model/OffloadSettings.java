package io.sanadflow.studyhub.model;

import io.sanadflow.studyhub.api.v1alpha1.NameRef;
import io.sanadflow.studyhub.api.v1alpha1.OffloadSpec;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubSpec;
import io.sanadflow.studyhub.backup.OffloadMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads where and when media move, and by which variables the app is told. */
public final class OffloadSettings {

  /** A name in braces, which is filled in. */
  public static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)\\}");

  /** What can be filled in; the last two come from the Secret. */
  private static final Set<String> KNOWN =
      Set.of("endpoint", "region", "bucket", "prefix", "accessKeyId", "secretAccessKey");

  /** Those that are all of a variable's value, since they come from a Secret. */
  private static final Set<String> SECRET = Set.of("accessKeyId", "secretAccessKey");

  /** The names that the hub image and most clients of S3 know. */
  private static final Map<String, String> DEFAULT =
      Map.of(
          "S3_ENDPOINT", "{endpoint}",
          "S3_REGION", "{region}",
          "S3_BUCKET", "{bucket}",
          "S3_PREFIX", "{prefix}",
          "AWS_ACCESS_KEY_ID", "{accessKeyId}",
          "AWS_SECRET_ACCESS_KEY", "{secretAccessKey}");

  private static final Duration YEAR = Duration.ofDays(365);

  private OffloadSettings() {}

  /** Offload, if it is asked for and there is a store to take the media to. */
  static Optional<Offload> of(StudyHubSpec spec, Optional<Hub.ObjectStore> store, Reading reading) {
    OffloadSpec offload = spec.offload();
    if (offload == null) {
      return Optional.empty();
    }
    long threshold =
        reading.bytes("spec.offload.threshold", offload.threshold(), Reading.MOST_BYTES);
    Duration grace =
        reading.duration("spec.offload.gracePeriod", offload.gracePeriod(), Duration.ZERO, YEAR);
    return store.map(
        it ->
            new Offload(
                it.withBucket(
                    Optional.ofNullable(offload.bucket()).orElse(it.bucket()),
                    Optional.ofNullable(offload.credentialsSecret()).map(NameRef::name)),
                offload.credentialsSecret() != null,
                mode(offload.mode()),
                threshold,
                grace,
                new TreeMap<>(
                    offload.env() == null || offload.env().isEmpty() ? DEFAULT : offload.env())));
  }

  private static OffloadMode mode(String mode) {
    return switch (mode) {
      case "Mirror" -> OffloadMode.MIRROR;
      case "Restore" -> OffloadMode.RESTORE;
      default -> OffloadMode.CUT_OVER;
    };
  }

  /** What is wrong with it. */
  static List<Problem> problems(StudyHubSpec spec, Names names, Facts facts) {
    List<Problem> problems = new ArrayList<>();
    OffloadSpec offload = spec.offload();
    if (offload == null) {
      facts
          .volume(names.media())
          .filter(Facts.Volume::inBucket)
          .ifPresent(
              it ->
                  problems.add(
                      new Problem(
                          "spec.offload",
                          "is missing, but the hub's media are in a bucket, and without it the app"
                              + " would look for them on its volume; give it again with mode:"
                              + " Restore, and leave it out when status.offload.phase is Local")));
      return problems;
    }
    if (spec.objectStore() == null) {
      problems.add(
          new Problem(
              "spec.offload",
              "there is no store to take media to; give spec.objectStore, whose endpoint and"
                  + " prefix it uses"));
    }
    if (!spec.app().media().enabled()) {
      problems.add(
          new Problem(
              "spec.offload",
              "the hub has no media volume, so there is nothing to move; set"
                  + " spec.app.media.enabled to true, or leave spec.offload out"));
    }
    Optional.ofNullable(offload.env())
        .orElse(Map.of())
        .forEach((name, value) -> problems.addAll(variable(name, value)));
    return problems;
  }

  private static List<Problem> variable(String name, String value) {
    List<Problem> problems = new ArrayList<>();
    String field = "spec.offload.env." + Excerpt.of(name);
    if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
      problems.add(
          new Problem(
              field, "cannot be a variable's name; S3_BUCKET is one: letters, digits and _"));
    }
    Matcher places = PLACEHOLDER.matcher(value);
    while (places.find()) {
      String place = places.group(1);
      if (!KNOWN.contains(place)) {
        problems.add(
            new Problem(
                field,
                "\""
                    + Excerpt.of(value)
                    + "\" has {"
                    + Excerpt.of(place)
                    + "}, which is nothing that can be filled in; there are "
                    + new TreeSet<>(KNOWN)));
      } else if (SECRET.contains(place) && !value.equals("{" + place + "}")) {
        problems.add(
            new Problem(
                field,
                "{"
                    + place
                    + "} comes from a Secret, so it must be all of the value; give it a"
                    + " variable of its own"));
      }
    }
    return problems;
  }
}
