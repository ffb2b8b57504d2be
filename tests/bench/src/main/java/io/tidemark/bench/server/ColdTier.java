package io.tidemark.bench.server;

import java.net.URI;

/** Where closed segments go. */
public sealed interface ColdTier {
  /** Nowhere: all data stays on the local disk. */
  record None() implements ColdTier {}

  /** A folder beside the data, {@link ServerHome#store()}. */
  record Directory() implements ColdTier {}

  /** A bucket over HTTP. */
  record S3(URI endpoint, String bucket, String accessKeyId, String secretAccessKey)
      implements ColdTier {}
}
