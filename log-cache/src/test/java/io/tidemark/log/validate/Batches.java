package io.tidemark.log.validate;

import io.tidemark.log.record.RecordBatchHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Batches as Kafka's own client builds them, and ways to damage them. */
final class Batches {
  static final long NOW_MS = 1_800_000_000_000L;

  private Batches() {}

  static ByteBuffer of(Compression compression, SimpleRecord... records) {
    return MemoryRecords.withRecords(compression, records).buffer();
  }

  static SimpleRecord[] records(int count) {
    SimpleRecord[] records = new SimpleRecord[count];
    for (int i = 0; i < count; i++) {
      records[i] = record("key-" + i, "value-" + i);
    }
    return records;
  }

  static SimpleRecord record(String key, String value) {
    return new SimpleRecord(
        NOW_MS,
        key.getBytes(StandardCharsets.UTF_8),
        value.getBytes(StandardCharsets.UTF_8),
        new Header[] {new RecordHeader("h", new byte[] {1, 2, 3}), new RecordHeader("n", null)});
  }

  static SimpleRecord[] random(RandomGenerator random) {
    SimpleRecord[] records = new SimpleRecord[1 + random.nextInt(40)];
    for (int i = 0; i < records.length; i++) {
      Header[] headers = new Header[random.nextInt(3)];
      for (int h = 0; h < headers.length; h++) {
        headers[h] = new RecordHeader("h" + h, random.nextBoolean() ? bytes(random, 20) : null);
      }
      records[i] =
          new SimpleRecord(
              NOW_MS - random.nextInt(100_000),
              random.nextInt(4) == 0 ? null : bytes(random, 30),
              random.nextInt(4) == 0 ? null : bytes(random, 300),
              headers);
    }
    return records;
  }

  private static byte[] bytes(RandomGenerator random, int bound) {
    byte[] bytes = new byte[random.nextInt(bound)];
    random.nextBytes(bytes);
    return bytes;
  }

  static ByteBuffer idempotent(long producerId, short epoch, int sequence, boolean transactional) {
    return builder(
            (byte) 2, TimestampType.CREATE_TIME, producerId, epoch, sequence, transactional, false)
        .build()
        .buffer();
  }

  static ByteBuffer control() {
    return builder((byte) 2, TimestampType.CREATE_TIME, 7, (short) 0, -1, true, true)
        .build()
        .buffer();
  }

  static ByteBuffer legacy(byte magic) {
    return builder(magic, TimestampType.CREATE_TIME, -1, (short) -1, -1, false, false)
        .build()
        .buffer();
  }

  static ByteBuffer logAppendTime() {
    return builder((byte) 2, TimestampType.LOG_APPEND_TIME, -1, (short) -1, -1, false, false)
        .build()
        .buffer();
  }

  private static MemoryRecordsBuilder builder(
      byte magic,
      TimestampType type,
      long producerId,
      short epoch,
      int sequence,
      boolean transactional,
      boolean control) {
    MemoryRecordsBuilder builder =
        MemoryRecords.builder(
            ByteBuffer.allocate(256),
            magic,
            Compression.NONE,
            type,
            0,
            NOW_MS,
            producerId,
            epoch,
            sequence,
            transactional,
            control,
            RecordBatch.NO_PARTITION_LEADER_EPOCH);
    if (control) {
      builder.appendEndTxnMarker(
          NOW_MS,
          new org.apache.kafka.common.record.internal.EndTransactionMarker(
              org.apache.kafka.common.record.internal.ControlRecordType.COMMIT, 0));
    } else {
      builder.append(NOW_MS, new byte[] {1}, new byte[] {2});
    }
    return builder;
  }

  /** Makes the CRC right again, so that a mutation gets past it. */
  static ByteBuffer withCrc(ByteBuffer batch) {
    CRC32C crc = new CRC32C();
    crc.update(batch.slice(21, batch.limit() - 21));
    batch.putInt(17, (int) crc.getValue());
    return batch;
  }

  /** A direct copy in the middle of a larger buffer, as a frame has it. */
  static ByteBuffer inFrame(ByteBuffer batch) {
    ByteBuffer frame = ByteBuffer.allocateDirect(batch.remaining() + 29);
    frame.position(13);
    frame.put(batch.duplicate());
    return frame.flip().position(13);
  }

  static RecordBatchHeader header(ByteBuffer batch) {
    return new RecordBatchHeader().wrap(batch, batch.position());
  }
}
