package io.sanadflow.studyhub.sandbox;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentConditionBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** What the controllers of Deployments, StatefulSets and Jobs do: pods, and a status. */
final class Workers {

  private static final String TEMPLATE = "pod-template-hash";

  private static final String REVISION = "controller-revision-hash";

  private final KubernetesClient client;
  private final Clock clock;

  Workers(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /** One step of a rolling update, or none, and the status. */
  void deployment(Deployment deployment, List<Pod> all) {
    var spec = deployment.getSpec();
    String hash = hash(spec.getTemplate());
    List<ReplicaSet> sets = replicaSets(deployment, hash);
    List<Pod> pods = sets.stream().flatMap(it -> Ownership.owned(it, all).stream()).toList();
    ReplicaSet current =
        sets.stream()
            .filter(it -> hash.equals(it.getMetadata().getLabels().get(TEMPLATE)))
            .findFirst()
            .orElseThrow();
    List<Pod> fresh = pods.stream().filter(it -> is(it, TEMPLATE, hash)).toList();
    List<Pod> old = pods.stream().filter(it -> !is(it, TEMPLATE, hash)).toList();
    int wanted = Optional.ofNullable(spec.getReplicas()).orElse(1);
    var rolling = Optional.ofNullable(spec.getStrategy()).map(it -> it.getRollingUpdate());
    int surge = rolling.map(it -> it.getMaxSurge()).map(it -> it.getIntVal()).orElse(1);
    int unavailable = rolling.map(it -> it.getMaxUnavailable()).map(it -> it.getIntVal()).orElse(0);

    int room = Math.min(wanted - fresh.size(), wanted + surge - pods.size());
    for (int i = 0; i < room; i++) {
      String name = current.getMetadata().getName() + "-" + suffix();
      create(current, spec.getTemplate(), name, Map.of(TEMPLATE, hash));
    }
    long ready = pods.stream().filter(PodLife::ready).count();
    long spare = ready - (wanted - unavailable);
    for (Pod pod : old) {
      if (!PodLife.ready(pod) || spare-- > 0) {
        client.resource(pod).delete();
      }
    }
    fresh.stream()
        .sorted(Comparator.comparing(PodLife::ready))
        .limit(Math.max(0, fresh.size() - wanted))
        .forEach(it -> client.resource(it).delete());
    status(deployment, pods, fresh, wanted, (int) ready);
  }

  /** The ReplicaSets of a Deployment, that of its newest template among them. */
  private List<ReplicaSet> replicaSets(Deployment deployment, String hash) {
    String namespace = deployment.getMetadata().getNamespace();
    List<ReplicaSet> sets =
        client.apps().replicaSets().inNamespace(namespace).list().getItems().stream()
            .filter(it -> Ownership.isOwned(it, deployment))
            .toList();
    if (sets.stream().anyMatch(it -> hash.equals(it.getMetadata().getLabels().get(TEMPLATE)))) {
      return sets;
    }
    var template = deployment.getSpec().getTemplate();
    Map<String, String> labels = new TreeMap<>(template.getMetadata().getLabels());
    labels.put(TEMPLATE, hash);
    ReplicaSet made =
        new ReplicaSetBuilder()
            .withNewMetadata()
            .withName(deployment.getMetadata().getName() + "-" + hash)
            .withNamespace(namespace)
            .withLabels(labels)
            .withOwnerReferences(Ownership.controlled(deployment))
            .endMetadata()
            .withNewSpec()
            .withSelector(deployment.getSpec().getSelector())
            .withTemplate(template)
            .endSpec()
            .build();
    List<ReplicaSet> all = new ArrayList<>(sets);
    all.add(client.resource(made).create());
    return all;
  }

  private void status(
      Deployment deployment, List<Pod> pods, List<Pod> fresh, int wanted, int ready) {
    boolean rolledOut =
        fresh.size() == wanted && pods.size() == wanted && fresh.stream().allMatch(PodLife::ready);
    var status =
        new DeploymentBuilder()
            .withNewStatus()
            .withObservedGeneration(deployment.getMetadata().getGeneration())
            .withReplicas(pods.size())
            .withUpdatedReplicas(fresh.size())
            .withReadyReplicas(ready)
            .withAvailableReplicas(ready)
            .withUnavailableReplicas(Math.max(0, wanted - ready))
            .withConditions(
                condition(
                    deployment,
                    "Available",
                    ready >= wanted,
                    ready >= wanted ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable"),
                condition(
                    deployment,
                    "Progressing",
                    true,
                    rolledOut ? "NewReplicaSetAvailable" : "ReplicaSetUpdated"))
            .endStatus()
            .buildStatus();
    if (!status.equals(deployment.getStatus())) {
      client
          .resource(deployment)
          .editStatus(it -> new DeploymentBuilder(it).withStatus(status).build());
    }
  }

  private DeploymentCondition condition(
      Deployment deployment, String type, boolean holds, String reason) {
    String status = holds ? "True" : "False";
    String since =
        Optional.ofNullable(deployment.getStatus()).stream()
            .flatMap(it -> it.getConditions().stream())
            .filter(it -> it.getType().equals(type) && it.getStatus().equals(status))
            .map(DeploymentCondition::getLastTransitionTime)
            .findFirst()
            .orElseGet(this::now);
    return new DeploymentConditionBuilder()
        .withType(type)
        .withStatus(status)
        .withReason(reason)
        .withLastTransitionTime(since)
        .build();
  }

  /** Pods by their ordinals; one of an old template goes before the next comes. */
  void statefulSet(StatefulSet set, List<Pod> all) {
    var spec = set.getSpec();
    String name = set.getMetadata().getName();
    String revision = name + "-" + hash(spec.getTemplate());
    int wanted = Optional.ofNullable(spec.getReplicas()).orElse(1);
    List<Pod> pods = Ownership.owned(set, all);
    List<String> names = pods.stream().map(it -> it.getMetadata().getName()).toList();
    for (int i = 0; i < wanted; i++) {
      if (!names.contains(name + "-" + i)) {
        create(
            set,
            spec.getTemplate(),
            name + "-" + i,
            Map.of(REVISION, revision, "statefulset.kubernetes.io/pod-name", name + "-" + i));
      }
    }
    for (Pod pod : pods) {
      int ordinal = Integer.parseInt(pod.getMetadata().getName().substring(name.length() + 1));
      if (ordinal >= wanted || !is(pod, REVISION, revision)) {
        client.resource(pod).delete();
      }
    }
    int ready = (int) pods.stream().filter(PodLife::ready).count();
    int updated = (int) pods.stream().filter(it -> is(it, REVISION, revision)).count();
    String before =
        Optional.ofNullable(set.getStatus()).map(it -> it.getCurrentRevision()).orElse(revision);
    var status =
        new StatefulSetBuilder()
            .withNewStatus()
            .withObservedGeneration(set.getMetadata().getGeneration())
            .withReplicas(pods.size())
            .withUpdatedReplicas(updated)
            .withCurrentReplicas(pods.size())
            .withReadyReplicas(ready)
            .withAvailableReplicas(ready)
            .withCurrentRevision(updated == wanted && ready == wanted ? revision : before)
            .withUpdateRevision(revision)
            .endStatus()
            .buildStatus();
    if (!status.equals(set.getStatus())) {
      client.resource(set).editStatus(it -> new StatefulSetBuilder(it).withStatus(status).build());
    }
  }

  /** One pod, and the Job's end when the pod's has come. A failure is not tried again. */
  void job(Job job, List<Pod> all) {
    if (job.getStatus() != null && !job.getStatus().getConditions().isEmpty()) {
      return;
    }
    String name = job.getMetadata().getName();
    Optional<Pod> pod = Ownership.owned(job, all).stream().findFirst();
    if (pod.isEmpty()) {
      create(
          job,
          job.getSpec().getTemplate(),
          name + "-" + suffix(),
          Map.of("batch.kubernetes.io/job-name", name, "job-name", name));
      return;
    }
    String phase = pod.get().getStatus() == null ? "" : pod.get().getStatus().getPhase();
    switch (phase) {
      case "Succeeded" -> end(job, "Complete", "CompletionsReached", "Reached expected number");
      case "Failed" ->
          end(job, "Failed", "BackoffLimitExceeded", "Job has reached the specified backoff limit");
      default -> {}
    }
  }

  private void end(Job job, String condition, String reason, String message) {
    boolean well = condition.equals("Complete");
    client
        .resource(job)
        .editStatus(
            it ->
                new JobBuilder(it)
                    .withNewStatus()
                    .withSucceeded(well ? 1 : null)
                    .withFailed(well ? null : 1)
                    .withCompletionTime(well ? now() : null)
                    .addNewCondition()
                    .withType(condition)
                    .withStatus("True")
                    .withReason(reason)
                    .withMessage(message)
                    .withLastTransitionTime(now())
                    .endCondition()
                    .endStatus()
                    .build());
  }

  private void create(
      HasMetadata owner, PodTemplateSpec template, String name, Map<String, String> labels) {
    Map<String, String> all = new TreeMap<>(labels);
    var metadata = Optional.ofNullable(template.getMetadata());
    metadata.map(it -> it.getLabels()).ifPresent(all::putAll);
    client
        .resource(
            new PodBuilder()
                .withMetadata(
                    new ObjectMetaBuilder()
                        .withName(name)
                        .withNamespace(owner.getMetadata().getNamespace())
                        .withLabels(all)
                        .withAnnotations(metadata.map(it -> it.getAnnotations()).orElse(null))
                        .withOwnerReferences(Ownership.controlled(owner))
                        .build())
                .withSpec(template.getSpec())
                .build())
        .create();
  }

  private static String suffix() {
    return UUID.randomUUID().toString().substring(0, 5);
  }

  private static boolean is(Pod pod, String label, String value) {
    return value.equals(pod.getMetadata().getLabels().get(label));
  }

  private static String hash(PodTemplateSpec template) {
    byte[] text = Serialization.asJson(template).getBytes(StandardCharsets.UTF_8);
    return UUID.nameUUIDFromBytes(text).toString().replace("-", "").substring(0, 10);
  }

  private String now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
