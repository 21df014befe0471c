package io.sanadflow.studyhub.model;

import io.sanadflow.studyhub.api.v1alpha1.StudyHubSpec;
import java.net.URI;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What must hold before anything is touched. Each check names the field, what is wrong and a value
 * that would work; all of them are told at once.
 */
final class Checks {

  /** A registry's name, a path of 255, a tag of 128 and a digest. */
  private static final int MOST_IMAGE_CHARACTERS = 800;

  // The grammar of an image reference: registry, path, then tag or digest or both.
  private static final Pattern IMAGE =
      Pattern.compile(
          "^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]+)?/)?"
              + "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*"
              + "(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$");

  private final StudyHubSpec spec;
  private final Hub hub;
  private final List<Problem> problems = new ArrayList<>();

  private Checks(StudyHubSpec spec, Hub hub) {
    this.spec = spec;
    this.hub = hub;
  }

  static List<Problem> of(StudyHubSpec spec, Hub hub, Facts facts) {
    Checks checks = new Checks(spec, hub);
    checks.name();
    checks.images();
    checks.ports();
    checks.problems.addAll(SizeChecks.ofMemory(spec.app(), hub));
    checks.problems.addAll(ConnectionChecks.of(spec.pooler(), hub));
    checks.external();
    checks.problems.addAll(BootstrapSettings.problems(spec));
    checks.problems.addAll(OffloadSettings.problems(spec, hub.names(), facts));
    checks.ingress();
    checks.objectStore();
    checks.schedule();
    checks.problems.addAll(SizeChecks.ofVolumes(hub, facts));
    checks.problems.addAll(SecretChecks.of(References.of(spec), hub, facts));
    checks.problems.addAll(ParameterChecks.of(hub));
    return checks.problems;
  }

  private void problem(String field, String message) {
    problems.add(new Problem(field, message));
  }

  private void name() {
    String name = hub.names().hub();
    if (name.length() > 40 || !name.matches("[a-z]([-a-z0-9]*[a-z0-9])?")) {
      problem(
          "metadata.name",
          name
              + " cannot name a hub's Services; use at most 40 lower-case letters, digits and '-',"
              + " with a letter first");
    }
  }

  private void images() {
    image("spec.app.image", hub.app().image());
    image("spec.pooler.image", hub.pooler().image());
    if (hub.database().external().isEmpty()) {
      image("spec.database.image", hub.database().image());
    }
    hub.redis().ifPresent(it -> image("spec.redis.image", it.image()));
    hub.monitoring().logs().ifPresent(it -> image("spec.monitoring.logs.image", it.image()));
  }

  private void image(String field, String image) {
    // The length first: the pattern's repeated groups take a stack frame for each of their parts.
    if (image.length() > MOST_IMAGE_CHARACTERS || !IMAGE.matcher(image).matches()) {
      problem(
          field,
          "\""
              + Excerpt.of(image)
              + "\" is not an image reference; one looks like ghcr.io/sanadflow/hub:1 or"
              + " name@sha256:<64 hex digits>");
    }
  }

  private void ports() {
    int port = hub.app().port();
    if (port == PoolerSettings.PORT || port == 6379) {
      problem(
          "spec.app.port",
          port + " is taken in the app's pod by PgBouncer or Redis; 8080 would work");
    }
    boolean sidecar = hub.redis().map(Hub.Redis::sidecar).orElse(false);
    if (sidecar && hub.app().replicas() > 1) {
      problem(
          "spec.redis.placement",
          "Sidecar gives each pod a Redis of its own, so spec.app.replicas must be 1; use placement"
              + " Shared for "
              + hub.app().replicas());
    }
    hub.app()
        .media()
        .map(Hub.Media::mountPath)
        .filter(MountPath::taken)
        .ifPresent(
            it ->
                problem(
                    "spec.app.media.mountPath",
                    Excerpt.of(it)
                        + " meets what is mounted in the app's container already;"
                        + " /data/media would work"));
  }

  private void external() {
    var external = spec.database().external();
    if (external == null) {
      return;
    }
    if (external.database() != null && !external.database().matches("[A-Za-z0-9_.-]{1,63}")) {
      problem(
          "spec.database.external.database",
          "\""
              + Excerpt.of(external.database())
              + "\" has characters that PgBouncer cannot take; letters, digits, _ . and - work");
    }
    if ((external.host() == null) == (external.cloudNativePG() == null)) {
      problem(
          "spec.database.external",
          "give either host with credentialsSecret, or cloudNativePG with the name of a Cluster");
    } else if (external.host() != null && external.credentialsSecret() == null) {
      problem(
          "spec.database.external.credentialsSecret",
          "is missing; name a Secret with the keys username and password");
    }
  }

  private void ingress() {
    var ingress = spec.app().ingress();
    if (ingress != null
        && ingress.tls() != null
        && ingress.tls().secretName() == null
        && ingress.tls().issuerRef() == null) {
      problem(
          "spec.app.ingress.tls",
          "give secretName (a TLS Secret) or issuerRef (a cert-manager issuer)");
    }
  }

  private void objectStore() {
    if (spec.objectStore() == null) {
      return;
    }
    String endpoint = spec.objectStore().endpoint();
    if (endpoint == null && spec.objectStore().cloudflareAccountId() == null) {
      problem("spec.objectStore", "give endpoint, or cloudflareAccountId for Cloudflare R2");
    } else if (endpoint != null && !server(endpoint)) {
      problem(
          "spec.objectStore.endpoint",
          "\"" + Excerpt.of(endpoint) + "\" is not a URL such as https://s3.example.org");
    }
    if (spec.objectStore().credentialsSecret() == null) {
      problem(
          "spec.objectStore.credentialsSecret",
          "is missing; name a Secret with the keys accessKeyId and secretAccessKey");
    }
  }

  private static boolean server(String url) {
    try {
      URI parsed = URI.create(url);
      return parsed.getHost() != null && parsed.getPort() != 0 && parsed.getPort() <= 65535;
    } catch (IllegalArgumentException none) {
      return false;
    }
  }

  private void schedule() {
    if (spec.backup() == null) {
      return;
    }
    // Not what else Java takes for a zone, such as GMT+8: a CronJob takes names of the IANA alone.
    if (!ZoneId.getAvailableZoneIds().contains(spec.backup().timeZone())) {
      problem(
          "spec.backup.timeZone",
          "\""
              + Excerpt.of(spec.backup().timeZone())
              + "\" is not a time zone of the IANA database; Asia/Singapore or UTC would work");
    }
    if (spec.backup().encryption() != null && spec.backup().encryption().keySecret() == null) {
      problem(
          "spec.backup.encryption.keySecret",
          "is missing; name a Secret and the key in it that holds an AGE-SECRET-KEY-1…");
    }
    cron("spec.backup.schedule", spec.backup().schedule());
    cron("spec.backup.drill.schedule", spec.backup().drill().schedule());
  }

  private void cron(String field, String schedule) {
    try {
      CronSchedule.parse(schedule);
    } catch (IllegalArgumentException none) {
      problem(field, none.getMessage());
    }
  }
}
