package io.tidemark.gateway.api;

import io.tidemark.metadata.image.NodeImage.FeatureRange;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The feature levels this release can work with, as registration and ApiVersions tell them.
 * Features of protocols that are not built are absent, for clients decide by them.
 */
public final class SupportedFeatures {
  /** Kafka's own number of its release 4.4's metadata version. */
  private static final short METADATA_VERSION_MIN = 7;

  private static final short METADATA_VERSION_MAX = 33;

  public static final Map<String, FeatureRange> RANGES =
      Collections.unmodifiableMap(
          new TreeMap<>(
              Map.of(
                  "metadata.version", new FeatureRange(METADATA_VERSION_MIN, METADATA_VERSION_MAX),
                  "kraft.version", new FeatureRange((short) 0, (short) 1),
                  "eligible.leader.replicas.version", new FeatureRange((short) 0, (short) 1),
                  "transaction.version", new FeatureRange((short) 0, (short) 2))));

  private SupportedFeatures() {}
}
