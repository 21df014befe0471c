package io.sanadflow.studyhub.model;

import io.fabric8.kubernetes.api.model.Quantity;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubSpec;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What must hold before anything is touched. Each check names the field, what is wrong and a value
 * that would work; all of them are told at once.
 */
final class Checks {

  /** Superuser's 3, migration's 2, the dump's 1 and the operator's 2. */
  static final int RESERVED_CONNECTIONS = 8;

  /** Of the memory limit: Node needs the rest for its code, stacks and buffers. */
  private static final int HEAP_MAX_PERCENT = 85;

  private static final long MIB = 1024 * 1024;

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
  private final Facts facts;
  private final List<Problem> problems = new ArrayList<>();

  private Checks(StudyHubSpec spec, Hub hub, Facts facts) {
    this.spec = spec;
    this.hub = hub;
    this.facts = facts;
  }

  static List<Problem> of(StudyHubSpec spec, Hub hub, Facts facts) {
    Checks checks = new Checks(spec, hub, facts);
    checks.name();
    checks.images();
    checks.ports();
    checks.heap();
    checks.memory();
    checks.connections();
    checks.external();
    checks.ingress();
    checks.schedule();
    checks.volumes();
    checks.secrets();
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
        .filter(it -> it.equals("/tmp") || (it + "/").startsWith("/etc/studyhub/"))
        .ifPresent(
            it ->
                problem(
                    "spec.app.media.mountPath",
                    it + " is the operator's own; /data/media would work"));
  }

  private void heap() {
    long limit = hub.app().resources().memoryLimit() / MIB;
    int heap = hub.app().heapMiB();
    long most = limit * HEAP_MAX_PERCENT / 100;
    if (heap > most && spec.app().nodeHeapMiB() != null) {
      problem(
          "spec.app.nodeHeapMiB",
          heap
              + " MiB of heap do not fit the memory limit of "
              + limit
              + "Mi, since Node needs memory outside its heap; at most "
              + most
              + " would work, or spec.app.resources.limits.memory of "
              + (heap * 100L + HEAP_MAX_PERCENT - 1) / HEAP_MAX_PERCENT
              + "Mi");
    }
  }

  private void memory() {
    long budget = hub.memoryBudget();
    if (budget > 0 && hub.memory() > budget) {
      StringBuilder parts = new StringBuilder();
      parts
          .append(hub.app().replicas())
          .append(" x (app ")
          .append(hub.app().resources().memoryLimit() / MIB)
          .append(" + pooler ")
          .append(hub.pooler().resources().memoryLimit() / MIB)
          .append(")");
      if (hub.database().external().isEmpty()) {
        parts.append(" + database ").append(hub.database().resources().memoryLimit() / MIB);
      }
      hub.redis()
          .ifPresent(it -> parts.append(" + redis ").append(it.resources().memoryLimit() / MIB));
      problem(
          "spec.budget.memory",
          "the limits add up to "
              + hub.memory() / MIB
              + "Mi ("
              + parts
              + "), more than the budget of "
              + budget / MIB
              + "Mi; a budget of "
              + hub.memory() / MIB
              + "Mi would work, or smaller limits");
    }
  }

  private void connections() {
    var pooler = spec.pooler();
    if (pooler.minPoolSize() > pooler.defaultPoolSize()) {
      problem(
          "spec.pooler.minPoolSize",
          pooler.minPoolSize()
              + " is more than defaultPoolSize; at most "
              + pooler.defaultPoolSize()
              + " would work");
    }
    if (hub.pooler().backends() > pooler.maxDbConnections()) {
      problem(
          "spec.pooler.defaultPoolSize",
          pooler.defaultPoolSize()
              + " and a reservePoolSize of "
              + pooler.reservePoolSize()
              + " are more than maxDbConnections of "
              + pooler.maxDbConnections()
              + "; a defaultPoolSize of "
              + Math.max(1, pooler.maxDbConnections() - pooler.reservePoolSize())
              + " would work");
    }
    int pods = Math.max(1, hub.app().replicas());
    int wanted = pods * hub.pooler().maxDbConnections() + RESERVED_CONNECTIONS;
    int available = hub.database().maxConnections();
    if (hub.database().external().isEmpty() && wanted > available) {
      problem(
          "spec.pooler.maxDbConnections",
          pods
              + " app pods x "
              + hub.pooler().maxDbConnections()
              + " connections and "
              + RESERVED_CONNECTIONS
              + " in reserve are "
              + wanted
              + ", more than the database's max_connections of "
              + available
              + "; maxDbConnections of "
              + Math.max(1, (available - RESERVED_CONNECTIONS) / pods)
              + " would work, or spec.database.parameters.max_connections of "
              + wanted);
    }
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
    if (spec.objectStore() != null
        && spec.objectStore().endpoint() == null
        && spec.objectStore().cloudflareAccountId() == null) {
      problem("spec.objectStore", "give endpoint, or cloudflareAccountId for Cloudflare R2");
    }
  }

