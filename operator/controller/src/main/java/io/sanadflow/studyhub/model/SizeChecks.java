package io.sanadflow.studyhub.model;

import io.fabric8.kubernetes.api.model.Quantity;
import io.sanadflow.studyhub.api.v1alpha1.AppSpec;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Memory against the heap and the budget, and volumes against those that exist. */
final class SizeChecks {

  /** Of the memory limit: Node needs the rest for its code, stacks and buffers. */
  private static final int HEAP_MAX_PERCENT = 85;

  private static final long MIB = 1024 * 1024;

  /** A new cluster of 40 MB, and its log of up to 256. */
  private static final Quantity LEAST_DATABASE = Quantity.parse("320Mi");

  private static final Quantity LEAST_COPIES = Quantity.parse("64Mi");

  private static final Quantity LEAST_MEDIA = Quantity.parse("1Mi");

  /** A rewrite of the append-only file needs a second one beside it. */
  private static final Quantity LEAST_REDIS = Quantity.parse("32Mi");

  private final Hub hub;
  private final Facts facts;
  private final List<Problem> problems = new ArrayList<>();

  private SizeChecks(Hub hub, Facts facts) {
    this.hub = hub;
    this.facts = facts;
  }

  static List<Problem> ofMemory(AppSpec app, Hub hub) {
    SizeChecks checks = new SizeChecks(hub, Facts.NONE);
    if (app.nodeHeapMiB() != null) {
      checks.heap();
    }
    checks.budget();
    return checks.problems;
  }

  static List<Problem> ofVolumes(Hub hub, Facts facts) {
    SizeChecks checks = new SizeChecks(hub, facts);
    checks.volumes();
    return checks.problems;
  }

  private void problem(String field, String message) {
    problems.add(new Problem(field, message));
  }

  private void heap() {
    long limit = hub.app().resources().memoryLimit() / MIB;
    int heap = hub.app().heapMiB();
    long most = limit * HEAP_MAX_PERCENT / 100;
    if (heap <= most) {
      return;
    }
    long wanted = (heap * 100L + HEAP_MAX_PERCENT - 1) / HEAP_MAX_PERCENT;
    long more = wanted * MIB - hub.app().resources().memoryLimit();
    problem(
        "spec.app.nodeHeapMiB",
        heap
            + " MiB of heap do not fit the memory limit of "
            + limit
            + "Mi, since Node needs memory outside its heap; at most "
            + most
            + " would work, or spec.app.resources.limits.memory of "
            + wanted
            + "Mi"
            + Proposals.budget(hub, hub.app().replicas() * more));
  }

  private void budget() {
    long budget = hub.budget().memory();
    if (hub.memory() <= budget) {
      return;
    }
    StringBuilder parts = new StringBuilder();
    parts
        .append(hub.app().replicas())
        .append(" x (app ")
        .append(hub.app().resources().memoryLimit() / MIB)
        .append(" + pooler ")
        .append(hub.pooler().resources().memoryLimit() / MIB);
    hub.redis()
        .filter(Hub.Redis::sidecar)
        .ifPresent(it -> parts.append(" + redis ").append(it.resources().memoryLimit() / MIB));
    parts.append(")");
    if (hub.database().external().isEmpty()) {
      parts.append(" + database ").append(hub.database().resources().memoryLimit() / MIB);
    }
    hub.redis()
        .filter(it -> !it.sidecar())
        .ifPresent(it -> parts.append(" + redis ").append(it.resources().memoryLimit() / MIB));
    hub.offload()
        .filter(it -> it.memory() > 0)
        .ifPresent(it -> parts.append(" + gateway ").append(it.memory() / MIB));
    hub.monitoring().logs().ifPresent(it -> parts.append(" + logs ").append(Logs.MEMORY / MIB));
    long sum = Proposals.mebibytes(hub.memory());
    problem(
        "spec.budget.memory",
        "the limits add up to "
            + sum
            + "Mi ("
            + parts
            + "), more than the budget of "
            + budget / MIB
            + "Mi; a budget of "
            + sum
            + "Mi would work, or smaller limits");
  }

  private void volumes() {
    if (hub.database().external().isEmpty()) {
      volume("spec.database", hub.names().database(), hub.database().storage(), LEAST_DATABASE);
    }
    hub.app()
        .media()
        .ifPresent(it -> volume("spec.app.media", hub.names().media(), it.storage(), LEAST_MEDIA));
    hub.redis()
        .flatMap(Hub.Redis::storage)
        .ifPresent(it -> volume("spec.redis", hub.names().redis(), it, LEAST_REDIS));
    hub.backup()
        .flatMap(Hub.Backup::localVolume)
        .ifPresent(
            it -> volume("spec.backup.localVolume", hub.names().localCopies(), it, LEAST_COPIES));
  }

  private void volume(String part, String claim, Hub.Storage wanted, Quantity least) {
    Optional<Facts.Volume> existing = facts.volume(claim);
    // One that exists is as large as it is, and serves.
    if (existing.isEmpty() && wanted.bytes() < Quantity.getAmountInBytes(least).longValueExact()) {
      problem(
          part + ".storage",
          wanted.size() + " is too little for this volume; " + least + " or more would work");
    }
    existing
        .filter(it -> it.bytes() > wanted.bytes())
        .ifPresent(
            it ->
                problem(
                    part + ".storage",
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
                    part + ".storageClassName",
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
}
