package io.sanadflow.studyhub.agent;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.Cipher;

/**
 * Encryption at rest in the format of age (age-encryption.org/v1) with keys of X25519, so that
 * {@code age -d -i KEY} opens a backup anywhere. No library of Maven Central has it.
 */
final class Encryption {

  private static final String SECRET = "age-secret-key-";

  private static final String VERSION = "age-encryption.org/v1";

  private static final String STANZA = "-> ";

  private static final String X25519 = "-> X25519 ";

  private static final String END = "---";

  private static final int FILE_KEY = 16;

  private static final int TAG = 16;

  private static final int NONCE = 16;

  private static final int COLUMNS = 64;

  /** Far more than a header of many recipients has. */
  private static final int MOST_HEADER = 64 * 1024;

  private static final Base64.Encoder TO_TEXT = Base64.getEncoder().withoutPadding();

  private final List<AgeKey> keys;

  private Encryption(List<AgeKey> keys) {
    this.keys = keys;
  }

  /**
   * Reads a file of keys, one a line; empty lines and those that start with # are passed over.
   *
   * @throws AgentException EncryptionKeyMissing or EncryptionKeyBad
   */
  static Encryption read(Path file) throws IOException {
    try {
      return of(Files.readString(file));
    } catch (NoSuchFileException missing) {
      throw new AgentException(
          "EncryptionKeyMissing",
          "encryption is asked for, but its Secret has no such key: there is no " + file,
          missing);
    }
  }

  /**
   * The same of a text. The first key encrypts; any of them decrypts, so that a key can be changed
   * while older backups stay readable.
   */
  static Encryption of(String text) throws AgentException {
    List<AgeKey> keys = new ArrayList<>();
    for (String line : text.lines().map(String::strip).toList()) {
      if (!line.isEmpty() && !line.startsWith("#")) {
        keys.add(key(line));
      }
    }
    if (keys.isEmpty()) {
      throw bad("there is none in it");
    }
    return new Encryption(List.copyOf(keys));
  }

  private static AgeKey key(String line) throws AgentException {
    if (line.toLowerCase(Locale.ROOT).startsWith("age1")) {
      throw bad("that is a recipient, the public half, which cannot decrypt");
    }
    try {
      byte[] secret = Bech32.decode(SECRET, line);
      if (secret.length != AgeKey.BYTES) {
        throw bad("it is " + secret.length + " bytes long, not " + AgeKey.BYTES);
      }
      return AgeKey.of(secret);
    } catch (IllegalArgumentException malformed) {
      // Without the cause: nothing that quotes a key goes on.
      throw bad(String.valueOf(malformed.getMessage()));
    }
  }

  private static AgentException bad(String what) {
    return new AgentException(
        "EncryptionKeyBad",
        "the encryption key in the Secret cannot be used: "
            + what
            + "; it must be AGE-SECRET-KEY-1… as age-keygen makes it");
  }

  /** The public half of the key that encrypts: which key it was, without the key. */
  String recipient() {
    return recipient(keys.get(0));
  }

  /** Whether content that was encrypted for a recipient can be decrypted. */
  boolean opens(String recipient) {
    return keys.stream().anyMatch(it -> recipient(it).equals(recipient));
  }

  private static String recipient(AgeKey key) {
    return Bech32.encode("age", key.share());
  }

  /** Encrypts what is written; closing it ends the content and closes the other. */
  OutputStream encrypting(OutputStream to) throws IOException {
    AgeKey own = keys.get(0);
    AgeKey ephemeral = AgeKey.fresh();
    byte[] fileKey = random(FILE_KEY);
    byte[] wrapping = ephemeral.wrapping(own.share(), ephemeral.share(), own.share());
    String header =
        VERSION
            + "\n"
            + X25519
            + TO_TEXT.encodeToString(ephemeral.share())
            + "\n"
            + TO_TEXT.encodeToString(sealed(Cipher.ENCRYPT_MODE, wrapping, fileKey).orElseThrow())
            + "\n"
            + END;
    byte[] nonce = random(NONCE);
    to.write(
        (header + " " + TO_TEXT.encodeToString(headerMac(fileKey, header)) + "\n")
            .getBytes(StandardCharsets.US_ASCII));
    to.write(nonce);
    return new AgeStream.Sealing(to, AgeKey.derived(fileKey, nonce, "payload"));
  }

