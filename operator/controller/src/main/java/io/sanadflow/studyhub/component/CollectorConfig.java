package io.sanadflow.studyhub.component;

import io.sanadflow.studyhub.backup.LogsConfig;
import io.sanadflow.studyhub.model.Hub;
import io.sanadflow.studyhub.model.Logs;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The configuration of the collector of logs. The token is in a file that it names. */
final class CollectorConfig {

  /** Where the token's file is mounted. */
  static final String TOKEN = "/etc/studyhub/logs-token";

  /** Where the authority of the endpoint is mounted. */
  static final String AUTHORITY = "/etc/studyhub/logs-ca";

  /** The port at which the collector says that it runs. */
  static final int HEALTH = 13133;

  private static final String TEMPLATE = template();

  private CollectorConfig() {}

  static String of(Hub hub, Logs logs) {
    return TEMPLATE
        .replace("@LINES@", LogsConfig.LINES)
        .replace("@FIGURES@", String.valueOf(LogsConfig.FIGURES))
        .replace(
            "@AUTHENTICATOR@",
            logs.token()
                .map(
                    it ->
                        "  bearertokenauth:\n    scheme: Bearer\n    filename: %s/%s\n"
                            .formatted(TOKEN, it.key()))
                .orElse(""))
        .replace(
            "@AUTH@",
            logs.token().isPresent() ? "    auth:\n      authenticator: bearertokenauth\n" : "")
        .replace(
            "@TLS@",
            logs.authoritySecret().isPresent()
                ? "    tls:\n      ca_file: %s/ca.crt\n      include_system_ca_certs_pool: true\n"
                    .formatted(AUTHORITY)
                : "")
        .replace(
            "@EXTENSIONS@",
            "health_check, "
                + (logs.token().isPresent() ? "bearertokenauth, " : "")
                + "file_storage")
        .replace("@HUB@", hub.names().hub())
        .replace("@NAMESPACE@", hub.names().namespace())
        // A URL has no quote and no backslash; a $ would start a variable.
        .replace("@URL@", '"' + logs.url().replace("$", "$$") + '"');
  }

  private static String template() {
    try (InputStream text = CollectorConfig.class.getResourceAsStream("/logs/collector.yaml")) {
      if (text == null) {
        throw new IllegalStateException("the jar has no logs/collector.yaml");
      }
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException damaged) {
      throw new UncheckedIOException(damaged);
    }
  }
}
