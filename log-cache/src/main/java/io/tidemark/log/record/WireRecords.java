package io.tidemark.log.record;

import java.nio.ByteBuffer;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordsSend;
import org.jspecify.annotations.Nullable;

/**
 * The records field of Kafka's Produce and Fetch messages, from and to our own types: a response
 * carries a {@link RecordsPayload}, which {@link PayloadWritable} hands to the encoder.
 */
public final class WireRecords implements BaseRecords {
  private final RecordsPayload payload;

  private WireRecords(RecordsPayload payload) {
    this.payload = payload;
  }

  /** For {@code PartitionData.setRecords}: bytes that stay where they are until written. */
  public static BaseRecords of(RecordsPayload payload) {
    return new WireRecords(payload);
  }

  /** For {@code PartitionData.setRecords}: bytes in memory, readable by kafka-clients too. */
  public static BaseRecords of(ByteBuffer batches) {
    return MemoryRecords.readableRecords(batches);
  }

  /** No records. */
  public static BaseRecords empty() {
    return MemoryRecords.EMPTY;
  }

  /** The bytes of a parsed request's records, in place; null when the field was null. */
  public static @Nullable ByteBuffer bytes(@Nullable BaseRecords records) {
    return switch (records) {
      case null -> null;
      case MemoryRecords memory -> memory.buffer();
      default -> throw new IllegalArgumentException("Not in memory: " + records.getClass());
    };
  }

  /** The payload, when the records are ours; null for any other kind. */
  public static @Nullable RecordsPayload payload(@Nullable BaseRecords records) {
    return records instanceof WireRecords wire ? wire.payload : null;
  }

  /** How large the field's records are, of whatever kind; 0 when it is null. */
  public static int sizeBytes(@Nullable BaseRecords records) {
    return records == null ? 0 : records.sizeInBytes();
  }

  @Override
  public int sizeInBytes() {
    return payload.sizeBytes();
  }

  @Override
  public RecordsSend<? extends BaseRecords> toSend() {
    throw new IllegalStateException("Written by PayloadWritable, not by Kafka's network code");
  }
}
