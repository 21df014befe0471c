package io.sanadflow.studyhub.probe;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** One connection over TLS 1.3 to Redis, for the few commands of RESP2 that the operator sends. */
final class RedisConnection implements AutoCloseable {

  private static final int CONNECT_MILLIS = 3000;

  private static final int ANSWER_MILLIS = 5000;

  private final Socket socket;
  private final InputStream input;
  private final ServerTrust trust;

  private RedisConnection(Socket socket, ServerTrust trust) throws IOException {
    this.socket = socket;
    this.input = new BufferedInputStream(socket.getInputStream());
    this.trust = trust;
  }

  /** Connects and logs in. */
  static RedisConnection open(RedisTarget target) throws ProbeException {
    ServerTrust trust = new ServerTrust(target.trust());
    Socket plain = new Socket();
    try {
      plain.connect(new InetSocketAddress(target.host(), target.port()), CONNECT_MILLIS);
      plain.setSoTimeout(ANSWER_MILLIS);
      Socket socket = ServerTrust.secured(trust.sockets(), plain, target.host(), target.port());
      RedisConnection connection = new RedisConnection(socket, trust);
      connection.command(List.of("AUTH", target.password()));
      return connection;
    } catch (IOException failed) {
      closeQuietly(plain);
      throw new ProbeException("Redis: " + words(failed));
    } catch (ProbeException failed) {
      closeQuietly(plain);
      throw failed;
    }
  }

  private static String words(IOException failed) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return "TLS: " + cause.getMessage();
      }
    }
    if (failed instanceof SocketTimeoutException) {
      return "no answer in time";
    }
    if (failed instanceof ConnectException) {
      return "the connection is refused";
    }
    return (failed instanceof SSLException ? "TLS: " : "") + failed.getMessage();
  }

  Optional<Served> served() {
    return trust.served();
  }

  /**
   * Sends a command.
   *
   * @return its answer as texts: one, or the items of an array
   * @throws ProbeException with Redis's own words where it refuses; they name no argument
   */
  List<String> command(List<String> words) throws ProbeException {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      bytes.writeBytes(("*" + words.size() + "\r\n").getBytes(StandardCharsets.US_ASCII));
      for (String word : words) {
        byte[] text = word.getBytes(StandardCharsets.UTF_8);
        bytes.writeBytes(("$" + text.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(text);
        bytes.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
      }
      socket.getOutputStream().write(bytes.toByteArray());
      socket.getOutputStream().flush();
      return read();
    } catch (IOException failed) {
      throw new ProbeException("Redis: " + words(failed));
    }
  }

  private List<String> read() throws IOException, ProbeException {
    String line = line();
    String rest = line.substring(1);
    switch (line.charAt(0)) {
      case '+', ':':
        return List.of(rest);
      case '-':
        throw new ProbeException("Redis: " + rest);
      case '$':
        return bulk(Integer.parseInt(rest));
      case '*':
        List<String> items = new ArrayList<>();
        for (int item = Integer.parseInt(rest); item > 0; item--) {
          items.addAll(read());
        }
        return items;
      default:
        throw new ProbeException("Redis: an answer that is not RESP");
    }
  }

  private List<String> bulk(int length) throws IOException {
    if (length < 0) {
      return List.of();
    }
    byte[] text = input.readNBytes(length);
    line();
    return List.of(new String(text, StandardCharsets.UTF_8));
  }

  private String line() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int read = input.read(); read != '\n'; read = input.read()) {
      if (read < 0) {
        throw new EOFException("the connection was closed");
      }
      if (read != '\r') {
        bytes.write(read);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** CONFIG GET, as a map. */
  Map<String, String> config(List<String> names) throws ProbeException {
    Map<String, String> found = new HashMap<>();
    if (!names.isEmpty()) {
      List<String> words = new ArrayList<>(List.of("CONFIG", "GET"));
      words.addAll(names);
      List<String> pairs = command(words);
      for (int index = 0; index + 1 < pairs.size(); index += 2) {
        found.put(pairs.get(index), pairs.get(index + 1));
      }
    }
    return found;
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException gone) {
      // It is closed either way.
    }
  }

  @Override
  public void close() {
    closeQuietly(socket);
  }
}
