package io.sanadflow.studyhub.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.sanadflow.studyhub.fixture.Hubs;
import java.math.BigDecimal;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What follows from a spec and its defaults. */
class ResolverTest {

  private static final long MIB = 1024 * 1024;

  private static Hub hub(String spec) {
    return Hubs.resolved(Hubs.withSpec(spec));
  }

  @Test
  void aMinimalHubIsDecidedWhole() {
    Hub hub = hub("app: {image: hub}");
    assertThat(hub.uid()).isEqualTo(Hubs.UID);
    assertThat(hub.generation()).isEqualTo(3);
    assertThat(hub.app().heapMiB()).isEqualTo(200);
    assertThat(hub.app().migration().orElseThrow().timeout()).isEqualTo(Duration.ofMinutes(10));
    assertThat(hub.memory()).isEqualTo((256 + 28 + 256 + 48) * MIB);
    assertThat(hub.budget().memory()).isEqualTo(1024 * MIB);
    assertThat(hub.monitoring().probeInterval()).isEqualTo(Duration.ofSeconds(30));
    assertThat(hub.redis().orElseThrow().maxMemory()).isEqualTo(48 * MIB * 6 / 10);
  }

  @Test
  void aBudgetIsTheFreeTierUnlessGiven() {
    assertThat(hub("app: {image: hub}").budget())
        .isEqualTo(new Budget(1024 * MIB, 10_000_000_000L, 1_000_000, 10_000_000, BigDecimal.ZERO));
    assertThat(
            hub("app: {image: hub}\n"
                    + "budget: {objectStorage: 2500M, classAOperations: 300k, classBOperations: 7,"
                    + " cost: \"2.50\"}")
                .budget())
        .isEqualTo(new Budget(1024 * MIB, 2_500_000_000L, 300_000, 7, new BigDecimal("2.50")));
    assertThat(Hubs.problems("app: {image: hub}\nbudget: {classAOperations: 2E}", Facts.NONE))
        .containsExactly(
            new Problem(
                "spec.budget.classAOperations", "2E is out of bounds; 0 to 1Pi can be read"));
  }

  @Test
  void theMemoryRequestIsTheLimitUnlessGiven() {
    assertThat(
            hub("app: {image: hub, resources: {limits: {memory: 300Mi}}}")
                .app()
                .resources()
                .requirements()
                .getRequests()
                .get("memory"))
        .hasToString("300Mi");
  }

  @Test
  void aLimitMustBeGivenAndARequestWithinIt() {
    assertThat(Hubs.problems("app: {image: hub, resources: {requests: {cpu: 1m}}}", Facts.NONE))
        .containsExactly(
            new Problem(
                "spec.app.resources.limits.memory",
                "is missing, and the hub's memory budget needs it; 256Mi is the default"));
    assertThat(
            Hubs.problems(
                "app: {image: hub, resources: {requests: {memory: 300Mi}, limits: {memory: 256Mi}}}",
                Facts.NONE))
        .containsExactly(
            new Problem(
                "spec.app.resources.requests.memory",
                "300Mi is more than the limit; at most 256Mi can be requested"));
  }

  @ParameterizedTest
  @CsvSource({
    // 2 x 284 + 304 = 872: one pod more than wanted just fits, or just does not.
    "1, 872Mi, 15, Shared, true",
    "1, 871Mi, 15, Shared, false",
    // 2 x 21 + 8 = 50 of 50 connections, and two more.
    "1, 1Gi, 21, Shared, true",
    "1, 1Gi, 22, Shared, false",
    "1, 1Gi, 15, Sidecar, false",
    "2, 2Gi, 14, Shared, true"
  })
  void anUpdateRunsAPodMoreWhereItFits(
      int replicas, String budget, int connections, String placement, boolean surge) {
    Hub hub =
        hub(
            """
            app: {image: hub, replicas: %d}
            budget: {memory: %s}
            pooler: {maxDbConnections: %d}
            redis: {placement: %s}
            """
                .formatted(replicas, budget, connections, placement));
    assertThat(hub.app().surge()).isEqualTo(surge);
    assertThat(hub.peakPods()).isEqualTo(replicas + (surge ? 1 : 0));
  }

  @Test
  void aSidecarRedisCountsWithThePod() {
    Hub hub = hub("app: {image: hub}\nredis: {placement: Sidecar}");
    assertThat(hub.appPodMemory()).isEqualTo((256 + 28 + 48) * MIB);
    assertThat(hub.memory()).isEqualTo((256 + 28 + 256 + 48) * MIB);
    assertThat(hub.sharedRedis()).isFalse();
  }

  @Test
  void aDatabaseElsewhereCostsNoMemory() {
    Hub hub =
        hub(
            "app: {image: hub}\n"
                + "database: {external: {host: db, port: 6000, credentialsSecret: {name: a}}}");
    assertThat(hub.memory()).isEqualTo((256 + 28 + 48) * MIB);
    assertThat(hub.database().external().orElseThrow())
        .satisfies(
            it -> {
              assertThat(it.database()).isEqualTo("app");
              assertThat(it.port()).isEqualTo(6000);
              assertThat(it.authoritySecret()).isEmpty();
            });
  }

