package io.tidemark.tiering.store;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a store that speaks S3.
 *
 * @param endpoint null for AWS itself
 * @param region null: that of the environment, or us-east-1 where an endpoint is given
 * @param accessKeyId null, as is {@code secretAccessKey}: the SDK's default chain of credentials
 * @param attemptTimeout of one request; of one part where an object is uploaded in parts
 * @param partBytes size of the parts; objects up to this size are stored by one request
 * @param concurrentParts parts of one object under way at once
 */
public record S3Settings(
    @Nullable URI endpoint,
    @Nullable String region,
    boolean isPathStyle,
    @Nullable String accessKeyId,
    @Nullable String secretAccessKey,
    Duration attemptTimeout,
    int partBytes,
    int concurrentParts,
    int maxConnections) {
  /** S3 refuses smaller parts, the last one apart. */
  public static final int MIN_PART_BYTES = 5 * 1024 * 1024;

  public static final S3Settings DEFAULTS =
      new S3Settings(
          null, null, false, null, null, Duration.ofSeconds(30), 16 * 1024 * 1024, 4, 96);

  public S3Settings {
    if ((accessKeyId == null) != (secretAccessKey == null)) {
      throw new IllegalArgumentException(
          "tiering.s3.access.key.id and tiering.s3.secret.access.key are set together or not at"
              + " all");
    }
    if (partBytes < MIN_PART_BYTES) {
      throw new IllegalArgumentException("parts of at least " + MIN_PART_BYTES + " bytes");
    }
  }

  public S3Settings withEndpoint(URI value) {
    return new S3Settings(
        value,
        region,
        isPathStyle,
        accessKeyId,
        secretAccessKey,
        attemptTimeout,
        partBytes,
        concurrentParts,
        maxConnections);
  }

  public S3Settings withRegion(String value) {
    return new S3Settings(
        endpoint,
        value,
        isPathStyle,
        accessKeyId,
        secretAccessKey,
        attemptTimeout,
        partBytes,
        concurrentParts,
        maxConnections);
  }

  public S3Settings withPathStyle(boolean value) {
    return new S3Settings(
        endpoint,
        region,
        value,
        accessKeyId,
        secretAccessKey,
        attemptTimeout,
        partBytes,
        concurrentParts,
        maxConnections);
  }

  public S3Settings withCredentials(@Nullable String id, @Nullable String secret) {
    return new S3Settings(
        endpoint,
        region,
        isPathStyle,
        id,
        secret,
        attemptTimeout,
        partBytes,
        concurrentParts,
        maxConnections);
  }

  public S3Settings withAttemptTimeout(Duration value) {
    return new S3Settings(
        endpoint,
        region,
        isPathStyle,
        accessKeyId,
        secretAccessKey,
        value,
        partBytes,
        concurrentParts,
        maxConnections);
  }

  public S3Settings withPartBytes(int value) {
    return new S3Settings(
        endpoint,
        region,
        isPathStyle,
        accessKeyId,
        secretAccessKey,
        attemptTimeout,
        value,
        concurrentParts,
        maxConnections);
  }

  @Override
  public String toString() {
    return "S3Settings[endpoint=%s, region=%s, pathStyle=%s, credentials=%s]"
        .formatted(endpoint, region, isPathStyle, accessKeyId == null ? "default chain" : "given");
  }
}
