package io.tidemark.tiering.store;

/** All that can be set about a store. */
public record StoreSettings(
    StoreLocation location, S3Settings s3, StoreLimits limits, RetryPolicy retries) {
  /** Defaults for the value of {@code tiering.store}. */
  public static StoreSettings of(String tieringStore) {
    return new StoreSettings(
        StoreLocation.parse(tieringStore),
        S3Settings.DEFAULTS,
        StoreLimits.DEFAULTS,
        RetryPolicy.DEFAULTS);
  }

  public StoreSettings withS3(S3Settings value) {
    return new StoreSettings(location, value, limits, retries);
  }

  public StoreSettings withLimits(StoreLimits value) {
    return new StoreSettings(location, s3, value, retries);
  }

  public StoreSettings withRetries(RetryPolicy value) {
    return new StoreSettings(location, s3, limits, value);
  }
}
