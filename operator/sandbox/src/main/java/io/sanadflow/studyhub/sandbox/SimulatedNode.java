package io.sanadflow.studyhub.sandbox;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatusBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Plays kubelet, controllers and garbage collector, in a loop over everything there is: claims are
 * bound, pods come and become ready, Jobs end. Nothing is run.
 */
final class SimulatedNode implements AutoCloseable {

  private static final String TEMPLATE = "sandbox/template";

  private final KubernetesClient client;
  private final Duration delay;
  private final Map<String, Instant> born = new HashMap<>();
  private final ScheduledExecutorService loop =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "simulated-node");
            thread.setDaemon(true);
            return thread;
          });
  private int addresses;

  /**
   * Starts it.
   *
   * @param delay how long a pod takes to become ready
   */
  SimulatedNode(KubernetesClient client, Duration delay) {
    this.client = client;
    this.delay = delay;
    loop.scheduleWithFixedDelay(this::round, 0, 100, TimeUnit.MILLISECONDS);
  }

  private void round() {
    try {
      collectGarbage();
      client.persistentVolumeClaims().inAnyNamespace().list().getItems().forEach(this::bind);
      client.services().inAnyNamespace().list().getItems().forEach(this::address);
      List<Pod> pods = client.pods().inAnyNamespace().list().getItems();
      pods.forEach(this::live);
      for (StatefulSet set : client.apps().statefulSets().inAnyNamespace().list().getItems()) {
        statefulSet(set, pods);
      }
      for (Deployment deployment : client.apps().deployments().inAnyNamespace().list().getItems()) {
        deployment(deployment, pods);
      }
      for (Job job : client.batch().v1().jobs().inAnyNamespace().list().getItems()) {
        job(job, pods);
      }
    } catch (KubernetesClientException conflict) {
      // Somebody else wrote in between: the next round sees it.
    }
  }

  private void bind(PersistentVolumeClaim claim) {
    if (claim.getStatus() == null || claim.getStatus().getPhase() == null) {
      client
          .resource(claim)
          .edit(it -> it.edit().withNewStatus().withPhase("Bound").endStatus().build());
    }
  }

  private void address(Service service) {
    if (service.getSpec().getClusterIP() == null) {
      String address = "10.43.0." + ++addresses;
      client
          .resource(service)
          .edit(it -> it.edit().editSpec().withClusterIP(address).endSpec().build());
    }
  }

  /** A pod is ready some time after its birth, unless its image is called missing. */
  private void live(Pod pod) {
    Instant since = born.computeIfAbsent(pod.getMetadata().getUid(), it -> Instant.now());
    boolean due = since.plus(delay).isBefore(Instant.now());
    if (!due || pod.getStatus() != null && pod.getStatus().getPodIP() != null) {
      return;
    }
    List<ContainerStatus> containers = new ArrayList<>();
    boolean missing = false;
    for (Container container : pod.getSpec().getContainers()) {
      missing |= container.getImage().endsWith(":missing");
      containers.add(status(container));
    }
    List<ContainerStatus> sidecars =
        pod.getSpec().getInitContainers().stream().map(SimulatedNode::status).toList();
    String address = "10.42.0." + ++addresses;
    String ready = missing ? "False" : "True";
    client
        .resource(pod)
        .edit(
            it ->
                it.edit()
                    .withNewStatus()
                    .withPhase(ready.equals("True") ? "Running" : "Pending")
                    .withPodIP(address)
                    .withContainerStatuses(containers)
                    .withInitContainerStatuses(sidecars)
                    .addNewCondition()
                    .withType("Ready")
                    .withStatus(ready)
                    .endCondition()
                    .endStatus()
                    .build());
  }

  private static ContainerStatus status(Container container) {
    var status =
        new ContainerStatusBuilder()
            .withName(container.getName())
            .withImage(container.getImage())
            .withRestartCount(0);
    if (container.getImage().endsWith(":missing")) {
      return status
          .withReady(false)
          .withNewState()
          .withNewWaiting()
          .withReason("ImagePullBackOff")
          .withMessage("not found")
          .endWaiting()
          .endState()
          .build();
    }
    return status.withReady(true).withStarted(true).withNewState().endState().build();
  }

  private void statefulSet(StatefulSet set, List<Pod> pods) {
    int wanted = set.getSpec().getReplicas();
    List<Pod> own =
        roll(
            set,
            "StatefulSet",
            set.getMetadata().getName(),
            set.getSpec().getTemplate(),
            wanted,
            pods);
    int ready = ready(own);
    var status =
        new StatefulSetStatusBuilder()
            .withObservedGeneration(set.getMetadata().getGeneration())
            .withReplicas(own.size())
            .withReadyReplicas(ready)
            .withUpdatedReplicas(own.size())
            .withCurrentRevision(hash(set.getSpec().getTemplate()))
            .withUpdateRevision(hash(set.getSpec().getTemplate()))
            .build();
    if (!status.equals(set.getStatus())) {
      client.resource(set).edit(it -> it.edit().withStatus(status).build());
    }
  }

  private void deployment(Deployment deployment, List<Pod> pods) {
    int wanted = deployment.getSpec().getReplicas();
    String name = deployment.getMetadata().getName();
    PodTemplateSpec template = deployment.getSpec().getTemplate();
    List<Pod> own =
        roll(deployment, "ReplicaSet", name + "-" + hash(template), template, wanted, pods);
    long updated =
        own.stream()
            .filter(it -> hash(template).equals(it.getMetadata().getAnnotations().get(TEMPLATE)))
            .count();
    var status =
        new DeploymentStatusBuilder()
            .withObservedGeneration(deployment.getMetadata().getGeneration())
            .withReplicas(own.size())
            .withReadyReplicas(ready(own))
            .withAvailableReplicas(ready(own))
            .withUpdatedReplicas((int) updated)
            .build();
    if (!status.equals(deployment.getStatus())) {
      client.resource(deployment).edit(it -> it.edit().withStatus(status).build());
    }
  }

  /** Makes the pods that are missing; the old ones go when the new ones are ready. */
  private List<Pod> roll(
      HasMetadata owner,
      String kind,
      String ownerName,
      PodTemplateSpec template,
      int wanted,
      List<Pod> pods) {
    String hash = hash(template);
    List<Pod> own = new ArrayList<>(pods.stream().filter(it -> isOf(it, owner)).toList());
    List<Pod> current =
        own.stream()
            .filter(it -> hash.equals(it.getMetadata().getAnnotations().get(TEMPLATE)))
            .toList();
    boolean ordinal = kind.equals("StatefulSet");
    for (int number = current.size(); number < wanted; number++) {
      String name = ownerName + "-" + number;
      if (ordinal && own.stream().anyMatch(it -> it.getMetadata().getName().equals(name))) {
        client.pods().inNamespace(owner.getMetadata().getNamespace()).withName(name).delete();
        continue;
      }
      own.add(create(owner, kind, ownerName, name, template));
    }
    boolean done = ready(current) >= wanted;
    for (Pod pod : List.copyOf(own)) {
      boolean old = !hash.equals(pod.getMetadata().getAnnotations().get(TEMPLATE));
      boolean surplus = current.indexOf(pod) >= wanted;
      if (old && done || surplus) {
        client.resource(pod).delete();
        own.remove(pod);
      }
    }
    return own;
  }

  private Pod create(
      HasMetadata owner, String kind, String ownerName, String name, PodTemplateSpec template) {
    return client
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(owner.getMetadata().getNamespace())
                .withLabels(template.getMetadata().getLabels())
                .withAnnotations(Map.of(TEMPLATE, hash(template)))
                .withOwnerReferences(
                    new OwnerReferenceBuilder()
                        .withApiVersion(owner.getApiVersion())
                        .withKind(kind)
                        .withName(ownerName)
                        .withUid(owner.getMetadata().getUid())
                        .withController(true)
                        .build())
                .endMetadata()
                .withSpec(template.getSpec())
                .build())
        .create();
  }

  /** Ends some time after its pod came; FAIL_MIGRATION=1 in the environment makes it fail. */
  private void job(Job job, List<Pod> pods) {
    if (job.getStatus() != null
        && job.getStatus().getConditions() != null
        && !job.getStatus().getConditions().isEmpty()) {
      return;
    }
    Optional<Pod> pod = pods.stream().filter(it -> isOf(it, job)).findFirst();
    PodTemplateSpec template = job.getSpec().getTemplate();
    if (pod.isEmpty()) {
      var labelled = template.edit().editMetadata();
      labelled.addToLabels("batch.kubernetes.io/job-name", job.getMetadata().getName());
      String name = job.getMetadata().getName() + "-0";
      create(job, "Job", job.getMetadata().getName(), name, labelled.endMetadata().build());
      return;
    }
    Container container = template.getSpec().getContainers().get(0);
    if (pod.get().getStatus() == null || container.getImage().endsWith(":missing")) {
      return;
    }
    boolean fails =
        container.getEnv().stream()
            .anyMatch(it -> it.getName().equals("FAIL_MIGRATION") && "1".equals(it.getValue()));
    end(pod.get(), fails);
    var status =
        new JobStatusBuilder()
            .addNewCondition()
            .withType(fails ? "Failed" : "Complete")
            .withStatus("True")
            .withReason(fails ? "BackoffLimitExceeded" : null)
            .endCondition()
            .build();
    client.resource(job).edit(it -> it.edit().withStatus(status).build());
  }

  private void end(Pod pod, boolean fails) {
    ContainerStatus ended =
        new ContainerStatusBuilder(pod.getStatus().getContainerStatuses().get(0))
            .withReady(false)
            .withNewState()
            .withNewTerminated()
            .withExitCode(fails ? 1 : 0)
            .withMessage(fails ? "migration failed: FAIL_MIGRATION is set" : null)
            .endTerminated()
            .endState()
            .build();
    client
        .resource(pod)
        .edit(
            it ->
                it.edit()
                    .editStatus()
                    .withPhase(fails ? "Failed" : "Succeeded")
                    .withContainerStatuses(ended)
                    .withConditions(List.of())
                    .endStatus()
                    .build());
  }

  /** What belonged to an owner that is gone goes too. */
  private void collectGarbage() {
    List<HasMetadata> all = new ArrayList<>();
    SandboxKinds.ALL.forEach(
        it -> all.addAll(client.resources(it).inAnyNamespace().list().getItems()));
    Set<String> alive = new HashSet<>();
    all.forEach(it -> alive.add(it.getMetadata().getUid()));
    for (HasMetadata object : all) {
      List<OwnerReference> owners = object.getMetadata().getOwnerReferences();
      if (!owners.isEmpty() && owners.stream().noneMatch(it -> alive.contains(it.getUid()))) {
        client.resource(object).delete();
      }
    }
  }

  private static boolean isOf(Pod pod, HasMetadata owner) {
    return pod.getMetadata().getOwnerReferences().stream()
        .anyMatch(it -> it.getUid().equals(owner.getMetadata().getUid()));
  }

  private static int ready(List<Pod> pods) {
    return (int)
        pods.stream()
            .filter(it -> it.getStatus() != null && it.getStatus().getConditions() != null)
            .filter(
                it ->
                    it.getStatus().getConditions().stream()
                        .anyMatch(
                            condition ->
                                condition.getType().equals("Ready")
                                    && condition.getStatus().equals("True")))
            .count();
  }

  private static String hash(PodTemplateSpec template) {
    return Integer.toHexString(template.hashCode());
  }

  @Override
  public void close() {
    loop.shutdownNow();
  }
}
