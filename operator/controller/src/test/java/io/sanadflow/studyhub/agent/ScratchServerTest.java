package io.sanadflow.studyhub.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The scratch server of drills and points in time, with load.sh and a real PostgreSQL. */
@Timeout(120)
class ScratchServerTest {

  @TempDir Path root;

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private String loaded(String libraries) throws Exception {
    assumeTrue(ToolsShell.hasPostgres(), "there is no PostgreSQL on this machine");
    int port = freePort();
    try (ToolsShell shell = ToolsShell.load(root, port);
        RestoreTools tools = RestoreTools.join(new Pipes(root.resolve("pipes")))) {
      tools.begin("serve", "fresh " + libraries);
      tools.end("serve", "ScratchFailed", "");
      try (Connection connection = RestoreServer.scratch(port).open("postgres")) {
        return RestoreServer.value(connection, "SHOW shared_preload_libraries").orElseThrow();
      } finally {
        tools.dismiss();
        shell.code();
      }
    }
  }

  @Test
  void itLoadsWhatTheHubsServerLoads() throws Exception {
    // One that every server has.
    assertThat(loaded("plpgsql")).isEqualTo("plpgsql");
  }

  @Test
  void itLoadsNothingWhereThatLoadsNothing() throws Exception {
    assertThat(loaded("")).isEmpty();
  }

  @Test
  void librariesThatWouldActByThemselvesAreLeftOut() {
    assertThat(RestoreServer.libraries("pg_stat_statements, \"$libdir/pgaudit\",pg_cron"))
        .isEqualTo("pg_stat_statements,$libdir/pgaudit");
    assertThat(RestoreServer.libraries("x'; DROP, y z")).isEmpty();
    assertThat(RestoreServer.libraries("")).isEmpty();
  }
}
