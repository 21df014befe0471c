package io.sanadflow.studyhub.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PasswordUtil;

/** Verifiers are those that the driver, and so the server, makes. */
class DatabasePreparationTest {

  private static String verifier(String password, int iterations) {
    return PasswordUtil.encodeScramSha256(
        password.toCharArray(),
        iterations,
        "a salt of sixteen".substring(0, 16).getBytes(StandardCharsets.US_ASCII));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4096, 10_000})
  void aVerifierIsOfItsPassword(int iterations) {
    String verifier = verifier("0123456789abcdef", iterations);
    assertThat(DatabasePreparation.matches(verifier, "0123456789abcdef")).isTrue();
    assertThat(DatabasePreparation.matches(verifier, "0123456789abcdeF")).isFalse();
  }

  @Test
  void whatIsNoVerifierIsOfNoPassword() {
    String verifier = verifier("0123456789abcdef", 4096);
    assertThat(DatabasePreparation.matches("", "0123456789abcdef")).isFalse();
    assertThat(DatabasePreparation.matches("md5" + "0".repeat(32), "0123456789abcdef")).isFalse();
    assertThat(DatabasePreparation.matches(verifier.replace("4096", "many"), "0123456789abcdef"))
        .isFalse();
    assertThat(
            DatabasePreparation.matches(
                verifier.substring(0, verifier.lastIndexOf(':')), "0123456789abcdef"))
        .isFalse();
    assertThat(DatabasePreparation.matches(verifier.replace("$", "$!"), "0123456789abcdef"))
        .isFalse();
  }
}
