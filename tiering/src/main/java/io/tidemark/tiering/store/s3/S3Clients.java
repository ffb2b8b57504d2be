package io.tidemark.tiering.store.s3;

import io.tidemark.tiering.store.S3Settings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.http.crt.AwsCrtAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3AsyncClientBuilder;

/**
 * Builds clients that make one attempt each (retries are the store's own layer), and neither add
 * nor check checksums where they need not: uploads bring their CRC32C, readers check their own.
 */
final class S3Clients {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  private S3Clients() {}

  static S3AsyncClient open(S3Settings settings) {
    S3AsyncClientBuilder builder =
        S3AsyncClient.builder()
            .httpClientBuilder(
                AwsCrtAsyncHttpClient.builder()
                    .maxConcurrency(settings.maxConnections())
                    .connectionTimeout(CONNECT_TIMEOUT))
            .credentialsProvider(credentials(settings))
            .forcePathStyle(settings.isPathStyle())
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .overrideConfiguration(override ->
                override
                    .apiCallAttemptTimeout(settings.attemptTimeout())
                    .retryStrategy(AwsRetryStrategy.doNotRetry()))
            // What completes is a parked thread waking up: no pool is needed in between.
            .asyncConfiguration(async ->
                async.advancedOption(
                    SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run));
    Region region = region(settings);
    if (region != null) {
      builder.region(region);
    }
    if (settings.endpoint() != null) {
      builder.endpointOverride(settings.endpoint());
    }
    return builder.build();
  }

  private static @Nullable Region region(S3Settings settings) {
    if (settings.region() != null) {
      return Region.of(settings.region());
    }
    return settings.endpoint() == null ? null : Region.US_EAST_1;
  }

  private static AwsCredentialsProvider credentials(S3Settings settings) {
    String id = settings.accessKeyId();
    String secret = settings.secretAccessKey();
    return id == null || secret == null
        ? DefaultCredentialsProvider.builder().build()
        : StaticCredentialsProvider.create(AwsBasicCredentials.create(id, secret));
  }
}
