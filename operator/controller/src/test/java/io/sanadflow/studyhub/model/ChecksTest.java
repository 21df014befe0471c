package io.sanadflow.studyhub.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.sanadflow.studyhub.fixture.Hubs;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each problem names its field and a value that would work, and that value does work. */
class ChecksTest {

  private static final String APP = "app: {image: hub}\n";

  private static List<Problem> problems(String spec) {
    return Hubs.problems(spec, Facts.NONE);
  }

  private static void assertProblem(String spec, String field, String message) {
    assertThat(problems(spec)).containsExactly(new Problem(field, message));
  }

  private static void assertWorks(String spec) {
    assertThat(problems(spec)).isEmpty();
  }

  @Test
  void aMinimalHubHasNoProblem() {
    assertWorks(APP);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1hub", "a-name-that-is-one-character-too-long-for-"})
  void aNameMustSuitAService(String name) {
    var hub = Hubs.read(Hubs.MINIMAL);
    hub.getMetadata().setName(name);
    assertThat(Resolver.resolve(hub, Facts.NONE).problems())
        .extracting(Problem::field)
        .containsExactly("metadata.name");
  }

  @Test
  void theLongestNameWorks() {
    var hub = Hubs.read(Hubs.MINIMAL);
    hub.getMetadata().setName("a".repeat(40));
    assertThat(Resolver.resolve(hub, Facts.NONE).problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Hub", "hub:", "ghcr.io//hub:1", "hub@sha256:12", "hub:1:2", "-hub"})
  void anImageMustBeAReference(String image) {
    assertProblem(
        "app: {image: \"" + image + "\"}",
        "spec.app.image",
        "\""
            + image
            + "\" is not an image reference; one looks like ghcr.io/sanadflow/hub:1 or"
            + " name@sha256:<64 hex digits>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hub",
        "ghcr.io/sanadflow/hub:1",
        "localhost:5000/a__b/c.d:V1_x",
        "hub@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
      })
  void anImageWorks(String image) {
    assertWorks("app: {image: \"" + image + "\"}");
  }

  @ParameterizedTest
  @ValueSource(ints = {6432, 6379})
  void aPortOfTheSidecarsIsTaken(int port) {
    assertProblem(
        "app: {image: hub, port: " + port + "}",
        "spec.app.port",
        port + " is taken in the app's pod by PgBouncer or Redis; 8080 would work");
  }

  @Test
  void aSidecarRedisIsForOnePod() {
    String sidecar = "redis: {placement: Sidecar}";
    assertProblem(
        "app: {image: hub, replicas: 2}\n" + sidecar,
        "spec.redis.placement",
        "Sidecar gives each pod a Redis of its own, so spec.app.replicas must be 1; use placement"
            + " Shared for 2");
    assertWorks("app: {image: hub, replicas: 2}\nredis: {placement: Shared}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/tmp", "/etc/studyhub", "/etc/studyhub/ca"})
  void theOperatorsPathsAreNotForMedia(String path) {
    assertProblem(
        "app: {image: hub, media: {mountPath: " + path + "}}",
        "spec.app.media.mountPath",
        path + " is the operator's own; /data/media would work");
  }

  @Test
  void aHeapLeavesRoomForNode() {
    assertProblem(
        "app: {image: hub, nodeHeapMiB: 240}",
        "spec.app.nodeHeapMiB",
        "240 MiB of heap do not fit the memory limit of 256Mi, since Node needs memory outside its"
            + " heap; at most 217 would work, or spec.app.resources.limits.memory of 283Mi");
    assertWorks("app: {image: hub, nodeHeapMiB: 217}");
    assertWorks("app: {image: hub, nodeHeapMiB: 240, resources: {limits: {memory: 283Mi}}}");
  }

  @Test
  void theLimitsFitTheBudget() {
    String spec = "app: {image: hub, replicas: 2}\n";
    assertProblem(
        spec + "budget: {memory: 512Mi}",
        "spec.budget.memory",
        "the limits add up to 872Mi (2 x (app 256 + pooler 28) + database 256 + redis 48), more"
            + " than the budget of 512Mi; a budget of 872Mi would work, or smaller limits");
    assertWorks(spec + "budget: {memory: 872Mi}");
  }

  @Test
  void minPoolSizeIsWithinThePool() {
    assertProblem(
        APP + "pooler: {minPoolSize: 11}",
        "spec.pooler.minPoolSize",
        "11 is more than defaultPoolSize; at most 10 would work");
    assertWorks(APP + "pooler: {minPoolSize: 10}");
  }

  @Test
  void thePoolIsWithinTheDatabaseConnections() {
    assertProblem(
        APP + "pooler: {defaultPoolSize: 14}",
        "spec.pooler.defaultPoolSize",
        "14 and a reservePoolSize of 2 are more than maxDbConnections of 15; a defaultPoolSize of"
            + " 13 would work");
    assertWorks(APP + "pooler: {defaultPoolSize: 13}");
  }

  @Test
  void allPodsTogetherAreWithinTheServersConnections() {
    String app = "app: {image: hub, replicas: 3}\nbudget: {memory: 2Gi}\n";
    assertProblem(
        app,
        "spec.pooler.maxDbConnections",
        "3 app pods x 15 connections and 8 in reserve are 53, more than the database's"
            + " max_connections of 50; maxDbConnections of 14 would work, or"
            + " spec.database.parameters.max_connections of 53");
    assertWorks(app + "pooler: {maxDbConnections: 14}");
    assertWorks(app + "database: {parameters: {max_connections: \"53\"}}");
  }

  @Test
  void anExternalDatabaseIsDescribed() {
    assertProblem(
        APP + "database: {external: {host: db, credentialsSecret: {name: a}, database: \"a b\"}}",
        "spec.database.external.database",
        "\"a b\" has characters that PgBouncer cannot take; letters, digits, _ . and - work");
    assertProblem(
        APP + "database: {external: {}}",
        "spec.database.external",
        "give either host with credentialsSecret, or cloudNativePG with the name of a Cluster");
    assertProblem(
        APP + "database: {external: {host: db}}",
        "spec.database.external.credentialsSecret",
        "is missing; name a Secret with the keys username and password");
    assertWorks(APP + "database: {external: {host: db, credentialsSecret: {name: a}}}");
    assertWorks(APP + "database: {external: {cloudNativePG: {name: a}}}");
  }

  @Test
  void tlsAtTheIngressHasACertificate() {
    assertProblem(
        "app: {image: hub, ingress: {host: a.example.org, tls: {}}}",
        "spec.app.ingress.tls",
        "give secretName (a TLS Secret) or issuerRef (a cert-manager issuer)");
    assertWorks("app: {image: hub, ingress: {host: a.example.org, tls: {secretName: a}}}");
    assertWorks("app: {image: hub, ingress: {host: a.example.org, tls: {issuerRef: {name: a}}}}");
  }

  @Test
  void aStoreIsSomewhere() {
    assertProblem(
        APP + "objectStore: {bucket: hub-backups, credentialsSecret: {name: a}}",
        "spec.objectStore",
        "give endpoint, or cloudflareAccountId for Cloudflare R2");
  }

  @Test
  void aScheduleCanBeRead() {
    assertProblem(
        APP + "backup: {timeZone: Mars/Base}",
        "spec.backup.timeZone",
        "\"Mars/Base\" is not a time zone of the IANA database; Asia/Singapore or UTC would work");
    assertProblem(
        APP + "backup: {schedule: \"at two\"}",
        "spec.backup.schedule",
        "\"at two\" is not a cron schedule of five fields; \"0 2 * * *\" would work");
    assertProblem(
        APP + "backup: {drill: {schedule: \"@never\"}}",
        "spec.backup.drill.schedule",
        "\"@never\" is not a cron schedule of five fields; \"0 2 * * *\" would work");
    assertWorks(APP + "backup: {timeZone: UTC, schedule: \"@daily\"}");
    assertWorks(APP + "backup: {schedule: \"*/15 2,3 * JAN-MAR 0\"}");
  }

  @Test
  void aVolumeHasASize() {
    assertProblem(
        APP + "database: {storage: \"0\"}",
        "spec.database.storage",
        "0 is no size for a volume; 1Gi would work");
  }

  @ParameterizedTest
  @CsvSource({"4Gi, 4Gi", "1536Mi, 1536Mi", "5G, 5G"})
  void aVolumeDoesNotShrink(String has, String proposed) {
    Facts facts = volume("pilot-db", has, Optional.of("fast"));
    assertThat(Hubs.problems(APP + "database: {storage: 1Gi}", facts))
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.field()).isEqualTo("spec.database.storage");
              assertThat(it.message())
                  .startsWith("1Gi is less than the volume pilot-db has; a volume cannot shrink, ")
                  .endsWith(" or more would work");
              String value = it.message().replaceAll(".*shrink, (\\S+) or more.*", "$1");
              assertThat(Hubs.problems(APP + "database: {storage: " + value + "}", facts))
                  .as(value)
                  .isEmpty();
            });
    assertThat(Hubs.problems(APP + "database: {storage: " + proposed + "}", facts)).isEmpty();
  }

