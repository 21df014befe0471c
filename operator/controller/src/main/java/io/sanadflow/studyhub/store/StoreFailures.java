package io.sanadflow.studyhub.store;

import java.net.ConnectException;
import java.net.HttpRetryException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** What a store's answers mean, with cause and cure. */
final class StoreFailures {

  static final int NOT_FOUND = 404;

  static final int PRECONDITION_FAILED = 412;

  private static final int BAD_REQUEST = 400;

  private static final int UNAUTHORIZED = 401;

  private static final int TOO_MANY = 429;

  private static final int SERVER_ERROR = 500;

  private static final int NOT_IMPLEMENTED = 501;

  private static final int UNAVAILABLE = 503;

  private static final int NO_ROOM = 507;

  private static final int MOST_QUOTED = 300;

  private static final Set<String> PASSING_CODES =
      Set.of(
          "RequestTimeout",
          "InternalError",
          "ConditionalRequestConflict",
          "OperationAborted",
          "BadDigest",
          "IncompleteBody");

  private static final Set<String> THROTTLING_CODES =
      Set.of("SlowDown", "TooManyRequests", "RequestLimitExceeded", "Throttling");

  private static final Set<String> QUOTA_CODES =
      Set.of(
          "QuotaExceeded",
          "ServiceQuotaExceededException",
          "XMinioStorageFull",
          "XMinioAdminBucketQuotaExceeded",
          "InsufficientStorage",
          "StorageCapExceeded");

  private StoreFailures() {}

  /** Whether another attempt may succeed. */
  static boolean passing(Throwable failure) {
    if (failure instanceof AwsServiceException answer) {
      int status = answer.statusCode();
      return throttling(failure)
          || PASSING_CODES.contains(code(answer))
          // An answer without a code was damaged on its way.
          || status == BAD_REQUEST && code(answer).isEmpty()
          || status >= SERVER_ERROR && status != NOT_IMPLEMENTED && status != NO_ROOM;
    }
    return !untrusted(failure)
        && cause(failure, HttpRetryException.class).isEmpty()
        && cause(failure, ContentChangedException.class).isEmpty();
  }

  /** Whether the store asks for more time between requests. */
  static boolean throttling(Throwable failure) {
    return failure instanceof AwsServiceException answer
        && (answer.statusCode() == TOO_MANY
            || answer.statusCode() == UNAVAILABLE
            || THROTTLING_CODES.contains(code(answer)));
  }

  /** Whether the answer before the last was lost, so that the deed may be done already. */
  static boolean repeated(SdkException failure) {
    Integer attempts = failure.numAttempts();
    return attempts != null && attempts > 1;
  }

  /** The failure as ours. */
  static StoreException of(String deed, String bucket, SdkException failure) {
    if (failure instanceof AwsServiceException answer) {
      return answered(deed, bucket, answer);
    }
    return unanswered(deed, failure);
  }

  private static StoreException answered(String deed, String bucket, AwsServiceException answer) {
    String code = code(answer);
    int status = answer.statusCode();
    String said = "cannot " + deed + " (" + status + " " + code + quoted(answer) + "): ";
    if (code.equals("NoSuchBucket") || code.equals("InvalidBucketName")) {
      return failure(
          "BucketMissing",
          said + "there is no bucket " + bucket + "; make it, or mend spec.objectStore.bucket",
          answer);
    }
    if (code.equals("NoSuchKey")) {
      return failure("NotFound", said + "it is not in bucket " + bucket, answer);
    }
    if (code.equals("NoSuchUpload")) {
      return failure(
          "UploadGone",
          said + "the upload was given up by somebody else, as a lifecycle rule; start it again",
          answer);
    }
    if (code.equals("RequestTimeTooSkewed")
        || code.equals("RequestExpired")
        || code.equals("ExpiredRequest")) {
      return failure(
          "ClockSkew",
          said
              + "the node's clock and the store's differ by minutes; have the node keep its time"
              + " by NTP",
          answer);
    }
    if (code.equals("SignatureDoesNotMatch")) {
      return failure(
          "SignatureMismatch",
          said
              + "the secret access key is not that of the access key id; put both of one token into"
              + " the Secret of spec.objectStore.credentialsSecret",
          answer);
    }
    if (status == UNAUTHORIZED || code.equals("InvalidAccessKeyId")) {
      return unknownToken(said, answer);
    }
    if (region(code, status, quoted(answer))) {
      return failure(
          "WrongRegion",
          said + "the bucket is in another region; mend spec.objectStore.region (auto for R2)",
          answer);
    }
    if (QUOTA_CODES.contains(code) || status == NO_ROOM) {
      return failure(
          "QuotaExceeded",
          said
              + "the store's quota is used up; raise it, or keep fewer backups"
              + " (spec.backup.retention)",
          answer);
    }
    if (status == 403) {
      return failure(
          "AccessDenied",
          said
              + "the token may not do this in bucket "
              + bucket
              + "; it needs to read, write and"
              + " list objects there (R2: Object Read & Write for this bucket)",
          answer);
    }
    if (throttling(answer)) {
      return failure(
          "TooManyRequests",
          said + "the store asked for fewer requests at every attempt; the next run tries again",
          answer);
    }
    if (status == NOT_IMPLEMENTED) {
      return failure(
          "NotSupported", said + "the store lacks what backups need; use another", answer);
    }
    if (status >= SERVER_ERROR) {
      return failure(
          "StoreFailing",
          said + "the store failed at every attempt; the next run tries again",
          answer);
    }
    if (code.equals("BadDigest")) {
      return failure(
          "Corrupted", said + "the content was damaged on its way at every attempt", answer);
    }
    return failure("StoreRefused", said + "the store refused it", answer);
  }