  @Test
  void aClusterOfCloudNativePgIsFoundByItsName() {
    assertThat(
            hub("app: {image: hub}\ndatabase: {external: {cloudNativePG: {name: pg}}}")
                .database()
                .external())
        .contains(
            new Hub.External(
                "pg-rw.study.svc", 5432, "app", "pg-app", java.util.Optional.of("pg-ca")));
  }

  @ParameterizedTest
  @CsvSource({"http://s3:9000, 9000", "http://s3, 80", "https://s3.example.org/path, 443"})
  void theStoresPortFollowsFromItsEndpoint(String endpoint, int port) {
    assertThat(
            hub("app: {image: hub}\nobjectStore: {bucket: hub-backups, endpoint: \""
                    + endpoint
                    + "\", credentialsSecret: {name: a}}")
                .objectStore())
        .get()
        .extracting(Hub.ObjectStore::port)
        .isEqualTo(port);
  }

  @ParameterizedTest
  @CsvSource({
    "'app: {image: hub, migration: {timeout: 500ms}}', app.migration.timeout, 500ms is too short; 10s to 7d would work",
    "'app: {image: hub, migration: {timeout: 0s}}', app.migration.timeout, 0s is too short; 10s to 7d would work",
    "'app: {image: hub}\nmonitoring: {probeInterval: 0s}', monitoring.probeInterval, 0s is too short; 5s to 1h would work",
    "'app: {image: hub}\npooler: {serverIdleTimeout: 500ms}', pooler.serverIdleTimeout, 500ms is too short; 1s to 30d would work",
    "'app: {image: hub}\npooler: {serverLifetime: 31d}', pooler.serverLifetime, 31d is too long; 1s to 30d would work",
    "'app: {image: hub}\nbackup: {rpo: 0s}', backup.rpo, 0s is too short; 1m to 365d would work",
    "'app: {image: hub}\nbackup: {rto: 1s}', backup.rto, 1s is too short; 1m to 365d would work",
    "'app: {image: hub}\nobjectStore: {endpoint: https://r2, bucket: hub-backups, credentialsSecret: {name: r2}}\noffload: {gracePeriod: 9999d}', offload.gracePeriod, 9999d is too long; 0s to 365d would work",
    "'app: {image: hub}\npooler: {serverIdleTimeout: 99999999999999999999s}', pooler.serverIdleTimeout, 'not a duration like 30s, 10m or 1h30m: 99999999999999999999s'"
  })
  void aTimeIsWithinItsBounds(String spec, String field, String message) {
    assertThat(Hubs.problems(spec, Facts.NONE))
        .containsExactly(new Problem("spec." + field, message));
  }

  @ParameterizedTest
  @CsvSource({
    "app, the app, 0, 32Mi",
    "app, the app, 31Mi, 32Mi",
    "database, PostgreSQL, 127Mi, 128Mi",
    "pooler, PgBouncer, 4Mi, 16Mi",
    "redis, Redis, 15Mi, 16Mi"
  })
  void aLimitIsEnoughToStart(String part, String name, String limit, String least) {
    String resources = "resources: {limits: {memory: %s}}";
    String spec =
        part.equals("app")
            ? "app: {image: hub, " + resources + "}"
            : "app: {image: hub}\n" + part + ": {" + resources + "}";
    assertThat(Hubs.problems(spec.formatted("\"" + limit + "\""), Facts.NONE))
        .containsExactly(
            new Problem(
                "spec." + part + ".resources.limits.memory",
                limit + " is too little for " + name + "; " + least + " or more would work"));
    assertThat(Hubs.problems(spec.formatted(least), Facts.NONE)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e99999999999", "1e999999999", "1e-999999999"})
  void aQuantityThatCannotBeReckonedWithIsLeftOut(String cpu) {
    var resolution =
        Resolver.resolve(
            Hubs.withSpec(
                "app: {image: hub, resources: {limits: {memory: 64Mi, cpu: \"" + cpu + "\"}}}"),
            Facts.NONE);
    assertThat(resolution.problems())
        .extracting(Problem::field)
        .containsExactly("spec.app.resources.limits.cpu");
    assertThat(resolution.hub().app().resources().requirements().getLimits())
        .containsOnlyKeys("memory");
  }

  @Test
  void moreMemoryThanThereIsDoesNotOverflow() {
    assertThat(
            Hubs.problems(
                "app: {image: hub, replicas: 50, resources: {limits: {memory: 8E}}}", Facts.NONE))
        .contains(
            new Problem(
                "spec.app.resources.limits.memory", "8E is out of bounds; 0 to 1Pi can be read"));
  }
}