  @Test
  void aVolumeKeepsItsClass() {
    Facts facts = volume("pilot-media", "1Gi", Optional.of("fast"));
    assertThat(Hubs.problems("app: {image: hub, media: {storageClassName: slow}}", facts))
        .containsExactly(
            new Problem(
                "spec.app.media.storageClassName",
                "the volume pilot-media is of class fast and stays so; fast would work"));
    assertThat(Hubs.problems("app: {image: hub, media: {storageClassName: fast}}", facts))
        .isEmpty();
    assertThat(Hubs.problems(APP, facts)).isEmpty();
  }

  @Test
  void aSecretIsThereWithItsKeys() {
    String spec = APP + "database: {external: {host: db, credentialsSecret: {name: login}}}";
    String field = "spec.database.external.credentialsSecret";
    assertThat(Hubs.problems(spec, secrets(Map.of())))
        .containsExactly(
            new Problem(
                field,
                "there is no Secret login in namespace study; create it with username and"
                    + " password"));
    assertThat(Hubs.problems(spec, secrets(Map.of("login", Set.of("username")))))
        .containsExactly(new Problem(field, "the Secret login has no key password; add it"));
    assertThat(Hubs.problems(spec, secrets(Map.of("login", Set.of("username", "password")))))
        .isEmpty();
  }

