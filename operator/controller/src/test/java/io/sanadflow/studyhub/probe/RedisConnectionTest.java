package io.sanadflow.studyhub.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sanadflow.studyhub.pki.Authority;
import io.sanadflow.studyhub.pki.CertificateFacts;
import io.sanadflow.studyhub.pki.Signed;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The commands of the operator against a server that speaks RESP2 over TLS. */
class RedisConnectionTest {

  private static final Instant NOW = Instant.now();
  private static final Signed AUTHORITY =
      Authority.newAuthority("authority", NOW, Duration.ofDays(2));
  private static final Signed SERVER =
      Authority.issue(
          AUTHORITY, "redis", List.of("pilot-redis.study.svc"), List.of(), NOW, Duration.ofDays(1));
  private static final String PASSWORD = "redis-password-0006";

  private final Map<String, String> settings = new ConcurrentHashMap<>();
  private final NetworkProbe probe = new NetworkProbe();
  private TlsServer server;

  @BeforeEach
  void start() throws Exception {
    settings.put("maxmemory", "1048576");
    settings.put("appendonly", "yes");
    server = new TlsServer(SERVER, "TLSv1.3", this::talk);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private void talk(Socket client) throws IOException {
    BufferedReader input =
        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
    boolean known = false;
    for (List<String> command = read(input); !command.isEmpty(); command = read(input)) {
      String name = command.get(0);
      if (name.equals("AUTH")) {
        known = command.get(1).equals(PASSWORD);
        say(client, known ? "+OK\r\n" : "-WRONGPASS invalid username-password pair\r\n");
      } else if (!known) {
        say(client, "-NOAUTH Authentication required.\r\n");
      } else if (name.equals("PING")) {
        say(client, "+PONG\r\n");
      } else if (command.get(1).equals("GET")) {
        say(client, config(command.subList(2, command.size())));
      } else if (command.contains("bogus")) {
        say(client, "-ERR Unknown option or number of arguments for CONFIG SET - 'bogus'\r\n");
      } else {
        for (int index = 2; index < command.size(); index += 2) {
          settings.put(command.get(index), command.get(index + 1));
        }
        say(client, "+OK\r\n");
      }
    }
  }

  private String config(List<String> names) {
    List<String> items = new ArrayList<>();
    for (String name : names) {
      if (settings.containsKey(name)) {
        items.add(name);
        items.add(settings.get(name));
      }
    }
    StringBuilder answer = new StringBuilder("*" + items.size() + "\r\n");
    items.forEach(
        it ->
            answer
                .append('$')
                .append(it.getBytes(StandardCharsets.UTF_8).length)
                .append("\r\n")
                .append(it)
                .append("\r\n"));
    return answer.toString();
  }

  private static List<String> read(BufferedReader input) throws IOException {
    List<String> words = new ArrayList<>();
    String head = input.readLine();
    int count = head == null ? 0 : Integer.parseInt(head.substring(1));
    for (int word = 0; word < count; word++) {
      input.readLine();
      words.add(input.readLine());
    }
    return words;
  }

  private static void say(Socket client, String text) throws IOException {
    client.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  private RedisTarget target(String password) {
    return target(server.port(), password);
  }

  private static RedisTarget target(int port, String password) {
    return new RedisTarget(
        "127.0.0.1",
        port,
        new TlsTrust(AUTHORITY.certificatePem(), "pilot-redis.study.svc"),
        password);
  }

  @Test
  void aPingIsAnsweredAndSettingsAreRead() throws Exception {
    RedisFacts facts = probe.redis(target(PASSWORD), List.of("maxmemory", "unknown"));
    assertThat(facts.config()).isEqualTo(Map.of("maxmemory", "1048576"));
    assertThat(facts.served().orElseThrow().serial())
        .isEqualTo(CertificateFacts.read(SERVER.certificatePem()).serial());
    assertThat(facts.latency()).isPositive();
  }

  @Test
  void noSettingsNeedNoQuestion() throws Exception {
    assertThat(probe.redis(target(PASSWORD), List.of()).config()).isEmpty();
  }

  @Test
  void settingsAreSet() throws Exception {
    probe.configureRedis(target(PASSWORD), Map.of("maxmemory", "2", "save", "ü \"\""));
    assertThat(settings).containsEntry("maxmemory", "2").containsEntry("save", "ü \"\"");
    assertThat(probe.redis(target(PASSWORD), List.of("save")).config())
        .containsEntry("save", "ü \"\"");
  }

  @Test
  void aRefusalIsToldInRedisWords() {
    assertThatThrownBy(() -> probe.configureRedis(target(PASSWORD), Map.of("bogus", "1")))
        .isInstanceOf(ProbeException.class)
        .hasMessage("Redis: ERR Unknown option or number of arguments for CONFIG SET - 'bogus'");
  }

  @Test
  void aWrongPasswordIsToldWithoutIt() {
    assertThatThrownBy(() -> probe.redis(target("wrong-password"), List.of()))
        .isInstanceOf(ProbeException.class)
        .hasMessage("Redis: WRONGPASS invalid username-password pair");
  }

  @Test
  void anotherServerIsToldToBeOne() {
    RedisTarget other =
        new RedisTarget(
            "127.0.0.1",
            server.port(),
            new TlsTrust(AUTHORITY.certificatePem(), "other-redis.study.svc"),
            PASSWORD);
    assertThatThrownBy(() -> probe.redis(other, List.of()))
        .isInstanceOf(ProbeException.class)
        .hasMessageStartingWith("Redis: TLS: its certificate is not for other-redis.study.svc");
  }

  @Test
  void aClosedPortIsToldToRefuse() throws Exception {
    int port;
    try (ServerSocket taken = new ServerSocket(0)) {
      port = taken.getLocalPort();
    }
    assertThatThrownBy(() -> probe.redis(target(port, PASSWORD), List.of()))
        .isInstanceOf(ProbeException.class)
        .hasMessage("Redis: the connection is refused");
  }

  @Test
  void aServerThatHangsUpIsTold() throws Exception {
    try (TlsServer mute =
        new TlsServer(SERVER, "TLSv1.3", client -> client.getInputStream().read())) {
      assertThatThrownBy(() -> probe.redis(target(mute.port(), PASSWORD), List.of()))
          .isInstanceOf(ProbeException.class)
          .hasMessageStartingWith("Redis: ");
    }
  }

  @Test
  void anAnswerThatIsNotRespIsTold() throws Exception {
    try (TlsServer web =
        new TlsServer(
            SERVER,
            "TLSv1.3",
            client -> {
              client.getInputStream().read();
              say(client, "HTTP/1.1 400 Bad Request\r\n\r\n");
            })) {
      assertThatThrownBy(() -> probe.redis(target(web.port(), PASSWORD), List.of()))
          .isInstanceOf(ProbeException.class)
          .hasMessage("Redis: an answer that is not RESP");
    }
  }
}
