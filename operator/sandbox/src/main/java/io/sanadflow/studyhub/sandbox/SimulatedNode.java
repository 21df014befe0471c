package io.sanadflow.studyhub.sandbox;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does on paper what the controllers and the kubelet of a one-node cluster do: binds volumes, gives
 * addresses, makes pods of workloads and says of them that they run. No container is started.
 *
 * <p>Two things go wrong on purpose: an image with the tag {@code missing} cannot be pulled, and a
 * Job with {@code FAIL_MIGRATION=1} fails.
 */
final class SimulatedNode implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(SimulatedNode.class);

  /** Events that come together are dealt with together. */
  private static final Duration GATHER = Duration.ofMillis(30);

  private final KubernetesClient client;
  private final Clock clock;
  private final Duration startup;
  private final Workers workers;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "node");
            made.setDaemon(true);
            return made;
          });
  private final AtomicBoolean due = new AtomicBoolean();
  private final List<SharedIndexInformer<?>> informers = new ArrayList<>();

  /** When each pod was first seen, by uid. */
  private final Map<String, Instant> seen = new HashMap<>();

  private int addresses;

  private SimulatedNode(KubernetesClient client, Clock clock, Duration startup) {
    this.client = client;
    this.clock = clock;
    this.startup = startup;
    this.workers = new Workers(client, clock);
  }

  /**
   * Starts the node.
   *
   * @param client closed by the caller
   * @param startup how long a pod takes from being made to being ready
   */
  static SimulatedNode start(KubernetesClient client, Clock clock, Duration startup) {
    SimulatedNode node = new SimulatedNode(client, clock, startup);
    node.watch(Deployment.class);
    node.watch(StatefulSet.class);
    node.watch(Job.class);
    node.watch(Pod.class);
    node.watch(PersistentVolumeClaim.class);
    node.watch(Service.class);
    return node;
  }

  private <T extends HasMetadata> void watch(Class<T> type) {
    informers.add(
        client
            .resources(type)
            .inAnyNamespace()
            .inform(
                new ResourceEventHandler<>() {
                  @Override
                  public void onAdd(T object) {
                    wake(GATHER);
                  }

                  @Override
                  public void onUpdate(T before, T now) {
                    wake(GATHER);
                  }

                  @Override
                  public void onDelete(T object, boolean unknown) {
                    wake(GATHER);
                  }
                }));
  }

  private void wake(Duration delay) {
    if (!thread.isShutdown() && due.compareAndSet(false, true)) {
      thread.schedule(this::round, delay.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Looks at everything afresh; what is as it should be is not written. */
  private void round() {
    due.set(false);
    try {
      claims();
      services();
      List<Pod> pods = list(Pod.class);
      seen.keySet()
          .retainAll(
              pods.stream().map(it -> it.getMetadata().getUid()).collect(Collectors.toSet()));
      pods.forEach(this::advance);
      pods = list(Pod.class);
      for (Deployment deployment : list(Deployment.class)) {
        workers.deployment(deployment, pods);
      }
      for (StatefulSet set : list(StatefulSet.class)) {
        workers.statefulSet(set, pods);
      }
      for (Job job : list(Job.class)) {
        workers.job(job, pods);
      }
    } catch (KubernetesClientException failed) {
      if (!thread.isShutdown()) {
        // Somebody else changed or removed it meanwhile: the next round sees that.
        log.debug("the node tries again: {}", failed.getMessage());
        wake(GATHER.multipliedBy(10));
      }
    } catch (RuntimeException unexpected) {
      log.error("the simulated node failed", unexpected);
    }
  }

  private <T extends HasMetadata> List<T> list(Class<T> type) {
    return client.resources(type).inAnyNamespace().list().getItems();
  }

  private void claims() {
    for (PersistentVolumeClaim claim : list(PersistentVolumeClaim.class)) {
      if (!bound(claim)) {
        client
            .resource(claim)
            .editStatus(
                it ->
                    new PersistentVolumeClaimBuilder(it)
                        .withNewStatus()
                        .withPhase("Bound")
                        .withAccessModes(it.getSpec().getAccessModes())
                        .withCapacity(it.getSpec().getResources().getRequests())
                        .endStatus()
                        .build());
      }
    }
  }

  private static boolean bound(PersistentVolumeClaim claim) {
    return claim.getStatus() != null
        && claim.getSpec().getResources().getRequests().equals(claim.getStatus().getCapacity());
  }

  private void services() {
    for (Service service : list(Service.class)) {
      if (service.getSpec().getClusterIP() == null) {
        String address = address("10.43");
        client
            .resource(service)
            .edit(
                it ->
                    new ServiceBuilder(it)
                        .editSpec()
                        .withClusterIP(address)
                        .withClusterIPs(address)
                        .endSpec()
                        .build());
      }
    }
  }

  private String address(String network) {
    addresses++;
    return "%s.%d.%d".formatted(network, addresses / 250, 1 + addresses % 250);
  }

  /** Moves a pod on towards its end: running, or done for that of a Job. */
  private void advance(Pod pod) {
    Instant now = clock.instant();
    Instant ready = seen.computeIfAbsent(pod.getMetadata().getUid(), it -> now).plus(startup);
    PodLife life = new PodLife(pod, now);
    Optional<String> missing = missingClaim(pod);
    PodStatus status;
    if (missing.isPresent()) {
      status = life.unschedulable("persistentvolumeclaim \"" + missing.get() + "\" not found");
    } else if (life.missingImage()) {
      status = life.starting();
    } else if (now.isBefore(ready)) {
      status = life.starting();
      wakeAfter(Duration.between(now, ready));
    } else {
      status = life.up(life.address().orElseGet(() -> address("10.42")));
    }
    if (!status.equals(pod.getStatus())) {
      client.resource(pod).editStatus(it -> new PodBuilder(it).withStatus(status).build());
    }
  }

  private void wakeAfter(Duration delay) {
    thread.schedule(() -> wake(Duration.ZERO), delay.toMillis() + 1, TimeUnit.MILLISECONDS);
  }

  private Optional<String> missingClaim(Pod pod) {
    Set<String> bound =
        client
            .persistentVolumeClaims()
            .inNamespace(pod.getMetadata().getNamespace())
            .list()
            .getItems()
            .stream()
            .filter(SimulatedNode::bound)
            .map(it -> it.getMetadata().getName())
            .collect(Collectors.toSet());
    return pod.getSpec().getVolumes().stream()
        .filter(it -> it.getPersistentVolumeClaim() != null)
        .map(it -> it.getPersistentVolumeClaim().getClaimName())
        .filter(it -> !bound.contains(it))
        .findFirst();
  }

  @Override
  public void close() {
    informers.forEach(SharedIndexInformer::stop);
    thread.shutdownNow();
  }
}