  private static StoreException unanswered(String deed, SdkException failure) {
    String said = "cannot " + deed + ": ";
    Optional<HttpRetryException> refused = cause(failure, HttpRetryException.class);
    if (refused.isPresent() && refused.get().responseCode() == UNAUTHORIZED) {
      return unknownToken(said, failure);
    }
    if (untrusted(failure)) {
      return failure(
          "CertificateNotTrusted",
          said
              + "the endpoint's certificate is not trusted ("
              + bounded(root(failure).getMessage())
              + "); give the authority that signed it in spec.objectStore.caSecret, and the name"
              + " that it is for in the endpoint",
          failure);
    }
    Optional<UnknownHostException> unknown = cause(failure, UnknownHostException.class);
    if (unknown.isPresent()) {
      return failure(
          "Unreachable",
          said
              + "the endpoint's name "
              + bounded(unknown.get().getMessage())
              + " is not known; mend spec.objectStore.endpoint or the cluster's DNS",
          failure);
    }
    boolean closed =
        cause(failure, ConnectException.class).isPresent()
            || cause(failure, NoRouteToHostException.class).isPresent();
    return failure(
        "Unreachable",
        said
            + (closed ? "nobody listens at the endpoint" : "the endpoint did not answer well")
            + " at any attempt ("
            + bounded(root(failure).getMessage())
            + "); see whether the store is up, spec.objectStore.endpoint is right, and pods may reach"
            + " it",
        failure);
  }

  private static StoreException unknownToken(String said, SdkException cause) {
    return failure(
        "AccessDenied",
        said
            + "the store does not know the access key id: the token is wrong or was revoked; put a"
            + " valid one into the Secret of spec.objectStore.credentialsSecret",
        cause);
  }

  private static boolean region(String code, int status, String text) {
    return code.equals("InvalidRegionName")
        || code.equals("PermanentRedirect")
        || code.equals("AuthorizationHeaderMalformed")
        || code.equals("IllegalLocationConstraintException")
        || status == 301
        || status == 400 && text.toLowerCase(Locale.ROOT).contains("region");
  }

  private static boolean untrusted(Throwable failure) {
    return cause(failure, CertificateException.class).isPresent()
        || cause(failure, CertPathBuilderException.class).isPresent()
        || cause(failure, SSLPeerUnverifiedException.class).isPresent()
        || cause(failure, SSLHandshakeException.class)
            .filter(it -> String.valueOf(it.getMessage()).contains("PKIX"))
            .isPresent();
  }

  private static <T extends Throwable> Optional<T> cause(Throwable failure, Class<T> type) {
    for (Throwable next = failure; next != null; next = next.getCause()) {
      if (type.isInstance(next)) {
        return Optional.of(type.cast(next));
      }
    }
    return Optional.empty();
  }

  private static Throwable root(Throwable failure) {
    Throwable root = failure;
    for (Throwable next = failure; next != null; next = next.getCause()) {
      root = next;
    }
    return root;
  }

  /** The store's code of an error, empty if it gave none. */
  static String code(AwsServiceException answer) {
    AwsErrorDetails details = answer.awsErrorDetails();
    return details == null || details.errorCode() == null ? "" : details.errorCode();
  }

  private static String quoted(AwsServiceException answer) {
    AwsErrorDetails details = answer.awsErrorDetails();
    String text = details == null ? null : details.errorMessage();
    return text == null || text.isEmpty() ? "" : ", \"" + bounded(text) + "\"";
  }

  private static String bounded(@org.jspecify.annotations.Nullable String text) {
    String whole = String.valueOf(text);
    return whole.length() > MOST_QUOTED ? whole.substring(0, MOST_QUOTED) + "…" : whole;
  }

  private static StoreException failure(String reason, String message, SdkException cause) {
    return new StoreException(reason, message.replace(" )", ")"), cause);
  }
}
