package io.sanadflow.studyhub.runtime;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.sanadflow.studyhub.watch.Metrics;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Hands what the framework tells of its visits on to the figures. */
final class ReconcileMetrics implements io.javaoperatorsdk.operator.api.monitoring.Metrics {

  private final Metrics metrics;

  ReconcileMetrics(Metrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void reconcileCustomResource(
      HasMetadata resource, @Nullable RetryInfo retry, Map<String, Object> metadata) {
    metrics.queued();
  }

  @Override
  public void reconciliationExecutionStarted(HasMetadata resource, Map<String, Object> metadata) {
    metrics.started();
  }

  @Override
  public void failedReconciliation(
      HasMetadata resource, Exception exception, Map<String, Object> metadata) {
    metrics.failed();
  }

  @Override
  public <T> T timeControllerExecution(ControllerExecution<T> execution) throws Exception {
    long start = System.nanoTime();
    try {
      return execution.execute();
    } finally {
      if (execution.name().equals("reconcile")) {
        metrics.visited(Duration.ofNanos(System.nanoTime() - start));
      }
    }
  }
}