  private void schedule() {
    if (spec.backup() == null) {
      return;
    }
    try {
      ZoneId.of(spec.backup().timeZone());
    } catch (DateTimeException unknown) {
      problem(
          "spec.backup.timeZone",
          "\""
              + Excerpt.of(spec.backup().timeZone())
              + "\" is not a time zone of the IANA database; Asia/Singapore or UTC would work");
    }
    cron("spec.backup.schedule", spec.backup().schedule());
    cron("spec.backup.drill.schedule", spec.backup().drill().schedule());
  }

  private void cron(String field, String schedule) {
    String[] fields = schedule.trim().split("\\s+");
    boolean macro = schedule.matches("@(yearly|annually|monthly|weekly|daily|midnight|hourly)");
    boolean five = fields.length == 5;
    for (String part : fields) {
      five &= part.matches("[0-9A-Za-z*/,?-]+");
    }
    if (!macro && !five) {
      problem(
          field,
          "\""
              + Excerpt.of(schedule)
              + "\" is not a cron schedule of five fields; \"0 2 * * *\" would work");
    }
  }

  private void volumes() {
    if (hub.database().external().isEmpty()) {
      volume(
          "spec.database.storage",
          "spec.database.storageClassName",
          hub.names().database(),
          hub.database().storage());
    }
    hub.app()
        .media()
        .ifPresent(
            it ->
                volume(
                    "spec.app.media.storage",
                    "spec.app.media.storageClassName",
                    hub.names().media(),
                    it.storage()));
    hub.redis()
        .flatMap(Hub.Redis::storage)
        .ifPresent(
            it ->
                volume(
                    "spec.redis.storage", "spec.redis.storageClassName", hub.names().redis(), it));
  }

  private void volume(String field, String classField, String claim, Hub.Storage wanted) {
    if (wanted.bytes() <= 0) {
      problem(field, wanted.size() + " is no size for a volume; 1Gi would work");
    }
    Optional<Facts.Volume> existing = facts.volume(claim);
    existing
        .filter(it -> it.bytes() > wanted.bytes())
        .ifPresent(
            it ->
                problem(
                    field,
                    wanted.size()
                        + " is less than the volume "
                        + claim
                        + " has; a volume cannot shrink, "
                        + text(it.bytes())
                        + " or more would work"));
    existing
        .filter(it -> wanted.className().isPresent())
        .filter(it -> it.className().isPresent() && !it.className().equals(wanted.className()))
        .ifPresent(
            it ->
                problem(
                    classField,
                    "the volume "
                        + claim
                        + " is of class "
                        + it.className().get()
                        + " and stays so; "
                        + it.className().get()
                        + " would work"));
  }

  private static String text(long bytes) {
    return Quantity.fromNumericalAmount(
            BigDecimal.valueOf(bytes), bytes % (1024 * MIB) == 0 ? "Gi" : "Mi")
        .toString();
  }

  private void secrets() {
    for (References.Reference reference : References.of(spec)) {
      facts
          .secretKeys(reference.secret())
          .ifPresentOrElse(
              keys -> {
                if (facts == Facts.NONE) {
                  return;
                }
                reference.keys().stream()
                    .filter(key -> !keys.contains(key))
                    .forEach(
                        key ->
                            problem(
                                reference.field(),
                                "the Secret "
                                    + reference.secret()
                                    + " has no key "
                                    + key
                                    + "; add it"));
              },
              () ->
                  problem(
                      reference.field(),
                      "there is no Secret "
                          + reference.secret()
                          + " in namespace "
                          + hub.names().namespace()
                          + "; create it"
                          + (reference.keys().isEmpty()
                              ? ""
                              : " with " + String.join(" and ", reference.keys()))));
    }
  }
}
