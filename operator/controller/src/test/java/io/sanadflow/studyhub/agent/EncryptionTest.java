package io.sanadflow.studyhub.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncryptionTest {

  /** Made by age-keygen 1.2.1 for this test, and of no use elsewhere. */
  private static final String KEY =
      """
      # created: 2026-11-25T12:56:04Z
      # public key: age1lyqlkq8hp02kxfeugsqpcgfxahz9gdpj5rwxc93y6zadnl33q3rq5lpun3
      AGE-SECRET-KEY-1JV205ZWDCMF5GAN2SX7GU593ZCKK5E2Q36N6QMDV5W3E0K8T3UXS2UVW2K
      """;

  private static final String RECIPIENT =
      "age1lyqlkq8hp02kxfeugsqpcgfxahz9gdpj5rwxc93y6zadnl33q3rq5lpun3";

  /** "a recorded file" and a line break, as age 1.2.1 encrypted it. */
  private static final String RECORDED =
      "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSB0OVBOOUNPYXhWQmVDekFkZlNJMkZPMHVv"
          + "bEVRSWJQTEJ1RG13d1duZ0RjCll5WXNYWi9HY1BsUnR6OGU4RkQ1dmhqa1ppcGR0TzZwYis5ekFi"
          + "QWpnUE0KLS0tIFlNTHh1d3IzcXRWWU1DcUpJcXdMMDJTZE0vRHd1b1Y3TGZYckt4dEpvWTQKvB1u"
          + "PCGnsnOSH1F95dHWbu/9C0vfgfEuZxkJJ0FbMydEJ9lZsIpViQNGuS+LsjgS";

  /** Of the age specification's own examples: another key. */
  private static final String OTHER =
      "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";

  @Test
  void opensWhatAgeEncrypted() throws Exception {
    Encryption encryption = Encryption.of(KEY);
    assertThat(encryption.recipient()).isEqualTo(RECIPIENT);
    assertThat(opened(encryption, Base64.getDecoder().decode(RECORDED)))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("a recorded file\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65535, 65536, 65537, 131072, 200_000})
  void opensWhatItEncrypted(int length) throws Exception {
    byte[] content = content(length);
    byte[] sealed = sealed(Encryption.of(KEY), content);
    assertThat(opened(Encryption.of(KEY), sealed)).isEqualTo(content);
    int chunks = Math.max(1, (length + 65535) / 65536);
    assertThat(sealed.length - length - 16 * chunks).as("the head").isBetween(150, 250);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 65536, 200_000})
  void ageOpensWhatItEncrypted(int length, @TempDir Path directory) throws Exception {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(it -> Files.isExecutable(Path.of(it, "age"))),
        "needs age: go install filippo.io/age/cmd/age@v1.2.1");
    Path key = Files.writeString(directory.resolve("key"), KEY);
    Path sealed =
        Files.write(directory.resolve("sealed"), sealed(Encryption.of(KEY), content(length)));
    Path plain = directory.resolve("plain");
    assertThat(age(plain, "-d", "-i", key.toString(), sealed.toString())).isZero();
    assertThat(plain).hasBinaryContent(content(length));
    Path again = directory.resolve("again");
    assertThat(age(again, "-r", RECIPIENT, plain.toString())).isZero();
    assertThat(opened(Encryption.of(KEY), Files.readAllBytes(again))).isEqualTo(content(length));
  }

  /** To a file by redirection: with -o age makes none where there is nothing to write. */
  private static int age(Path output, String... arguments) throws Exception {
    return new ProcessBuilder(Stream.concat(Stream.of("age"), Arrays.stream(arguments)).toList())
        .inheritIO()
        .redirectOutput(output.toFile())
        .start()
        .waitFor();
  }

  @Test
  void aKeyBesideTheFirstOpensOlderBackups() throws Exception {
    Encryption turned = Encryption.of(OTHER + "\n" + KEY);
    assertThat(turned.opens(RECIPIENT)).isTrue();
    assertThat(turned.recipient()).isNotEqualTo(RECIPIENT);
    assertThat(opened(turned, Base64.getDecoder().decode(RECORDED))).isNotEmpty();
  }

  @Test
  void anotherKeyIsToldAtOnce() throws Exception {
    Encryption other = Encryption.of(OTHER);
    assertThat(reason(other, Base64.getDecoder().decode(RECORDED))).isEqualTo("WrongKey");
    assertThat(other.opens(RECIPIENT)).isFalse();
  }

  @Test
  void whatIsChangedOrCutOffIsNeverGivenOut() throws Exception {
    Encryption encryption = Encryption.of(KEY);
    byte[] sealed = sealed(encryption, content(200_000));
    for (int at : new int[] {sealed.length - 1, sealed.length / 2, 300}) {
      byte[] changed = sealed.clone();
      changed[at] ^= 1;
      assertThat(reason(encryption, changed)).as("byte %d changed", at).isEqualTo("Tampered");
    }
    byte[] head = sealed.clone();
    head[head.length > 160 ? 150 : 0] ^= 1;
    assertThat(reason(encryption, head)).isIn("Tampered", "NotEncrypted", "WrongKey");
    int wholeChunks = sealed.length - (200_000 % 65536 + 16);
    for (int length : new int[] {sealed.length - 1, wholeChunks, wholeChunks - 5, 190, 100}) {
      assertThat(reason(encryption, Arrays.copyOf(sealed, length)))
          .as("cut off after %d", length)
          .isIn("Tampered", "Truncated", "NotEncrypted");
    }
    assertThat(reason(encryption, content(500))).isEqualTo("NotEncrypted");
    assertThat(reason(encryption, new byte[0])).isEqualTo("NotEncrypted");
  }

  @ParameterizedTest
  @CsvSource({
    "'',there is none",
    "'# only a comment',there is none",
    "age1lyqlkq8hp02kxfeugsqpcgfxahz9gdpj5rwxc93y6zadnl33q3rq5lpun3,recipient",
    "AGE-SECRET-KEY-1JV205ZWDCMF5GAN2SX7GU593ZCKK5E2Q36N6QMDV5W3E0K8T3UXS2UVW2Q,checksum",
    "AGE-SECRET-KEY-1JV205ZWDCMF5GAN2SX7GU593ZCKK5E2Q36N6QMDV5W3E0K8T3UXS2UVW2,checksum",
    "AGE-SECRET-KEY-1jv205ZWDCMF5GAN2SX7GU593ZCKK5E2Q36N6QMDV5W3E0K8T3UXS2UVW2K,mixed",
    "c2VjcmV0LWtleS1vZi1hbm90aGVyLWtpbmQ=,does not start",
    "AGE-SECRET-KEY-1,too short",
  })
  void aKeyThatIsNoneIsToldWithoutIt(String text, String what) {
    AgentException bad = catchThrowableOfType(AgentException.class, () -> Encryption.of(text));
    assertThat(bad.reason()).isEqualTo("EncryptionKeyBad");
    assertThat(bad).hasMessageContaining(what).hasMessageContaining("age-keygen");
    assertThat(bad.getMessage()).doesNotContain("JV205").doesNotContain("c2Vj");
  }

  private static String reason(Encryption encryption, byte[] sealed) {
    AgentException failed =
        catchThrowableOfType(AgentException.class, () -> opened(encryption, sealed));
    assertThat(failed).isNotNull();
    return failed.reason();
  }

  private static byte[] opened(Encryption encryption, byte[] sealed) throws Exception {
    try (InputStream stream = encryption.decrypting(new ByteArrayInputStream(sealed))) {
      return stream.readAllBytes();
    }
  }

  private static byte[] sealed(Encryption encryption, byte[] content) throws Exception {
    ByteArrayOutputStream sealed = new ByteArrayOutputStream();
    try (OutputStream stream = encryption.encrypting(sealed)) {
      stream.write(content);
    }
    return sealed.toByteArray();
  }

  private static byte[] content(int length) {
    byte[] content = new byte[length];
    new Random(length).nextBytes(content);
    return content;
  }
}
