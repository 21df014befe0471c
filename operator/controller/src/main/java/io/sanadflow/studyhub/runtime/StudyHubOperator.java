package io.sanadflow.studyhub.runtime;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.sanadflow.studyhub.component.Observed;
import io.sanadflow.studyhub.notify.Delivery;
import io.sanadflow.studyhub.notify.Destination;
import io.sanadflow.studyhub.notify.Sender;
import io.sanadflow.studyhub.probe.HubProbe;
import io.sanadflow.studyhub.reconcile.Absences;
import io.sanadflow.studyhub.reconcile.OperatorPod;
import io.sanadflow.studyhub.reconcile.StudyHubReconciler;
import io.sanadflow.studyhub.watch.HealthAnswers;
import io.sanadflow.studyhub.watch.Metrics;
import io.sanadflow.studyhub.watch.StatusSite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running operator: its controller, its Lease and its HTTP endpoints. */
public final class StudyHubOperator implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(StudyHubOperator.class);

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

  private static final String LEASE = "studyhub-operator";

  /** Monitors count in minutes. */
  private static final Duration BEAT = Duration.ofMinutes(1);

  private final Operator operator;
  private final HttpEndpoints http;
  private final Sender sender;
  private volatile boolean ready;
  private volatile boolean stopped;
  private volatile boolean leads;

  private StudyHubOperator(
      KubernetesClient client, OperatorConfig config, HubProbe probe, Clock clock)
      throws IOException {
    leads = !config.leaderElection();
    sender = new Sender(clock);
    StudyHubReconciler reconciler =
        new StudyHubReconciler(
            client,
            probe,
            clock,
            config.certificateLifetime(),
            new OperatorPod(config.operatorNamespace(), config.instance(), image(client, config)),
            new Absences(
                client,
                config.operatorNamespace(),
                config.leaderElection() ? Optional.of(LEASE) : Optional.empty(),
                clock),
            sender);
    Metrics metrics = new Metrics(reconciler.hubs());
    http =
        new HttpEndpoints(
            config.httpPort(),
            config.probePort(),
            () -> !stopped && alive(),
            () -> ready && !stopped,
            metrics,
            new HealthAnswers(reconciler.hubs(), clock),
            new StatusSite(reconciler.hubs(), clock));
    operator =
        new Operator(
            it -> {
              it.withKubernetesClient(client)
                  .withCloseClientOnStop(false)
                  .checkingCRDAndValidateLocalModel(false)
                  .withMetrics(new ReconcileMetrics(metrics))
                  .withConcurrentReconciliationThreads(config.threads())
                  .withConcurrentWorkflowExecutorThreads(1)
                  .withReconciliationTerminationTimeout(STOP_TIMEOUT);
              if (config.leaderElection()) {
                it.withLeaderElectionConfiguration(
                    LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(LEASE)
                        .withLeaseNamespace(config.operatorNamespace())
                        .withIdentity(config.instance())
                        .withLeaderCallbacks(
                            new LeaderCallbacks(
                                () -> leads = true, () -> leads = false, leader -> {}))
                        .build());
              }
            });
    operator.register(
        reconciler,
        it -> {
          if (config.watchNamespaces().isEmpty()) {
            it.watchingAllNamespaces();
          } else {
            it.settingNamespaces(config.watchNamespaces());
          }
          if (config.watchNamespaces().size() <= 1) {
            it.withItemStore(reconciler.store());
          }
          // For good: what is refused today may be allowed tomorrow.
          it.withRetry(
              new GenericRetry()
                  .setInitialInterval(1000)
                  .setIntervalMultiplier(2)
                  .setMaxInterval(60_000)
                  .setMaxAttempts(-1));
        });
  }

  /** What the operator's own pod runs, unless the environment says otherwise. */
  private static String image(KubernetesClient client, OperatorConfig config) {
    return config
        .image()
        .or(
            () ->
                Optional.ofNullable(
                        client
                            .pods()
                            .inNamespace(config.operatorNamespace())
                            .withName(config.instance())
                            .get())
                    .flatMap(
                        it ->
                            it.getSpec().getContainers().stream()
                                .filter(one -> one.getName().equals("operator"))
                                .findFirst())
                    .map(Container::getImage))
        // A process outside of the cluster, as while it is developed.
        .orElse(Observed.RELEASED_IMAGE);
  }

  /**
   * Starts the operator and returns when its caches are filled.
   *
   * @param client closed by the caller
   * @throws UncheckedIOException if the HTTP port is taken
   */
  public static StudyHubOperator start(
      KubernetesClient client, OperatorConfig config, HubProbe probe, Clock clock) {
    try {
      StudyHubOperator started = new StudyHubOperator(client, config, probe, clock);
      started.http.start();
      started.operator.start();
      started.ready = true;
      config.heartbeat().ifPresent(started::beat);
      log.info(
          "the operator runs, for {}",
          config.watchNamespaces().isEmpty()
              ? "all namespaces"
              : "namespaces " + config.watchNamespaces());
      return started;
    } catch (IOException taken) {
      throw new UncheckedIOException(
          "HTTP_PORT " + config.httpPort() + " or PROBE_PORT " + config.probePort(), taken);
    }
  }

  /** Tells a monitor that hubs are looked after, which another instance may do as well. */
  private void beat(Destination monitor) {
    Delivery beat =
        new Delivery("operator heartbeat", "beat", "", monitor, Map.of(), Optional.empty());
    sender.offerEach(
        BEAT, () -> leads && !stopped && alive() ? Optional.of(beat) : Optional.empty());
  }

  /** The port of the HTTP endpoints. */
  public int httpPort() {
    return http.port();
  }

  /** The port of the kubelet's probes. */
  public int probePort() {
    return http.probePort();
  }

  private boolean alive() {
    return !ready || operator.getRuntimeInfo().allEventSourcesAreHealthy();
  }

  /** Finishes what is under way, gives the Lease back and stops. */
  @Override
  public void close() {
    stopped = true;
    operator.stop();
    sender.close();
    http.close();
    log.info("the operator has stopped");
  }
}
