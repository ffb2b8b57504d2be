package io.tidemark.bench.client;

import java.nio.ByteBuffer;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.Record;

/** One batch of format v2, without keys and without a producer id. */
record Batch(MemoryRecords records, int recordCount) {

  /** Fills a batch as the Java producer does: with as many records as fit, at least one. */
  static Batch of(int recordBytes, int batchBytes, String compression, long nowMs) {
    Compression codec = Compression.of(CompressionType.forName(compression)).build();
    ByteBuffer memory = ByteBuffer.allocate(Math.max(batchBytes, 2 * recordBytes + 256));
    Random random = new Random(1);
    try (MemoryRecordsBuilder builder =
        MemoryRecords.builder(memory.limit(batchBytes), codec, TimestampType.CREATE_TIME, 0)) {
      int count = 0;
      ByteBuffer value = value(random, recordBytes);
      while (count == 0 || builder.hasRoomFor(nowMs, null, value, Record.EMPTY_HEADERS)) {
        builder.append(nowMs, null, value);
        value = value(random, recordBytes);
        count++;
      }
      return new Batch(builder.build(), count);
    }
  }

  /** Letters: about as compressible as text without words. */
  private static ByteBuffer value(Random random, int bytes) {
    byte[] value = new byte[bytes];
    for (int at = 0; at < bytes; at++) {
      value[at] = (byte) ('a' + random.nextInt(26));
    }
    return ByteBuffer.wrap(value);
  }

  int sizeBytes() {
    return records.sizeInBytes();
  }
}
