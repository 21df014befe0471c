package io.sanadflow.studyhub.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process. */
class MainTest {

  @TempDir Path directory;

  @Test
  void anOperatorThatCannotStartEnds() throws Exception {
    Path output = directory.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dkubernetes.request.retry.backoffLimit=0",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName());
    builder
        .environment()
        .putAll(
            Map.of(
                "KUBECONFIG",
                directory.resolve("none").toString(),
                // Nobody listens there.
                "KUBERNETES_MASTER",
                "http://127.0.0.1:1",
                "OPERATOR_IMAGE",
                "operator:1",
                "WATCH_NAMESPACES",
                "study",
                "LEADER_ELECTION",
                "false",
                "HTTP_PORT",
                "0"));
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    try {
      boolean ended = process.waitFor(120, TimeUnit.SECONDS);

      assertThat(ended).as(Files.readString(output)).isTrue();
      assertThat(process.exitValue()).isEqualTo(1);
      assertThat(output).content().contains("the operator cannot start");
    } finally {
      process.destroyForcibly();
    }
  }
}
