package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.sanadflow.studyhub.api.v1alpha1.ConditionType;
import io.sanadflow.studyhub.component.Health.Phase;
import io.sanadflow.studyhub.component.Health.Serving;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.probe.Answer;
import io.sanadflow.studyhub.probe.DatabaseFacts;
import io.sanadflow.studyhub.probe.ProbeReport.Restart;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How the database fares: the hub's own, or one that is elsewhere. */
final class DatabaseHealth {

  private DatabaseHealth() {}

  static Health of(Hub hub, Observed observed) {
    return hub.database().external().isPresent() ? external(hub, observed) : own(hub, observed);
  }

  private static Health external(Hub hub, Observed observed) {
    boolean publicly = !DatabaseAccess.hasAuthority(hub);
    String where =
        hub.database().external().get().host()
            + (publicly ? ", whose certificate public authorities vouch for" : "");
    String advice =
        publicly
            ? "; without spec.database.external.caSecret its certificate must be of a public"
                + " authority: name a Secret with its ca.crt there if it is of a private one"
            : "";
    return observed
        .report()
        .database()
        .map(
            it ->
                it.facts()
                    .map(facts -> answered(facts, where))
                    .orElseGet(
                        () ->
                            health(
                                Serving.NO,
                                Phase.STUCK,
                                "NotReachable",
                                it.failure() + (it.failure().contains("TLS") ? advice : ""))))
        .orElseGet(
            () -> health(Serving.UNKNOWN, Phase.PROGRESSING, "NotAskedYet", "asking " + where));
  }

  private static Health own(Hub hub, Observed observed) {
    Optional<StatefulSet> set = observed.statefulSet(hub.names().database());
    if (set.isEmpty()) {
      return health(Serving.NO, Phase.PROGRESSING, "Creating", "PostgreSQL is being created");
    }
    Optional<Workloads.Trouble> trouble = Workloads.trouble(observed.pods(DatabaseComponent.NAME));
    if (trouble.isPresent()) {
      return health(
          DatabaseComponent.serves(observed) ? Serving.YES : Serving.NO,
          Phase.STUCK,
          trouble.get().reason(),
          trouble.get().message());
    }
    Optional<Answer<DatabaseFacts>> asked = observed.report().database();
    if (asked.isEmpty() || !asked.get().ok()) {
      String why = asked.map(Answer::failure).orElse("PostgreSQL starts");
      return health(
          asked.isEmpty() ? Serving.UNKNOWN : Serving.NO, Phase.PROGRESSING, "Starting", why);
    }
    DatabaseFacts facts = asked.get().facts().get();
    if (observed.report().restart() != Restart.NONE) {
      return health(
          Serving.YES, Phase.PROGRESSING, "Restarting", "PostgreSQL restarts; its clients wait");
    }
    if (!Workloads.settled(set.get())) {
      return health(Serving.YES, Phase.PROGRESSING, "Starting", "PostgreSQL starts");
    }
    if (!facts.refusedSettings().isEmpty()) {
      var refused = new TreeMap<>(facts.refusedSettings()).firstEntry();
      return health(
          Serving.YES,
          Phase.STUCK,
          "SettingRefused",
          "spec.database.parameters."
              + refused.getKey()
              + ": PostgreSQL refuses the value ("
              + refused.getValue()
              + ") and runs with the last good one; give a value that it takes");
    }
    if (!facts.configHash().equals(Optional.of(DatabaseComponent.configHash(hub)))) {
      return health(Serving.YES, Phase.PROGRESSING, "Reloading", "PostgreSQL reloads its settings");
    }
    if (!facts.pendingRestart().isEmpty()) {
      return health(
          Serving.YES,
          Phase.PROGRESSING,
          "Restarting",
          "PostgreSQL restarts for " + String.join(", ", facts.pendingRestart()));
    }
    return answered(facts, hub.names().host(hub.names().database()));
  }

  private static Health answered(DatabaseFacts facts, String where) {
    if (!facts.failedExtensions().isEmpty()) {
      return health(
          Serving.YES,
          Phase.STUCK,
          "ExtensionFailed",
          "spec.database.extensions: "
              + new TreeMap<>(facts.failedExtensions())
                  .entrySet().stream()
                      .map(it -> it.getKey() + ": " + it.getValue())
                      .collect(Collectors.joining("; ")));
    }
    return health(
        Serving.YES,
        Phase.SETTLED,
        "Answers",
        "PostgreSQL " + facts.version() + " answers over TLS 1.3 at " + where);
  }

  private static Health health(Serving serving, Phase phase, String reason, String message) {
    return new Health(Optional.of(ConditionType.DATABASE_READY), serving, phase, reason, message);
  }
}
