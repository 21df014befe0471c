package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each incident is told once, and once that it is over, whatever befalls operator and receiver. */
@ExtendWith(Installed.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class NotificationsIT {

  @RegisterExtension static final Cluster cluster = new Cluster();

  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final String SLACK = "slack";
  private static final String WEBHOOK = "webhook";
  private static final Hub hub = new Hub(cluster, "told");
  private static final Restore backups = new Restore(cluster, "told");
  private static final Operator operator = new Operator(cluster);
  private static final Node node = new Node(cluster);
  private static Bucket bucket;
  private static SmallVolume volume;
  private static Sink sink;

  @BeforeAll
  static void aHubThatTells() {
    sink = Sink.open();
    bucket = Bucket.open("told").grantTo(cluster);
    volume = SmallVolume.of(cluster, node, "told-db", 700);
    secret(
        "channels",
        "--from-literal=slack=" + Sink.url("/slack/alerts"),
        // It takes JSON with a text at this path alone.
        "--from-literal=webhook=" + Sink.url("/slack/alerts"),
        "--from-literal=heartbeat=" + Sink.url(beats()));
    secret("sink-ca", "--from-literal=ca.crt=" + Sink.authority());
    hub.apply(
            """
            {app: {image: "%s"}, objectStore: %s, database: {storage: 700Mi, storageClassName: %s},
             notifications: {slack: {webhookSecret: {name: channels, key: slack}},
               webhook: {urlSecret: {name: channels, key: webhook}},
               heartbeat: {urlSecret: {name: channels, key: heartbeat}}, caSecret: {name: sink-ca}}}
            """
                .formatted(Hub.IMAGE_1, bucket.spec(""), volume.storageClass()))
        .orFail();
    hub.awaitReady(LIMIT);
    hub.awaitBackup(LIMIT);
    hub.awaitCondition("Degraded", "False", LIMIT);
  }

  @AfterAll
  static void cleanUp() {
    if (volume != null) {
      cluster.kubectl("delete", "studyhub", "told", "--timeout=120s");
      cluster.kubectl("delete", "secret", "channels", "sink-ca", "told-cert");
      cluster.kubectl("delete", "pvc", "told-db", "--timeout=120s");
      volume.close();
      bucket.close();
    }
    operator.sheathe();
    node.close();
  }

  private static String beats() {
    return "/heartbeat/" + cluster.namespace() + "-told";
  }

  private static void secret(String name, String... content) {
    cluster.kubectl("delete", "secret", name, "--ignore-not-found").orFail();
    String[] command = new String[content.length + 4];
    System.arraycopy(new String[] {"create", "secret", "generic", name}, 0, command, 0, 4);
    System.arraycopy(content, 0, command, 4, content.length);
    cluster.kubectl(command).orFail();
  }

  /** What a receiver was told, a line for each of the news. */
  private static List<String> told(String receiver) {
    String of = cluster.namespace() + "/" + hub.name();
    return sink.taken("/slack/").stream()
        .filter(it -> it.path("text").asText().contains(of + ":"))
        .filter(it -> it.has("blocks") == receiver.equals(SLACK))
        .flatMap(it -> it.path("text").asText().lines())
        .map(it -> it.substring(of.length() + 2).replaceAll(":? ?\\(.*", ""))
        .toList();
  }

  /** Waits until both receivers were told all of this since a moment, and asserts no more was. */
  private static void awaitTold(int before, String... news) {
    for (String receiver : List.of(SLACK, WEBHOOK)) {
      await(receiver + " of " + List.of(news))
          .atMost(LIMIT)
          .pollInterval(Duration.ofSeconds(1))
          .until(() -> told(receiver).size() >= before + news.length);
      List<String> all = told(receiver);
      assertThat(all.subList(before, all.size())).containsExactly(news);
    }
  }

  private static int soFar() {
    assertThat(told(SLACK)).isEqualTo(told(WEBHOOK));
    return told(SLACK).size();
  }

  private static List<String> beaten() {
    return sink.received(beats()).stream().map(it -> it.path("path").asText()).toList();
  }

  private static JsonNode status() {
    return hub.get().path("status").path("notifications");
  }

  @Test
  @Order(1)
  void aNewHubIsNoIncident() {
    assertThat(soFar()).isZero();
    await().atMost(LIMIT).until(() -> beaten().equals(List.of(beats())));
    assertThat(hub.conditions().get("Degraded").status()).isEqualTo("False");
  }

  @Test
  @Order(2)
  void nothingIsWrittenWhileNothingHappens() {
    // The last that a new hub tells: what its first backup used.
    await().atMost(LIMIT).until(() -> hub.get().path("status").path("budget").has("month"));
    String before = hub.get().path("metadata").path("resourceVersion").asText();

    await().during(Duration.ofSeconds(45)).atMost(Duration.ofSeconds(60)).until(() -> true);

    assertThat(hub.get().path("metadata").path("resourceVersion").asText()).isEqualTo(before);
  }

  @Test
  @Order(3)
  void redisIsKilled() {
    int before = soFar();

    hub.patch("{redis: {image: \"" + Hub.IMAGE_1.replaceAll(":1$", ":none") + "\"}}").orFail();
    awaitTold(before, "does not serve");

    hub.patch("{redis: {image: \"redis:8\"}}").orFail();
    awaitTold(before, "does not serve", "serves again");
  }

  @Test
  @Order(4)
  void theDatabaseIsKilledWhileNobodyListensAndTheOperatorDies() {
    int before = soFar();
    String image = hub.get().path("spec").path("database").path("image").asText();
    sink.refuse("slack", 500, 3);

    hub.patch("{database: {image: \"" + Hub.IMAGE_1.replaceAll(":1$", ":none") + "\"}}").orFail();
    await("refused twice")
        .atMost(LIMIT)
        .until(
            () ->
                sink.received("/slack/").stream()
                        .filter(it -> it.path("status").asInt() == 500)
                        .count()
                    >= 2);
    assertThat(told(SLACK)).hasSize(before);
    operator.kill();
    awaitTold(before, "does not serve");

    sink.refuse("slack", 429, 2);
    hub.patch("{database: {image: \"" + image + "\"}}").orFail();
    awaitTold(before, "does not serve", "serves again");
    operator.awaitReady();
    await()
        .atMost(LIMIT)
        .until(
            () ->
                StreamSupport.stream(status().path("receivers").spliterator(), false)
                    .allMatch(it -> it.path("pending").isMissingNode() && it.has("lastSent")));
  }

  @Test
  @Order(5)
  void aBackupFails() {
    int before = soFar();
    int beats = beaten().size();
    bucket.fault("PutObject", "daily/", 1, "deny");

    backups.ask("fails", "Dump");
    awaitTold(before, "backup failed");
    await().atMost(LIMIT).until(() -> beaten().size() > beats);
    assertThat(beaten().subList(beats, beaten().size())).containsExactly(beats() + "/fail");

    backups.back("works");
    awaitTold(before, "backup failed", "backup failed: recovered");
    assertThat(beaten().subList(beats, beaten().size()))
        .containsExactly(beats() + "/fail", beats());
  }

  @Test
  @Order(6)
  void aCertificateIsAboutToEnd() throws IOException {
    int before = soFar();
    certificate("-86d");

    hub.patch("{app: {ingress: {host: told.example, tls: {secretName: told-cert}}}}").orFail();
    awaitTold(before, "certificate near its end");
    assertThat(hub.conditions().get("Degraded").reason()).isEqualTo("CertificateEnding");
    assertThat(hub.conditions().get("Degraded").message()).contains("told-cert", "told.example");

    certificate("-1d");
    awaitTold(before, "certificate near its end", "certificate near its end: recovered");
  }

  /** One of 90 days that began so long ago. */
  private static void certificate(String start) throws IOException {
    Path directory = Files.createTempDirectory("certificate");
    String store = directory.resolve("store").toString();
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    Shell.run(
            "",
            List.of(
                (keytool
                        + " -genkeypair -keystore "
                        + store
                        + " -storepass changeit -alias a -keyalg EC -dname CN=told.example"
                        + " -validity 90 -startdate "
                        + start)
                    .split(" ")))
        .orFail();
    String pem =
        Shell.run(
                "",
                List.of(
                    (keytool
                            + " -exportcert -rfc -keystore "
                            + store
                            + " -storepass changeit -alias a")
                        .split(" ")))
            .orFail();
    secret("told-cert", "--from-literal=tls.crt=" + pem, "--from-literal=tls.key=unused");
  }

  @Test
  @Order(7)
  void theDiskFills() {
    int before = soFar();
    volume.fill(40);
    Agents agents = new Agents(cluster, "told");

    agents.run("wal", "sees-a-full-disk");
    awaitTold(before, "disk nearly full");

    volume.empty();
    agents.run("wal", "sees-room");
    awaitTold(before, "disk nearly full", "disk nearly full: recovered");
  }

  @Test
  @Order(8)
  void noAddressIsInWhatPeopleSee() {
    String seen =
        hub.get().toString()
            + hub.events()
            + sink.taken("/slack/")
            + Shell.run(
                    "",
                    List.of(
                        "kubectl",
                        "-n",
                        Operator.NAMESPACE,
                        "logs",
                        "deployment/" + Operator.NAME,
                        "--tail=-1"))
                .orFail();

    assertThat(seen).doesNotContain("/slack/alerts", beats());
  }
}
