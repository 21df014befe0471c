package io.sanadflow.studyhub.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkloadsTest {

  private static Pod waiting(String reason, String message) {
    return new PodBuilder()
        .withNewStatus()
        .addNewContainerStatus()
        .withName("app")
        .withNewState()
        .withNewWaiting()
        .withReason(reason)
        .withMessage(message)
        .endWaiting()
        .endState()
        .endContainerStatus()
        .endStatus()
        .build();
  }

  /** ConfigMaps are not checked before, so the kubelet's words must come through. */
  @Test
  void aConfigMapThatIsMissingIsNamed() {
    assertThat(
            Workloads.trouble(
                List.of(waiting("CreateContainerConfigError", "configmap \"settings\" not found"))))
        .contains(
            new Workloads.Trouble(
                "ContainerNotCreated", "container app: configmap \"settings\" not found"));
  }

  @Test
  void aContainerThatIsOnItsWayIsNoTrouble() {
    assertThat(Workloads.trouble(List.of(waiting("ContainerCreating", "")))).isEmpty();
    assertThat(Workloads.trouble(List.of(waiting("PodInitializing", "")))).isEmpty();
  }
}