  @Test
  void allProblemsAreToldAtOnce() {
    assertThat(
            problems(
                "app: {image: Hub, port: 6432}\n"
                    + "database: {parameters: {ssl: \"off\"}}\n"
                    + "pooler: {minPoolSize: 11, parameters: {pool_mode: session}}"))
        .extracting(Problem::field)
        .containsExactly(
            "spec.app.image",
            "spec.app.port",
            "spec.pooler.minPoolSize",
            "spec.database.parameters.ssl",
            "spec.pooler.parameters.pool_mode");
  }

  private static Facts volume(String claim, String size, Optional<String> className) {
    long bytes =
        io.fabric8.kubernetes.api.model.Quantity.getAmountInBytes(
                io.fabric8.kubernetes.api.model.Quantity.parse(size))
            .longValueExact();
    return new Facts() {
      @Override
      public Optional<Set<String>> secretKeys(String secret) {
        return Optional.of(Set.of());
      }

      @Override
      public Optional<Volume> volume(String name) {
        return name.equals(claim) ? Optional.of(new Volume(bytes, className)) : Optional.empty();
      }
    };
  }

  private static Facts secrets(Map<String, Set<String>> secrets) {
    return new Facts() {
      @Override
      public Optional<Set<String>> secretKeys(String secret) {
        return Optional.ofNullable(secrets.get(secret));
      }

      @Override
      public Optional<Volume> volume(String claim) {
        return Optional.empty();
      }
    };
  }
}
