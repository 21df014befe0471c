package io.sanadflow.studyhub.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Certificates that nobody has signed, as files of openssl. */
final class SelfSigned {

  private SelfSigned() {}

  /** The certificate of a host, valid for a day. */
  static Path certificate(String host) {
    return make(host).resolve("tls.crt");
  }

  /** Its key. */
  static Path key(String host) {
    return make(host).resolve("tls.key");
  }

  private static Path make(String host) {
    try {
      Path directory = Files.createDirectories(Path.of("target", "e2e", host));
      if (!Files.exists(directory.resolve("tls.crt"))) {
        Shell.run(
                "",
                List.of(
                    "openssl",
                    "req",
                    "-x509",
                    "-newkey",
                    "ec",
                    "-pkeyopt",
                    "ec_paramgen_curve:P-256",
                    "-nodes",
                    "-days",
                    "1",
                    "-subj",
                    "/CN=" + host,
                    "-addext",
                    "subjectAltName=DNS:" + host,
                    "-keyout",
                    directory.resolve("tls.key").toString(),
                    "-out",
                    directory.resolve("tls.crt").toString()))
            .orFail();
      }
      return directory;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
