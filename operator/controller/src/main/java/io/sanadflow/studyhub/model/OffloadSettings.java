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

  private static final long DEFAULT_BANDWIDTH = 20L << 20;

  /** Of four parts of 8 MiB at a time each is sent in the five minutes that a request may take. */
  private static final long LEAST_BANDWIDTH = 256L << 10;

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
    long bandwidth =
        reading.bytes("spec.offload.bandwidth", offload.bandwidth(), DEFAULT_BANDWIDTH);
    if (bandwidth > 0 && bandwidth < LEAST_BANDWIDTH) {
      reading.problem(
          "spec.offload.bandwidth",
          "is too little: a request would take longer than stores wait; 256Ki or more would work,"
              + " or 0 for no bound");
    }
    Offload.Gateway gateway =
        offload.gateway() == null
            ? null
            : new Offload.Gateway(
                offload.gateway().access().equals("Signed"),
                reading.duration(
                    "spec.offload.gateway.maxAge",
                    offload.gateway().maxAge(),
                    Duration.ZERO,
                    YEAR));
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
                    offload.env() == null || offload.env().isEmpty() ? DEFAULT : offload.env()),
                bandwidth,
                Optional.ofNullable(gateway)));
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
          .filter(it -> it.inBucket() || it.behindGateway())
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
    facts
        .volume(names.media())
        .flatMap(it -> moved(it, offload.gateway() != null))
        .ifPresent(problems::add);
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

  /** An app that has left its volume cannot be put behind the gateway at once, nor the reverse. */
  private static Optional<Problem> moved(Facts.Volume volume, boolean gateway) {
    String back =
        "; go back by mode: Restore first, and change it when status.offload.phase is Local";
    if (gateway && volume.inBucket()) {
      return Optional.of(
          new Problem(
              "spec.offload.gateway",
              "the app uses the bucket itself, and what it wrote there would be hidden by older"
                  + " files of the volume"
                  + back));
    }
    if (!gateway && volume.behindGateway()) {
      return Optional.of(
          new Problem(
              "spec.offload.gateway",
              "is missing, but media are in the bucket that the app reads through the gateway"
                  + back));
    }
    return Optional.empty();
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
