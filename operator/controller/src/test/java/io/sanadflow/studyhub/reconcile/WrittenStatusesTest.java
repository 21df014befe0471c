package io.sanadflow.studyhub.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.sanadflow.studyhub.api.v1alpha1.StudyHub;
import io.sanadflow.studyhub.api.v1alpha1.StudyHubStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

class WrittenStatusesTest {

  private final WrittenStatuses statuses = new WrittenStatuses();

  @Test
  void aVisitBeforeTheCacheHasTheLastStatusKnowsIt() {
    StudyHub seen = hub("7", status("Healthy"));
    statuses.write(seen, status("Progressing"));

    assertThat(statuses.of(seen)).contains(status("Progressing"));
  }

  @Test
  void whatTheCacheHasNewerWins() {
    statuses.write(hub("7", status("Healthy")), status("Progressing"));

    assertThat(statuses.of(hub("8", status("Stalled")))).contains(status("Stalled"));
  }

  @Test
  void nothingIsKnownOfAHubThatIsGone() {
    StudyHub seen = hub("7", status("Healthy"));
    statuses.write(seen, status("Progressing"));
    statuses.forget(seen);

    assertThat(statuses.of(seen)).contains(status("Healthy"));
  }

  private static StudyHub hub(String version, StudyHubStatus status) {
    StudyHub hub = new StudyHub();
    hub.setMetadata(
        new ObjectMetaBuilder()
            .withName("pilot")
            .withUid("u")
            .withResourceVersion(version)
            .build());
    hub.setStatus(status);
    return hub;
  }

  private static StudyHubStatus status(String health) {
    return new StudyHubStatus(
        1L, health, List.of(), null, null, null, null, null, null, null, null, null, null);
  }
}
