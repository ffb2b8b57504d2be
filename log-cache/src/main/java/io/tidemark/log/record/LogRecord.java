package io.tidemark.log.record;

import java.nio.ByteBuffer;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * One record. Key and value are views into the buffer it was read from, valid as long as that is,
 * or of the decompressed copy.
 *
 * @param offset its place in the log
 * @param timestampMs of the producer, or of the append where the log says so
 * @param key null when the record has none
 * @param value null for a tombstone
 */
@SuppressWarnings(
    "ArrayRecordComponent") // as Kafka's own interfaces pass headers on; never compared
public record LogRecord(
    long offset,
    long timestampMs,
    @Nullable ByteBuffer key,
    @Nullable ByteBuffer value,
    Header[] headers) {}
