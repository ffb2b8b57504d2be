package io.tidemark.gateway.peer;

import java.util.EnumMap;
import java.util.Map;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;

/** Which versions of which APIs a node answers, as it said when the connection began. */
final class PeerVersions {
  /** Every release knows it. */
  static final short QUESTION = 3;

  private record Range(short min, short max) {}

  private final Map<ApiKeys, Range> served = new EnumMap<>(ApiKeys.class);

  private PeerVersions() {}

  static PeerCall greeting() {
    return new PeerCall(
        ApiKeys.API_VERSIONS,
        new ApiVersionsRequestData()
            .setClientSoftwareName("tidemark")
            .setClientSoftwareVersion("node"));
  }

  /**
   * Reads the answer to the greeting.
   *
   * @throws RuntimeException when it is an error
   */
  static PeerVersions of(AbstractResponse answer) {
    ApiVersionsResponseData data = (ApiVersionsResponseData) answer.data();
    Errors.forCode(data.errorCode()).maybeThrow();
    PeerVersions versions = new PeerVersions();
    for (ApiVersion api : data.apiKeys()) {
      if (ApiKeys.hasId(api.apiKey())) {
        versions.served.put(
            ApiKeys.forId(api.apiKey()), new Range(api.minVersion(), api.maxVersion()));
      }
    }
    return versions;
  }

  /** The newest version both know. */
  short versionOf(ApiKeys key) {
    Range range = served.get(key);
    if (range == null) {
      throw new UnsupportedVersionException("The node does not serve " + key);
    }
    short version = (short) Math.min(range.max, key.latestVersion());
    if (version < range.min || version < key.oldestVersion()) {
      throw new UnsupportedVersionException(
          "The node serves %s in versions %d to %d, this one knows %d to %d"
              .formatted(key, range.min, range.max, key.oldestVersion(), key.latestVersion()));
    }
    return version;
  }
}