  /**
   * Decrypts while it is read. A changed or cut-off chunk ends it with Tampered or Truncated.
   *
   * @throws AgentException WrongKey if none of the keys opens it, NotEncrypted if it is no age file
   */
  InputStream decrypting(InputStream from) throws IOException {
    Header header = header(from);
    byte[] fileKey =
        header.stanzas.stream()
            .flatMap(stanza -> keys.stream().map(key -> unwrapped(key, stanza)))
            .flatMap(Optional::stream)
            .findFirst()
            .orElseThrow(
                () ->
                    new AgentException(
                        "WrongKey",
                        "it was encrypted for another key than that of the Secret, whose recipient"
                            + " is "
                            + recipient()
                            + "; its manifest names the recipient, whose key is needed"));
    if (!MessageDigest.isEqual(headerMac(fileKey, header.text), header.mac)) {
      throw new AgentException(
          "Tampered", "the head of the encrypted content was changed: use another backup");
    }
    byte[] nonce = from.readNBytes(NONCE);
    if (nonce.length < NONCE) {
      throw new AgentException(
          "Truncated", "the encrypted content ends within its head: use another backup");
    }
    return new AgeStream.Opening(from, AgeKey.derived(fileKey, nonce, "payload"));
  }

  private static final class Stanza {
    final byte[] share;
    final byte[] body;

    Stanza(byte[] share, byte[] body) {
      this.share = share;
      this.body = body;
    }
  }

  private static final class Header {
    final List<Stanza> stanzas = new ArrayList<>();
    String text = "";
    byte[] mac = {};
  }

  private static Header header(InputStream from) throws IOException {
    StringBuilder text = new StringBuilder();
    if (!line(from, text).equals(VERSION)) {
      throw malformed();
    }
    Header header = new Header();
    String line = line(from, text);
    while (line.startsWith(STANZA)) {
      String first = line;
      StringBuilder body = new StringBuilder();
      do {
        line = line(from, text);
        body.append(line);
      } while (line.length() == COLUMNS);
      if (first.startsWith(X25519)) {
        header.stanzas.add(new Stanza(bytes(first.substring(X25519.length())), bytes(body)));
      }
      line = line(from, text);
    }
    if (!line.startsWith(END + " ")) {
      throw malformed();
    }
    header.mac = bytes(line.substring(END.length() + 1));
    header.text = text.substring(0, text.length() - line.length() - 1 + END.length());
    return header;
  }

  private static String line(InputStream from, StringBuilder text) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = from.read(); next != '\n'; next = from.read()) {
      if (next < 0 || text.length() + line.size() > MOST_HEADER) {
        throw malformed();
      }
      line.write(next);
    }
    String read = line.toString(StandardCharsets.US_ASCII);
    text.append(read).append('\n');
    return read;
  }

  private static byte[] bytes(CharSequence base64) throws AgentException {
    try {
      return Base64.getDecoder().decode(base64.toString());
    } catch (IllegalArgumentException bad) {
      throw malformed();
    }
  }

  private static AgentException malformed() {
    return new AgentException(
        "NotEncrypted",
        "the content is said to be encrypted, but is not in the format of age: it was replaced or"
            + " damaged; use another backup");
  }

  private static Optional<byte[]> unwrapped(AgeKey key, Stanza stanza) {
    if (stanza.share.length != AgeKey.BYTES || stanza.body.length != FILE_KEY + TAG) {
      return Optional.empty();
    }
    try {
      byte[] wrapping = key.wrapping(stanza.share, stanza.share, key.share());
      return sealed(Cipher.DECRYPT_MODE, wrapping, stanza.body);
    } catch (IllegalArgumentException notAShare) {
      return Optional.empty();
    }
  }

  private static Optional<byte[]> sealed(int mode, byte[] key, byte[] content) {
    try {
      return Optional.of(AgeKey.cipher(mode, key, new byte[12]).doFinal(content));
    } catch (GeneralSecurityException other) {
      return Optional.empty();
    }
  }

  private static byte[] headerMac(byte[] fileKey, String header) {
    return AgeKey.mac(
        AgeKey.derived(fileKey, new byte[0], "header"), header.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }
}
