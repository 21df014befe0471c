package io.sanadflow.studyhub.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sanadflow.studyhub.backup.AgentConfig;
import io.sanadflow.studyhub.backup.Report;
import io.sanadflow.studyhub.backup.ReportCodec;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent as a Job starts it: arguments and environment in, exit code and report out. */
class AgentTest {

  @TempDir private Path directory;
  private final Map<String, String> environment = new HashMap<>();
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private Path volume;

  @BeforeEach
  void mount() throws Exception {
    volume = Files.createDirectory(directory.resolve("volume"));
    environment.put(AgentFiles.TERMINATION_LOG, directory.resolve("report").toString());
    environment.put(AgentConfig.VARIABLE, ReportCodec.json(config(volume.toString(), false)));
  }

  private static AgentConfig config(String local, boolean encrypted) {
    return new AgentConfig(
        "pilot",
        "school",
        null,
        local,
        new AgentConfig.Database("pilot-db", 5432, "hub", "postgres", true),
        null,
        encrypted,
        new AgentConfig.Retention(7, 30, 0, 0, 3),
        null,
        null);
  }

  private int run(String... arguments) {
    return Agent.run(
        List.of(arguments), environment, new PrintStream(log, true, StandardCharsets.UTF_8));
  }

  private Report report() throws Exception {
    return ReportCodec.decode(Files.readString(directory.resolve("report"))).orElseThrow();
  }

  @Test
  void aProbeThatPassesSaysHowLongItTook() throws Exception {
    assertThat(run("probe")).isEqualTo(Agent.DONE);
    assertThat(report().succeeded()).isTrue();
    assertThat(report().store()).isNotNull();
    assertThat(log.toString(StandardCharsets.UTF_8))
        .contains("probing the local volume")
        .contains("done: ");
  }

  @Test
  void aVolumeThatIsNotMountedIsAReport() throws Exception {
    environment.put(AgentConfig.VARIABLE, ReportCodec.json(config("/not/mounted", false)));
    assertThat(run("probe")).isEqualTo(Agent.FAILED);
    assertThat(report().reason()).isEqualTo("VolumeMissing");
  }

  @Test
  void aMissingEncryptionKeyIsFoundByTheProbe() throws Exception {
    environment.put(AgentConfig.VARIABLE, ReportCodec.json(config(volume.toString(), true)));
    assertThat(run("probe")).isEqualTo(Agent.FAILED);
    assertThat(report().reason()).isEqualTo("EncryptionKeyMissing");
  }

  @Test
  void aBadCommandLineSaysWhatThereIs() throws Exception {
    assertThat(run("prob")).isEqualTo(Agent.BAD_COMMAND_LINE);
    assertThat(report().message()).contains("prob").contains("agent probe");
    assertThat(run()).isEqualTo(Agent.BAD_COMMAND_LINE);
    environment.remove(AgentConfig.VARIABLE);
    assertThat(run("probe")).isEqualTo(Agent.BAD_COMMAND_LINE);
    assertThat(report().message()).contains(AgentConfig.VARIABLE);
  }

  @Test
  void logsLinesOfJsonWhereTheyAreWanted() throws Exception {
    environment.put("LOG_FORMAT", "json");
    run("probe");
    for (String line : log.toString(StandardCharsets.UTF_8).lines().toList()) {
      assertThat(new ObjectMapper().readTree(line).get("message").asText()).isNotBlank();
    }
  }

  @Test
  void whateverIsThrownBecomesAReportWithAMessage() {
    Instant now = Instant.EPOCH;
    assertThat(Agent.failure(new SQLException("gone"), now).reason()).isEqualTo("DatabaseFailed");
    assertThat(Agent.failure(new OutOfMemoryError("heap"), now).reason()).isEqualTo("OutOfMemory");
    assertThat(Agent.failure(new IllegalStateException("odd"), now))
        .satisfies(
            it -> {
              assertThat(it.reason()).isEqualTo("AgentFailed");
              assertThat(it.message()).contains("IllegalStateException").contains("odd");
            });
  }

  @Test
  void aFailureEndsTheDatabaseToolsToo() throws Exception {
    AgentFiles files = AgentFiles.under(directory);
    Files.createDirectories(files.pipes());
    try (AgentContext context =
        new AgentContext(config("/not/mounted", false), Clock.systemUTC(), files, it -> {})) {
      Agent.run(context, List.of("probe"));
    }
    assertThat(files.pipes().resolve(Pipes.ABORT)).content().contains("not mounted");
  }
}
