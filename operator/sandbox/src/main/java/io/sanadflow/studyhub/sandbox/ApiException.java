package io.sanadflow.studyhub.sandbox;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.http.MockResponse;

/** The API refuses a request. */
final class ApiException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int code;
  private final String reason;

  private ApiException(int code, String reason, String message) {
    super(message);
    this.code = code;
    this.reason = reason;
  }

  static ApiException notFound(String what) {
    return new ApiException(404, "NotFound", what + " not found");
  }

  static ApiException exists(String what) {
    return new ApiException(409, "AlreadyExists", what + " already exists");
  }

  static ApiException conflict(String message) {
    return new ApiException(409, "Conflict", message);
  }

  static ApiException invalid(String message) {
    return new ApiException(422, "Invalid", message);
  }

  static ApiException unreadable(String message) {
    return new ApiException(400, "BadRequest", message);
  }

  static ApiException mediaType(String type) {
    return new ApiException(
        415, "UnsupportedMediaType", "the sandbox takes no patch of type " + type);
  }

  /** The refusal as Kubernetes writes it, a metav1.Status. */
  MockResponse response() {
    return new MockResponse()
        .setResponseCode(code)
        .setHeader("Content-Type", "application/json")
        .setBody(
            Serialization.asJson(
                new StatusBuilder()
                    .withStatus("Failure")
                    .withReason(reason)
                    .withMessage(getMessage())
                    .withCode(code)
                    .build()));
  }
}
