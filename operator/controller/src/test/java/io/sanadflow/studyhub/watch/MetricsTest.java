package io.sanadflow.studyhub.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MetricsTest {

  private final Watched hubs = new Watched();
  private final Metrics metrics = new Metrics(hubs);

  private String written() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    metrics.write(out);
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aHubIsTold() throws IOException {
    hubs.hubs.add(Watched.well("pilot", Watched.PUBLIC));
    metrics.queued();
    metrics.queued();
    metrics.started();
    metrics.visited(Duration.ofMillis(30));
    metrics.failed();

    assertThat(written().lines())
        .contains(
            "studyhub_hubs 1.0",
            "studyhub_hub_info{database_version=\"16.15\",health=\"Healthy\",hub=\"pilot\","
                + "image=\"ghcr.io/sanadflow/hub:1\",namespace=\"study\"} 1.0",
            "studyhub_condition{condition=\"Ready\",hub=\"pilot\",namespace=\"study\"} 1.0",
            "studyhub_condition{condition=\"Degraded\",hub=\"pilot\",namespace=\"study\"} 0.0",
            "studyhub_condition{condition=\"Stalled\",hub=\"pilot\",namespace=\"study\"} -1.0",
            "studyhub_probe_success{hub=\"pilot\",namespace=\"study\",part=\"pooler\"} 1.0",
            "studyhub_probe_duration_seconds{hub=\"pilot\",namespace=\"study\",part=\"database\"} 0.012",
            "studyhub_database_size_bytes{hub=\"pilot\",namespace=\"study\"} 7654321.0",
            "studyhub_wal_waiting_segments{hub=\"pilot\",namespace=\"study\"} 2.0",
            "studyhub_pooler_client_connections{hub=\"pilot\",namespace=\"study\",pod=\"pilot-1\",state=\"waiting\"} 1.0",
            "studyhub_pooler_longest_wait_seconds{hub=\"pilot\",namespace=\"study\",pod=\"pilot-1\"} 1.5",
            "studyhub_backup_last_duration_seconds{hub=\"pilot\",namespace=\"study\"} 65.0",
            "studyhub_backup_rpo_seconds{hub=\"pilot\",namespace=\"study\"} 86400.0",
            "studyhub_drill_recovery_seconds{hub=\"pilot\",namespace=\"study\"} 65.0",
            "studyhub_object_store_up{hub=\"pilot\",namespace=\"study\"} 1.0",
            "studyhub_reconcile_queue_length 1.0",
            "studyhub_reconcile_errors_total 1.0",
            "studyhub_reconcile_duration_seconds_bucket{le=\"0.02\"} 0",
            "studyhub_reconcile_duration_seconds_bucket{le=\"0.1\"} 1")
        .anyMatch(it -> it.startsWith("studyhub_backup_last_size_bytes") && it.endsWith("E7"))
        .anyMatch(it -> it.startsWith("studyhub_certificate_expiry_timestamp_seconds"));
  }

  @Test
  void theSeriesOfAHubGoWithIt() throws IOException {
    hubs.hubs.add(Watched.well("pilot", Watched.PUBLIC));
    hubs.hubs.add(Watched.well("gone", Watched.PUBLIC));
    assertThat(written()).contains("hub=\"gone\"");
    hubs.hubs.remove(1);
    assertThat(written()).contains("hub=\"pilot\"").doesNotContain("gone");
  }

  @Test
  void eachNameIsWritten() throws IOException {
    hubs.hubs.add(Watched.well("pilot", Watched.PUBLIC));
    String written = written();
    assertThat(metrics.names())
        .doesNotHaveDuplicates()
        .filteredOn(it -> !MAY_BE_ABSENT.contains(it))
        .allSatisfy(it -> assertThat(written).contains("# HELP " + it + " "));
  }

  private static final String MAY_BE_ABSENT =
      "studyhub_backup_last_failure_timestamp_seconds studyhub_storage_used_bytes"
          + " studyhub_offload_phase";

  @Test
  void ofTheBudgetThePartIsTold() throws IOException {
    hubs.hubs.add(Watched.well("pilot", Watched.PUBLIC));
    assertThat(written())
        .contains(
            "studyhub_budget_used_ratio{hub=\"pilot\",namespace=\"study\",resource=\"objectStorage\"} 0.25",
            "studyhub_budget_forecast_ratio{hub=\"pilot\",namespace=\"study\",resource=\"classAOperations\"} 0.05");
  }

  @Test
  void prometheusFindsNoFault() throws Exception {
    hubs.hubs.add(Watched.well("pilot", Watched.PUBLIC));
    metrics.visited(Duration.ofMillis(30));
    assertThat(Promtool.run(Path.of("."), written(), "check", "metrics")).isBlank();
  }
}
