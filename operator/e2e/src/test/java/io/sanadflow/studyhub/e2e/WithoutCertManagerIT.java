package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Hubs that name an issuer in a cluster that has no cert-manager. */
@ExtendWith(Installed.class)
class WithoutCertManagerIT {

  @RegisterExtension static final Cluster cluster = new Cluster();

  @Test
  void whatIsToBeInstalledIsNamed() {
    assumeFalse(Issuers.served(cluster), "the cluster has cert-manager");
    Hub hub = new Hub(cluster, "issued");
    hub.apply("{app: {image: \"" + Hub.IMAGE_1 + "\"}, certificates: {issuerRef: {name: a}}}")
        .orFail();

    hub.awaitCondition("Stalled", "True", Duration.ofSeconds(30));

    assertThat(hub.conditions().get("Stalled").reason()).isEqualTo("ApiMissing");
    assertThat(hub.conditions().get("Stalled").message())
        .contains("spec.certificates.issuerRef", "install cert-manager with its CRDs");
  }
}
