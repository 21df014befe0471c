package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.sanadflow.studyhub.api.v1alpha1.ConditionType;
import io.sanadflow.studyhub.component.Health.Phase;
import io.sanadflow.studyhub.component.Health.Serving;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.probe.Answer;
import io.sanadflow.studyhub.probe.HttpFacts;
import java.util.Optional;

/** How the app fares: what its Deployment says, and what it answers when it is asked. */
final class AppHealth {

  private AppHealth() {}

  static Health of(Hub hub, Observed observed) {
    Optional<Deployment> deployment = observed.deployment(hub.names().app());
    if (observed.restoring().stopsApp() || observed.restoring().waits()) {
      return health(
          Serving.NO, Phase.PROGRESSING, "Restoring", "the app waits for a restore to be done");
    }
    if (MediaPlace.waits(hub, observed)) {
      return health(
          Serving.NO,
          Phase.PROGRESSING,
          "LooksForMedia",
          "the app starts as soon as the bucket of spec.offload was asked whether the hub's"
              + " media are there");
    }
    if (deployment.isEmpty()) {
      return health(Serving.NO, Phase.PROGRESSING, "Creating", "the app is being created");
    }
    DeploymentStatus status =
        Optional.ofNullable(deployment.get().getStatus()).orElseGet(DeploymentStatus::new);
    int ready = Workloads.number(status.getReadyReplicas());
    int wanted = hub.app().replicas();
    if (wanted == 0) {
      boolean gone = Workloads.number(status.getReplicas()) == 0;
      return health(
          Serving.NO,
          gone ? Phase.SETTLED : Phase.PROGRESSING,
          Health.SCALED_TO_ZERO,
          "spec.app.replicas is 0");
    }
    Optional<Answer<HttpFacts>> asked = observed.report().app();
    boolean answers = asked.flatMap(Answer::facts).map(HttpFacts::ok).orElse(false);
    Serving serving = ready == 0 ? Serving.NO : asked.isEmpty() ? Serving.UNKNOWN : yes(answers);
    Optional<Workloads.Trouble> trouble = Workloads.trouble(observed.pods(AppComponent.NAME));
    if (trouble.isPresent()) {
      return health(serving, Phase.STUCK, trouble.get().reason(), trouble.get().message());
    }
    boolean seen =
        status.getObservedGeneration() != null
            && status.getObservedGeneration() >= deployment.get().getMetadata().getGeneration();
    boolean rolledOut =
        seen
            && Workloads.number(status.getReplicas()) == wanted
            && Workloads.number(status.getUpdatedReplicas()) == wanted
            && ready == wanted;
    if (!rolledOut && Workloads.late(deployment.get())) {
      return health(
          serving,
          Phase.STUCK,
          "RolloutLate",
          ready
              + " of "
              + wanted
              + " app pods serve and no more came up within ten minutes; look at the log of"
              + " the app's pods, and whether it listens on spec.app.port");
    }
    if (!rolledOut && MigrationComponent.done(hub, observed)) {
      return health(
          serving,
          Phase.PROGRESSING,
          "RollingOut",
          ready + " of " + wanted + " app pods serve; the app rolls out");
    }
    if (!answers) {
      return unwell(serving, asked, hub, observed.report().unwell());
    }
    return health(
        serving,
        Phase.SETTLED,
        "Answers",
        ready + " of " + wanted + " app pods serve; " + hub.app().healthPath() + " answers");
  }

  private static Serving yes(boolean answers) {
    return answers ? Serving.YES : Serving.NO;
  }

  /** What does not answer well for long is not on its way any more: somebody has to look. */
  private static Health unwell(
      Serving serving, Optional<Answer<HttpFacts>> asked, Hub hub, boolean forLong) {
    String path = hub.app().healthPath();
    if (asked.isEmpty()) {
      return health(serving, Phase.PROGRESSING, "NotAskedYet", "asking " + path);
    }
    String why =
        asked
            .get()
            .facts()
            .map(it -> path + " answers " + it.status() + ": " + it.detail())
            .orElse(path + ": " + asked.get().failure());
    return health(serving, forLong ? Phase.LACKING : Phase.PROGRESSING, "Unhealthy", why);
  }

  private static Health health(Serving serving, Phase phase, String reason, String message) {
    return new Health(Optional.of(ConditionType.APP_READY), serving, phase, reason, message);
  }
}
