package io.sanadflow.studyhub.component;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubBackup;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubStatus;
import io.sanadflow.studyhub.model.Labels;
import io.sanadflow.studyhub.probe.ProbeReport;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What is there: the hub's objects as the caches hold them (without what nobody reads), its pods,
 * and what its parts answered.
 *
 * @param apis API groups beyond Kubernetes's own that the cluster serves, such as traefik.io
 * @param secretsDigest a hash over the user's Secrets that pods read at their start
 * @param storeDigest a text that changes with the Secrets that open the object store
 * @param operatorNamespace where the operator's own pods are, which may ask the hub's parts
 * @param operatorImage what the operator's own pods run, and agents too
 * @param backups the StudyHubBackups of the hub
 * @param now the moment of this look
 * @param restoring what the hub's restores ask of its parts
 * @param told the status that was written last, which knows what is gone since
 * @param ended what agents reported, newest first
 */
public record Observed(
    Map<ObjectKey, HasMetadata> objects,
    List<Pod> pods,
    ProbeReport report,
    Set<String> apis,
    String secretsDigest,
    String storeDigest,
    String operatorNamespace,
    String operatorImage,
    List<StudyHubBackup> backups,
    Instant now,
    Restoring restoring,
    Optional<StudyHubStatus> told,
    List<AgentRuns.Ended> ended) {

  /** Where no restore is looked for, and nothing was told before. */
  public Observed(
      Map<ObjectKey, HasMetadata> objects,
      List<Pod> pods,
      ProbeReport report,
      Set<String> apis,
      String secretsDigest,
      String storeDigest,
      String operatorNamespace,
      String operatorImage,
      List<StudyHubBackup> backups,
      Instant now) {
    this(
        objects,
        pods,
        report,
        apis,
        secretsDigest,
        storeDigest,
        operatorNamespace,
        operatorImage,
        backups,
        now,
        Restoring.NONE,
        Optional.empty(),
        // Here, so that reports are decoded once a pass.
        AgentRuns.of(objects.values(), pods));
  }

  /** The image where nobody says which, as in {@code render}. */
  public static final String RELEASED_IMAGE = "ghcr.io/sanadflow/studyhub-operator:0.1.0";

  /** Nothing is there yet. */
  public static Observed nothing(Set<String> apis, String operatorNamespace) {
    return new Observed(
        Map.of(),
        List.of(),
        ProbeReport.NONE,
        apis,
        "",
        "",
        operatorNamespace,
        RELEASED_IMAGE,
        List.of(),
        Instant.EPOCH);
  }

  /** The same with newer answers. */
  public Observed with(ProbeReport report) {
    return copy(report, restoring, told);
  }

  /** The same, after this status. */
  public Observed after(Optional<StudyHubStatus> told) {
    return copy(report, restoring, told);
  }

  /** The same, with what restores ask for. */
  public Observed with(Restoring restoring) {
    return copy(report, restoring, told);
  }

  private Observed copy(ProbeReport report, Restoring restoring, Optional<StudyHubStatus> told) {
    return new Observed(
        objects,
        pods,
        report,
        apis,
        secretsDigest,
        storeDigest,
        operatorNamespace,
        operatorImage,
        backups,
        now,
        restoring,
        told,
        ended);
  }

  /** The Deployment of this name. */
  public Optional<Deployment> deployment(String name) {
    return find("Deployment", name, Deployment.class);
  }

  /** The StatefulSet of this name. */
  public Optional<StatefulSet> statefulSet(String name) {
    return find("StatefulSet", name, StatefulSet.class);
  }

  /** The Job of this name. */
  public Optional<Job> job(String name) {
    return find("Job", name, Job.class);
  }

  /** The CronJob of this name. */
  public Optional<CronJob> cronJob(String name) {
    return find("CronJob", name, CronJob.class);
  }

  /** The Service of this name. */
  public Optional<Service> service(String name) {
    return find("Service", name, Service.class);
  }

  /** The pods of a part that are not on their way out. */
  public List<Pod> pods(String component) {
    return pods.stream()
        .filter(it -> it.getMetadata().getDeletionTimestamp() == null)
        .filter(
            it ->
                it.getMetadata().getLabels() != null
                    && component.equals(it.getMetadata().getLabels().get(Labels.COMPONENT)))
        .toList();
  }

  /** The pods of a part whose Ready condition is True. */
  public List<Pod> readyPods(String component) {
    return pods(component).stream().filter(Workloads::ready).toList();
  }

  /** Whether a pod is there that has not ended, be it on its way out. */
  public boolean running() {
    return pods.stream()
        .map(it -> it.getStatus() == null ? null : it.getStatus().getPhase())
        .anyMatch(it -> !"Succeeded".equals(it) && !"Failed".equals(it));
  }

  /** An annotation of an object that is there. */
  public Optional<String> annotation(ObjectKey key, String annotation) {
    return Optional.ofNullable(objects.get(key))
        .map(it -> it.getMetadata().getAnnotations())
        .map(it -> it.get(annotation))
        .filter(Objects::nonNull);
  }

  private <T> Optional<T> find(String kind, String name, Class<T> type) {
    return Optional.ofNullable(objects.get(new ObjectKey(kind, name)))
        .filter(type::isInstance)
        .map(type::cast);
  }
}
