package io.sanadflow.studyhub.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive_command, run by this machine's sh. */
class ArchiveScriptTest {

  private static final Path SCRIPT =
      Path.of("src/main/resources/agent/archive.sh").toAbsolutePath();

  private static final String NAME = "000000010000000000000002";

  @TempDir Path directory;
  private Path segment;
  private Path spooled;

  @BeforeEach
  void writeSegment() throws IOException {
    byte[] content = new byte[256 * 1024];
    new Random(2).nextBytes(content);
    segment = Files.write(directory.resolve("segment"), content);
    spooled = directory.resolve("spool").resolve(NAME + ".gz");
  }

  private record Ended(int code, String said) {}

  private Ended archive(String before) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", before + " exec sh " + SCRIPT + " segment " + NAME)
            .directory(directory.toFile())
            .redirectErrorStream(true);
    builder.environment().put("STUDYHUB_SPOOL", directory.resolve("spool").toString());
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return new Ended(process.exitValue(), said);
  }

  private byte[] spooledContent() throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(spooled))) {
      return in.readAllBytes();
    }
  }

  private Stream<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("spool"))) {
      return files.map(it -> it.getFileName().toString()).toList().stream();
    }
  }

  @Test
  void spoolsASegmentWhole() throws Exception {
    assertThat(archive("")).isEqualTo(new Ended(0, ""));
    assertThat(spooledContent()).isEqualTo(Files.readAllBytes(segment));
    assertThat(names()).containsExactly(NAME + ".gz");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(spooled)))
        .isEqualTo("rw-r-----");
  }

  @Test
  void takesAnIdenticalOneForItsOwn() throws Exception {
    archive("");
    assertThat(archive("")).isEqualTo(new Ended(0, ""));
  }

  @Test
  void neverReplacesAnother() throws Exception {
    archive("");
    byte[] before = Files.readAllBytes(spooled);
    Files.write(segment, new byte[1024]);
    assertThat(archive("").code()).isEqualTo(1);
    assertThat(archive("").said())
        .contains(NAME)
        .contains("other content")
        .contains("Move it away");
    assertThat(Files.readAllBytes(spooled)).isEqualTo(before);
  }

  @Test
  void refusesOneThatWasCutOff() throws Exception {
    archive("");
    byte[] whole = Files.readAllBytes(spooled);
    Files.write(spooled, java.util.Arrays.copyOf(whole, whole.length / 2));
    assertThat(archive("").code()).isEqualTo(1);
  }

  @Test
  void leavesNothingButAPartWhenItIsKilledHalfWay() throws Exception {
    Path fakes = Files.createDirectory(directory.resolve("fakes"));
    Path gzip = fakes.resolve("gzip");
    Files.writeString(gzip, "#!/bin/sh\necho half\nkill -9 \"$PPID\"\n");
    assertThat(gzip.toFile().setExecutable(true)).isTrue();
    assertThat(archive("PATH=" + fakes + ":$PATH; export PATH;").code()).isNotZero();
    assertThat(names()).containsExactly(NAME + ".gz.part");

    assertThat(archive("")).isEqualTo(new Ended(0, ""));
    assertThat(names()).containsExactly(NAME + ".gz");
    assertThat(spooledContent()).isEqualTo(Files.readAllBytes(segment));
  }

  @Test
  void failsAndMakesRoomAgainWhenTheDiskIsFull() throws Exception {
    Ended ended = archive("ulimit -f 16;");
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.said()).contains("cannot be written").contains("make it larger");
    assertThat(names()).isEmpty();

    assertThat(archive("").code()).isZero();
  }

  @Test
  void failsWithoutTheSegment() throws Exception {
    Files.delete(segment);
    assertThat(archive("").code()).isEqualTo(1);
    assertThat(names()).isEmpty();
  }

  @Test
  void worksWhereSyncKnowsNoFiles() throws Exception {
    Path fakes = Files.createDirectory(directory.resolve("fakes"));
    Path sync = fakes.resolve("sync");
    Files.writeString(sync, "#!/bin/sh\n[ \"$#\" = 0 ]\n");
    assertThat(sync.toFile().setExecutable(true)).isTrue();
    assertThat(archive("PATH=" + fakes + ":$PATH; export PATH;")).isEqualTo(new Ended(0, ""));
  }

  /** Kubernetes replaces these in the text of a container's command. */
  @Test
  void scriptsHaveNothingThatKubernetesWouldReplace() throws IOException {
    for (String script : new String[] {"archive.sh", "dump.sh"}) {
      assertThat(Files.readString(SCRIPT.resolveSibling(script)))
          .doesNotContain("$$")
          .doesNotContain("$(");
    }
  }
}
