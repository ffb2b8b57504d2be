package io.tidemark.log.validate;

import io.tidemark.fuzz.Repair;
import io.tidemark.log.AppendOrigin;
import io.tidemark.log.LogConfig;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Time;

/**
 * What a producer sends for a partition, or a leader to a follower: validated or refused, with
 * every record walked. What is validated has room for its own size.
 */
public final class BatchTarget {
  private static final int LENGTH_AT = 8;
  private static final int MAGIC_AT = 16;
  private static final int CRC_AT = 17;
  private static final int CHECKED_FROM = 21;
  private static final int HEADER_BYTES = 61;

  private static final BatchValidator VALIDATOR = new BatchValidator(Time.SYSTEM);
  private static final LogConfig CONFIG =
      LogConfig.builder().timestampAfterMaxMs(Long.MAX_VALUE).build();

  private BatchTarget() {}

  /** A small batch of each compression. */
  public static List<byte[]> seeds() {
    List<byte[]> seeds = new ArrayList<>();
    for (CompressionType type : CompressionType.values()) {
      ByteBuffer batch =
          MemoryRecords.withRecords(Compression.of(type).build(), record("a"), record("b"))
              .buffer();
      byte[] bytes = new byte[batch.remaining()];
      batch.get(bytes);
      seeds.add(bytes);
    }
    return seeds;
  }

  private static SimpleRecord record(String value) {
    Header[] headers = {new RecordHeader("h", new byte[] {1, 2, 3}), new RecordHeader("n", null)};
    return new SimpleRecord(
        1_800_000_000_000L, null, value.getBytes(StandardCharsets.UTF_8), headers);
  }

  public static void fuzzerTestOneInput(byte[] input) {
    validate(input.clone(), AppendOrigin.CLIENT);
    validate(input.clone(), AppendOrigin.REPLICA);
    if (input.length >= HEADER_BYTES) {
      byte[] repaired = input.clone();
      ByteBuffer.wrap(repaired).putInt(LENGTH_AT, repaired.length - LENGTH_AT - Integer.BYTES);
      repaired[MAGIC_AT] = 2;
      Repair.crc32c(repaired, CRC_AT, CHECKED_FROM, repaired.length);
      validate(repaired, AppendOrigin.CLIENT);
    }
  }

  private static void validate(byte[] batch, AppendOrigin origin) {
    try {
      ValidatedBatches valid = VALIDATOR.validate(ByteBuffer.wrap(batch), CONFIG, origin);
      if (valid.sizeBytes() > batch.length) {
        throw new IllegalStateException(valid.sizeBytes() + " of " + batch.length + " bytes");
      }
    } catch (InvalidBatchException e) {
      // The producer is told why.
    }
  }
}
