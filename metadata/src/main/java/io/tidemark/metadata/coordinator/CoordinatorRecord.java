package io.tidemark.metadata.coordinator;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One record of a coordinator's partition, in Kafka's published format: a key that starts with its
 * kind (int16) and a value that starts with its version (int16). No value means tombstone.
 *
 * <p>The buffers belong to the record once handed over: readers use absolute gets or a duplicate
 * and never move position or limit.
 *
 * @param producer in whose transaction it is; null outside of one
 */
public record CoordinatorRecord(
    ByteBuffer key,
    @Nullable ByteBuffer value,
    long timestampMs,
    @Nullable TransactionalProducer producer)
    implements LogEntry {
  /** The most a record costs in a batch beyond key and value: lengths, deltas and attributes. */
  private static final int FRAMING_BYTES = 32;

  /** A record outside of transactions. */
  public CoordinatorRecord(ByteBuffer key, @Nullable ByteBuffer value, long timestampMs) {
    this(key, value, timestampMs, null);
  }

  @Override
  public int sizeBytes() {
    ByteBuffer bytes = value;
    return FRAMING_BYTES + key.remaining() + (bytes == null ? 0 : bytes.remaining());
  }
}
