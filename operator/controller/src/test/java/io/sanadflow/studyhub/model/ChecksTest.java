package io.sanadflow.studyhub.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.sanadflow.studyhub.fixture.Hubs;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
  @CsvSource({
    "/tmp, /tmp",
    "/tmp/, /tmp",
    "/tmp/x, /tmp/x",
    "/data/../tmp/./y, /tmp/y",
    "//, /",
    "/etc, /etc",
    "/etc/studyhub, /etc/studyhub",
    "/etc/studyhub/ca, /etc/studyhub/ca",
    "/proc/1, /proc/1"
  })
  void theOperatorsPathsAreNotForMedia(String path, String leadsTo) {
    assertProblem(
        "app: {image: hub, media: {mountPath: " + path + "}}",
        "spec.app.media.mountPath",
        leadsTo + " meets what is mounted in the app's container already; /data/media would work");
  }

  @ParameterizedTest
  @CsvSource({"/data/media/, /data/media", "/tmpfiles, /tmpfiles", "/etc/app/.//x, /etc/app/x"})
  void aPathIsTakenWhereItLeads(String path, String leadsTo) {
    String spec = "app: {image: hub, media: {mountPath: " + path + "}}";
    assertWorks(spec);
    assertThat(Hubs.resolved(Hubs.withSpec(spec)).app().media().orElseThrow().mountPath())
        .isEqualTo(leadsTo);
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
  void whatIsProposedIsRoundedUp() {
    String spec = "app: {image: hub, resources: {limits: {memory: 300M}}}\n";
    // 300000000 bytes are 286.1 MiB.
    assertProblem(
        spec + "budget: {memory: 512Mi}",
        "spec.budget.memory",
        "the limits add up to 619Mi (1 x (app 286 + pooler 28) + database 256 + redis 48), more"
            + " than the budget of 512Mi; a budget of 619Mi would work, or smaller limits");
    assertWorks(spec + "budget: {memory: 619Mi}");
  }

  @Test
  void aBudgetOfNothingIsABudget() {
    assertProblem(
        APP + "budget: {memory: \"0\"}",
        "spec.budget.memory",
        "the limits add up to 588Mi (1 x (app 256 + pooler 28) + database 256 + redis 48), more"
            + " than the budget of 0Mi; a budget of 588Mi would work, or smaller limits");
    assertWorks(APP + "budget: {memory: 588Mi}");
  }

  @Test
  void aSidecarRedisIsReckonedWithThePod() {
    assertProblem(
        APP + "redis: {placement: Sidecar}\nbudget: {memory: 512Mi}",
        "spec.budget.memory",
        "the limits add up to 588Mi (1 x (app 256 + pooler 28 + redis 48) + database 256), more"
            + " than the budget of 512Mi; a budget of 588Mi would work, or smaller limits");
  }

  @Test
  void aLargerLimitIsProposedWithTheBudgetThatItNeeds() {
    assertProblem(
        "app: {image: hub, replicas: 2, nodeHeapMiB: 400}\n",
        "spec.app.nodeHeapMiB",
        "400 MiB of heap do not fit the memory limit of 256Mi, since Node needs memory outside its"
            + " heap; at most 217 would work, or spec.app.resources.limits.memory of 471Mi with"
            + " spec.budget.memory of 1302Mi");
    assertWorks(
        "app: {image: hub, replicas: 2, nodeHeapMiB: 400, resources: {limits: {memory: 471Mi}}}\n"
            + "budget: {memory: 1302Mi}");
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

  /** The whole of what a message proposes, taken at its word, makes a hub without problems. */
  @ParameterizedTest
  @CsvSource({
    // pods, pool, min, reserve, of a pod, max_connections
    "5, 10, 2, 2, 15, 50",
    "5, 10, 10, 2, 15, 50",
    "1, 10, 2, 15, 15, 50",
    "1, 10, 2, 30, 15, 50",
    "1, 30, 20, 30, 15, 50",
    "40, 10, 2, 2, 15, 50",
    "50, 10, 2, 2, 30, 50",
    "50, 10, 2, 2, 30, 1000",
    "50, 10, 2, 2, 15, 50",
    "3, 1, 0, 0, 100, 20",
    "1, 10, 2, 2, 43, 50",
    "30, 10, 2, 2, 100, 1000"
  })
  void whatIsProposedForThePoolsWorks(
      int pods, int pool, int min, int reserve, int most, int connections) {
    Map<String, Integer> given =
        Map.of(
            "replicas", pods,
            "defaultPoolSize", pool,
            "minPoolSize", min,
            "reservePoolSize", reserve,
            "maxDbConnections", most,
            "max_connections", connections);
    List<Problem> found = problems(pools(given));
    assertThat(found).isNotEmpty();
    // One after the other: mended pools may still be too many for the server.
    for (int i = 0; i < 3 && !found.isEmpty(); i++) {
      Map<String, Integer> next = null;
      for (String proposal : proposals(found.get(0).message())) {
        Map<String, Integer> changed = new HashMap<>(given);
        Matcher value = Pattern.compile("(\\w+) of (\\d+)").matcher(proposal);
        while (value.find()) {
          changed.put(value.group(1), Integer.valueOf(value.group(2)));
        }
        assertThat(changed).as(found.get(0).message()).isNotEqualTo(given);
        assertThat(problems(pools(changed)))
            .as("%s: %s", found.get(0).message(), proposal)
            .extracting(Problem::field)
            .doesNotContain(found.get(0).field());
        next = changed;
      }
      given = java.util.Objects.requireNonNull(next, found.get(0).message());
      found = problems(pools(given));
    }
    assertThat(found).isEmpty();
  }

  private static List<String> proposals(String message) {
    return List.of(message.substring(message.indexOf("; ") + 2).split(" would work(, or )?"));
  }

  private static String pools(Map<String, Integer> values) {
    return ("app: {image: hub, replicas: %d}\nbudget: {memory: 40Gi}\n"
            + "pooler: {defaultPoolSize: %d, minPoolSize: %d, reservePoolSize: %d,"
            + " maxDbConnections: %d}\n"
            + "database: {parameters: {max_connections: \"%d\"}}")
        .formatted(
            values.get("replicas"),
            values.get("defaultPoolSize"),
            values.get("minPoolSize"),
            values.get("reservePoolSize"),
            values.get("maxDbConnections"),
            values.get("max_connections"));
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
    String store =
        APP + "objectStore: {bucket: hub-backups, credentialsSecret: {name: a}, endpoint: ";
    for (String endpoint : List.of("https://s3:99999", "http://[")) {
      assertProblem(
          store + "\"" + endpoint + "\"}",
          "spec.objectStore.endpoint",
          "\"" + endpoint + "\" is not a URL such as https://s3.example.org");
    }
    assertWorks(store + "\"https://s3.example.org:9000\"}");
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
        "\"at two\" is not a cron schedule of five fields (it has 2);"
            + " \"0 2 * * *\" would work");
    assertProblem(
        APP + "backup: {drill: {schedule: \"@never\"}}",
        "spec.backup.drill.schedule",
        "\"@never\" is not a cron schedule of five fields (the words for one are @hourly @daily"
            + " @midnight @weekly @monthly @yearly @annually); \"0 2 * * *\" would work");
    assertProblem(
        APP + "backup: {schedule: \"61 2 * * *\"}",
        "spec.backup.schedule",
        "\"61 2 * * *\" is not a cron schedule of five fields (Value 61 not in range [0, 59]);"
            + " \"0 2 * * *\" would work");
    assertProblem(
        APP + "backup: {timeZone: GMT+8}",
        "spec.backup.timeZone",
        "\"GMT+8\" is not a time zone of the IANA database; Asia/Singapore or UTC would work");
    assertWorks(APP + "backup: {timeZone: UTC, schedule: \"@daily\"}");
    assertWorks(APP + "backup: {schedule: \"*/15 2,3 * JAN-MAR 0\"}");
  }

  @Test
  void aVolumeHasASize() {
    assertProblem(
        APP + "database: {storage: \"0\"}",
        "spec.database.storage",
        "0 is too little for this volume; 320Mi or more would work");
    assertWorks(APP + "database: {storage: 320Mi}");
    assertProblem(
        APP + "redis: {storage: 1Mi}",
        "spec.redis.storage",
        "1Mi is too little for this volume; 32Mi or more would work");
    assertProblem(
        "app: {image: hub, media: {storage: 1m}}",
        "spec.app.media.storage",
        "1m is too little for this volume; 1Mi or more would work");
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
                    + " password",
                "SecretMissing"));
    assertThat(Hubs.problems(spec, secrets(Map.of("login", Set.of("username")))))
        .containsExactly(
            new Problem(field, "the Secret login has no key password; add it", "SecretMissing"));
    assertThat(Hubs.problems(spec, secrets(Map.of("login", Set.of("username", "password")))))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pilot-app",
        "pilot-ca-key",
        "pilot-migrate",
        "pilot-pooler",
        "pilot-db-auth",
        "pilot-redis-auth",
        "pilot-db-tls",
        "pilot-redis-tls",
        "pilot-pooler-tls"
      })
  void aSecretOfTheUserDoesNotHaveANameOfTheOperators(String name) {
    String told =
        "the operator itself makes a Secret "
            + name
            + " for this hub; give yours another name, such as my-"
            + name;
    String envFrom = "app: {image: hub, envFrom: [{secretRef: {name: %s}}]}";
    assertProblem(envFrom.formatted(name), "spec.app.envFrom.secretRef", told);
    assertWorks(envFrom.formatted("my-" + name));
    assertProblem(
        "app: {image: hub, ingress: {host: a.example.org, tls: {secretName: " + name + "}}}",
        "spec.app.ingress.tls.secretName",
        told);
    assertProblem(
        "app: {image: hub, ingress: {host: a, tls: {secretName: "
            + name
            + ", issuerRef: {name: a}}}}",
        "spec.app.ingress.tls.secretName",
        told);
  }

  @Test
  void theNameOfAnIssuedCertificateFollowsFromTheHost() {
    assertProblem(
        "app: {image: hub, ingress: {host: pilot-db, tls: {issuerRef: {name: a}}}}",
        "spec.app.ingress.tls.secretName",
        "the operator itself makes a Secret pilot-db-tls for this hub; give yours another name,"
            + " such as my-pilot-db-tls");
  }

  @Test
  void theHubsAuthorityHasOneKey() {
    assertThat(
            Hubs.problems(
                "app: {image: hub, env: [{name: CA, valueFrom: {secretKeyRef: {name: pilot-ca,"
                    + " key: tls.key}}}]}",
                Facts.NONE))
        .extracting(Problem::toString)
        .containsExactly(
            "spec.app.env[CA].valueFrom.secretKeyRef: the operator's Secret pilot-ca has no key"
                + " tls.key; ca.crt would work");
  }

  @Test
  void theAuthoritysCertificateMayBeReadAndNothingElseBeMadeOfIt() {
    // It is not there before the hub is: that is no reason to wait for it.
    Facts none = secrets(Map.of());
    assertThat(
            Hubs.problems(
                "app: {image: hub, env: [{name: CA, valueFrom: {secretKeyRef: {name: pilot-ca,"
                    + " key: ca.crt}}}]}",
                none))
        .isEmpty();
    assertThat(
            Hubs.problems(
                APP
                    + "objectStore: {bucket: hub-backups, endpoint: \"http://s3\", caSecret: {name:"
                    + " pilot-ca}}",
                none))
        .extracting(Problem::field)
        .containsExactly("spec.objectStore.credentialsSecret", "spec.objectStore.caSecret");
  }

  @Test
  void aClusterOfCloudNativePgDoesNotHaveTheHubsName() {
    assertProblem(
        APP + "database: {external: {cloudNativePG: {name: pilot}}}",
        "spec.database.external.cloudNativePG",
        "its Secret pilot-app would have the name of one that the operator makes for this hub; give"
            + " the hub or the Cluster another name, such as pilot-pg");
    assertWorks(APP + "database: {external: {cloudNativePG: {name: pilot-pg}}}");
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
        return name.equals(claim)
            ? Optional.of(new Volume(bytes, className, Optional.empty()))
            : Optional.empty();
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
