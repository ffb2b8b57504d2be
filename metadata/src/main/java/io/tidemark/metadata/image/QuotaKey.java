package io.tidemark.metadata.image;

import java.util.Arrays;
import java.util.Optional;

/**
 * What can be limited, by the names it has in Kafka; the last two are this project's own. Rates are
 * of one node, as Kafka's are: a client that uses three nodes may have three times as much.
 */
public enum QuotaKey {
  PRODUCER_BYTE_RATE("producer_byte_rate", true),
  CONSUMER_BYTE_RATE("consumer_byte_rate", true),
  /** Time of the node's request threads; 100 is one thread's whole time. */
  REQUEST_PERCENTAGE("request_percentage", false),
  /** Topics and partitions created or deleted, a second. */
  CONTROLLER_MUTATION_RATE("controller_mutation_rate", false),
  CONNECTION_CREATION_RATE("connection_creation_rate", true),
  /** Bytes a second that are answered from the object store. */
  REMOTE_FETCH_BYTE_RATE("tidemark.remote.fetch.byte.rate", true),
  /** Reads of a partition a second that go to the object store. */
  REMOTE_FETCH_REQUEST_RATE("tidemark.remote.fetch.request.rate", false);

  private final String key;
  private final boolean isWhole;

  QuotaKey(String key, boolean isWhole) {
    this.key = key;
    this.isWhole = isWhole;
  }

  /** The name in Kafka's protocol. */
  public String key() {
    return key;
  }

  /** Whether its values are whole numbers. */
  public boolean isWhole() {
    return isWhole;
  }

  /** The largest value that can be. */
  public double max() {
    if (!isWhole) {
      return Double.MAX_VALUE;
    }
    return this == CONNECTION_CREATION_RATE ? Integer.MAX_VALUE : Long.MAX_VALUE;
  }

  /** Connections are of addresses; everything else is of users and client ids. */
  public boolean fits(QuotaEntity entity) {
    return entity.has(QuotaEntity.Part.IP) == (this == CONNECTION_CREATION_RATE);
  }

  public static Optional<QuotaKey> of(String key) {
    return Arrays.stream(values()).filter(known -> known.key.equals(key)).findFirst();
  }
}
