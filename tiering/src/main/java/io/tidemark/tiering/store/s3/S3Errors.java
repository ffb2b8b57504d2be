package io.tidemark.tiering.store.s3;

import io.tidemark.tiering.store.ObjectStoreException;
import io.tidemark.tiering.store.ObjectStoreException.Kind;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Gives what the SDK throws its kind. Errors of the CRT may lack a code, so the status counts too.
 */
final class S3Errors {
  private static final Set<String> THROTTLED =
      Set.of(
          "SlowDown",
          "Throttling",
          "ThrottlingException",
          "RequestLimitExceeded",
          "TooManyRequests",
          "BandwidthLimitExceeded",
          "ServiceUnavailable",
          "Busy");
  private static final Set<String> DENIED =
      Set.of(
          "AccessDenied",
          "ExpiredToken",
          "InvalidToken",
          "InvalidAccessKeyId",
          "SignatureDoesNotMatch",
          "RequestTimeTooSkewed",
          "AuthorizationHeaderMalformed");
  private static final Set<String> CORRUPT =
      Set.of("BadDigest", "InvalidDigest", "XAmzContentSHA256Mismatch", "InvalidRange");

  private S3Errors() {}

  static ObjectStoreException typed(String what, Throwable thrown) {
    Throwable cause = unwrapped(thrown);
    // Ours come back inside one of the SDK's.
    for (Throwable inner = cause; inner != null; inner = inner.getCause()) {
      if (inner instanceof ObjectStoreException e) {
        return new ObjectStoreException(e.kind(), what + ": " + e.getMessage(), e);
      }
    }
    if (cause instanceof Error e && !(cause instanceof LinkageError)) {
      throw e;
    }
    return new ObjectStoreException(kind(cause), what + ": " + describe(cause), cause);
  }

  static ObjectStoreException typed(String what, S3Error error) {
    String message = "%s: %s %s".formatted(what, error.code(), error.message());
    return new ObjectStoreException(kind(0, error.code()), message);
  }

  private static Throwable unwrapped(Throwable thrown) {
    Throwable cause = thrown;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static Kind kind(Throwable cause) {
    if (cause instanceof S3Exception e) {
      String code = e.awsErrorDetails() == null ? "" : e.awsErrorDetails().errorCode();
      return kind(e.statusCode(), code == null ? "" : code);
    }
    boolean lacksCredentials =
        cause instanceof SdkClientException e
            && String.valueOf(e.getMessage()).contains("Unable to load credentials");
    return lacksCredentials ? Kind.DENIED : Kind.UNAVAILABLE;
  }

  private static Kind kind(int status, String code) {
    if (THROTTLED.contains(code) || status == 429 || (status == 503 && code.isEmpty())) {
      return Kind.THROTTLED;
    }
    if (DENIED.contains(code) || status == 401 || status == 403) {
      return Kind.DENIED;
    }
    if (CORRUPT.contains(code) || status == 416) {
      return Kind.CORRUPT;
    }
    return status == 404 || code.startsWith("NoSuch") ? Kind.NOT_FOUND : Kind.UNAVAILABLE;
  }

  private static String describe(Throwable cause) {
    if (cause instanceof S3Exception e && e.awsErrorDetails() != null) {
      return "%d %s: %s"
          .formatted(
              e.statusCode(), e.awsErrorDetails().errorCode(), e.awsErrorDetails().errorMessage());
    }
    return cause.getClass().getSimpleName() + ": " + cause.getMessage();
  }
}
