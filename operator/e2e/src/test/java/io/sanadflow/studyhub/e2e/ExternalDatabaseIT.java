package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A hub on a database that is elsewhere, here that of another hub. */
@ExtendWith(Installed.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ExternalDatabaseIT {

  @RegisterExtension static final Cluster cluster = new Cluster();

  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final Hub hub = new Hub(cluster, "campus");
  private static Lender lender;

  @BeforeAll
  static void aDatabaseElsewhere() {
    lender = Lender.start(cluster, hub.name());
    lender.credentials("campus-database");
  }

  private static String spec(String host, String authority) {
    return """
        {app: {image: "%s"}, budget: {memory: 640Mi},
         database: {external: {host: %s, database: %s, credentialsSecret: {name: campus-database}%s}}}
        """
        .formatted(Hub.IMAGE_1, host, lender.database(), authority)
        .replace("\n", " ");
  }

  /** The certificate is of no public authority, so a hub that names none must not trust it. */
  @Test
  @Order(1)
  void anAuthorityThatIsNotNamedIsNotTrusted() {
    hub.apply(spec(lender.host(), "")).orFail();

    hub.awaitCondition("Stalled", "True", LIMIT);

    assertThat(hub.conditions().get("DatabaseReady"))
        .satisfies(
            it -> {
              assertThat(it.status()).isEqualTo("False");
              assertThat(it.reason()).isEqualTo("NotReachable");
              assertThat(it.message()).contains("TLS", "spec.database.external.caSecret");
            });
    assertThat(hub.pods("app")).isEmpty();
  }

  @Test
  @Order(2)
  void withItsAuthorityTheHubServesAndRunsNoPostgres() {
    hub.apply(spec(lender.host(), ", caSecret: {name: " + lender.authoritySecret() + "}")).orFail();
    hub.awaitReady(LIMIT);

    int notes = hub.count();
    hub.write("on somebody else's server");
    assertThat(hub.count()).isEqualTo(notes + 1);
    // The same rows, so it is the same database.
    assertThat(lender.hub().count()).isEqualTo(notes + 1);
    assertThat(hub.pods("database")).isEmpty();
  }

  /** The poolers of running pods are reloaded: they go on by the new name. */
  @Test
  @Order(3)
  void anotherHostIsReloadedInPlace() {
    List<String> pods = hub.podUids("app");

    hub.apply(
            spec(
                lender.host() + ".cluster.local",
                ", caSecret: {name: " + lender.authoritySecret() + "}"))
        .orFail();
    hub.awaitReady(LIMIT);

    assertThat(hub.podUids("app")).isEqualTo(pods);
    assertThat(hub.secret("campus-pooler", "settings.ini")).contains(".svc.cluster.local");
    hub.write("by another name");
  }
}
