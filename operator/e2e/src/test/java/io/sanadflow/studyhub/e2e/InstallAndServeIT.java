package io.sanadflow.studyhub.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a newcomer does: install, apply the smallest example, wait, use it. */
@Tag("fast")
@ExtendWith(Installed.class)
class InstallAndServeIT {

  @RegisterExtension static final Cluster cluster = new Cluster();

  private static final String CA = "/tmp/ca.crt";
  private static Hub hub;
  private static InCluster tools;

  @BeforeAll
  static void applyTheExample() {
    String applied =
        cluster
            .kubectl("apply", "-o", "name", "-f", Path.of("../../examples/minimal.yaml").toString())
            .orFail()
            .strip();
    hub = new Hub(cluster, applied.substring(applied.indexOf('/') + 1));
    cluster
        .kubectl("wait", "--for=condition=Ready", "studyhub/" + hub.name(), "--timeout=90s")
        .orFail();
    tools = InCluster.neighbour(cluster, hub.name());
    tools.write(CA, hub.secret(hub.name() + "-ca", "ca.crt"));
  }

  @Test
  void notesAreWrittenAndReadThroughTheService() {
    int before = hub.count();
    hub.write("hello");

    assertThat(hub.count()).isEqualTo(before + 1);
    assertThat(hub.notes().path("notes").get(0).path("text").asText()).isEqualTo("hello");
    // Counted in Redis, so that answered too.
    assertThat(hub.notes().path("written").asInt()).isPositive();
  }

  @Test
  void statusTellsTheTruth() {
    hub.awaitReady(Duration.ofSeconds(30));

    assertThat(hub.conditions())
        .containsKeys(
            "Ready",
            "Reconciling",
            "Stalled",
            "Degraded",
            "AppReady",
            "PoolerReady",
            "DatabaseReady",
            "RedisReady");
    assertThat(hub.conditions().get("Stalled").status()).isEqualTo("False");
    assertThat(cluster.kubectl("get", "shub", hub.name()).orFail())
        .contains("READY", "HEALTH", "True");
    assertThat(cluster.kubectl("get", "sanadflow").orFail()).contains(hub.name());
  }

  @Test
  void postgresSpeaksTls13Only() {
    String host = service("db");

    assertThat(openssl(host, 5432, "-tls1_3", "-starttls", "postgres").out())
        .contains("TLSv1.3", "Verify return code: 0 (ok)");
    Shell.Result old = openssl(host, 5432, "-tls1_2", "-starttls", "postgres");
    assertThat(old.ok()).isFalse();
    assertThat(old.text()).contains("alert protocol version", "no peer certificate");

    String inner = "sslmode=verify-full sslrootcert=" + CA;
    Shell.Result served =
        psql(inner, "select version from pg_stat_ssl where pid = pg_backend_pid()");
    assertThat(served.orFail().strip()).isEqualTo("TLSv1.3");
    Shell.Result tls12 = psql(inner + " ssl_max_protocol_version=TLSv1.2", "select 1");
    assertThat(tls12.ok()).isFalse();
    assertThat(tls12.err()).contains("protocol version");
    Shell.Result plain = psql("sslmode=disable", "select 1");
    assertThat(plain.ok()).isFalse();
    assertThat(plain.err()).contains("no encryption");
  }

  @Test
  void redisSpeaksTls13Only() {
    String host = service("redis");

    assertThat(openssl(host, 6379, "-tls1_3").out())
        .contains("TLSv1.3", "Verify return code: 0 (ok)");
    Shell.Result old = openssl(host, 6379, "-tls1_2");
    assertThat(old.ok()).isFalse();
    assertThat(old.text()).contains("alert protocol version", "no peer certificate");

    tools.write("/tmp/password", hub.secret(hub.name() + "-app", "REDIS_PASSWORD"));
    String ping = "redis-cli --tls --cacert " + CA + " -h " + host + " ping";
    assertThat(
            tools.run("bash", "-c", "REDISCLI_AUTH=$(cat /tmp/password) " + ping).orFail().strip())
        .isEqualTo("PONG");
    assertThat(tools.run("bash", "-c", ping).text()).contains("NOAUTH");
    assertThat(tools.run("redis-cli", "-h", host, "ping").text()).doesNotContain("PONG");
  }

  @Test
  void strangersReachNeitherDatabaseNorRedis() {
    InCluster stranger = InCluster.stranger(cluster);
    for (String address : new String[] {service("db") + "/5432", service("redis") + "/6379"}) {
      assertThat(stranger.run("bash", "-c", "exec 3<>/dev/tcp/" + address).ok())
          .as(address)
          .isFalse();
    }
  }

  @Test
  void podsHoldNoTokenOfTheApi() {
    assertThat(hub.pods("app")).isNotEmpty();
    for (String part : new String[] {"app", "database", "redis"}) {
      assertThat(hub.pods(part))
          .as(part)
          .allSatisfy(it -> assertThat(it.getSpec().getAutomountServiceAccountToken()).isFalse());
    }
  }

  private static String service(String part) {
    return hub.name() + "-" + part + "." + cluster.namespace() + ".svc";
  }

  private static Shell.Result openssl(String host, int port, String... options) {
    String command =
        "openssl s_client -connect %s:%d -servername %s -verify_hostname %s"
            + " -verify_return_error -CAfile %s %s </dev/null 2>&1";
    return tools.run(
        "bash", "-c", command.formatted(host, port, host, host, CA, String.join(" ", options)));
  }

  /**
   * psql as the owner, whose password the migration's URL holds; it goes by a file, not by name.
   */
  private static Shell.Result psql(String options, String query) {
    URI url = URI.create(hub.secret(hub.name() + "-migrate", "DIRECT_DATABASE_URL"));
    String[] user = url.getRawUserInfo().split(":", 2);
    tools.write("/tmp/password", URLDecoder.decode(user[1], StandardCharsets.UTF_8));
    String connection =
        "host=%s dbname=%s user=%s connect_timeout=5 %s"
            .formatted(service("db"), url.getPath().substring(1), user[0], options);
    return tools.run(
        "bash",
        "-c",
        "PGPASSWORD=$(cat /tmp/password) psql -XAt \"$0\" -c \"$1\"",
        connection,
        query);
  }
}
