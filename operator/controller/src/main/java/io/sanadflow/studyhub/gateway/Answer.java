package io.sanadflow.studyhub.gateway;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** What all answers have in common. */
final class Answer {

  static final int OK = 200;
  static final int PARTIAL = 206;
  static final int NOT_MODIFIED = 304;
  static final int BAD_REQUEST = 400;
  static final int FORBIDDEN = 403;
  static final int NOT_FOUND = 404;
  static final int NOT_ALLOWED = 405;
  static final int PRECONDITION_FAILED = 412;
  static final int UNSATISFIABLE = 416;
  static final int FAILED = 500;
  static final int BAD_GATEWAY = 502;
  static final int UNAVAILABLE = 503;

  private Answer() {}

  /** Whether only the headers are wanted. */
  static boolean isHead(HttpExchange exchange) {
    return exchange.getRequestMethod().equals("HEAD");
  }

  /** Answers with a line for people. */
  static void words(HttpExchange exchange, int status, String words) throws IOException {
    byte[] body = (words + "\n").getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    if (!exchange.getResponseHeaders().containsKey("Cache-Control")) {
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
    }
    begin(exchange, status, body.length);
    if (!isHead(exchange)) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }

  /** Sends status and headers of an answer whose body has a length, which HEAD is told as well. */
  static void begin(HttpExchange exchange, int status, long length) throws IOException {
    if (isHead(exchange)) {
      exchange.getResponseHeaders().set("Content-Length", String.valueOf(length));
    }
    exchange.sendResponseHeaders(status, isHead(exchange) || length == 0 ? -1 : length);
  }
}
