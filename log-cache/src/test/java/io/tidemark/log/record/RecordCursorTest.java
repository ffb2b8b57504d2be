package io.tidemark.log.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordCursorTest {
  private static final long NOW_MS = 1_800_000_000_000L;

  private static @Nullable ByteBuffer bytes(SplittableRandom random, int bound) {
    if (random.nextInt(4) == 0) {
      return null;
    }
    byte[] bytes = new byte[random.nextInt(bound)];
    random.nextBytes(bytes);
    return ByteBuffer.wrap(bytes);
  }

  private static ByteBuffer batch(SplittableRandom random, RecordBatchBuilder builder) {
    int count = 1 + random.nextInt(50);
    for (int i = 0; i < count; i++) {
      builder.append(
          NOW_MS + random.nextInt(1_000_000) - 500_000,
          bytes(random, 300),
          bytes(random, 300),
          new RecordHeader("h", new byte[random.nextInt(200)]));
    }
    return builder.build();
  }

  @Test
  void findsWhatKafkaFinds() {
    SplittableRandom random = new SplittableRandom(3);
    RecordCursor cursor = new RecordCursor();
    for (int round = 0; round < 200; round++) {
      RecordBatchBuilder builder =
          random.nextBoolean()
              ? new RecordBatchBuilder(CompressionSpec.NONE)
              : new RecordBatchBuilder(
                  CompressionSpec.NONE, TimestampType.LOG_APPEND_TIME, NOW_MS + 5);
      ByteBuffer batch = batch(random, builder);
      RecordBatchHeader header = new RecordBatchHeader().wrap(batch, 0);
      header.setBaseOffset(random.nextLong(1L << 40));
      cursor.begin(batch, header);
      Records.visit(
          batch,
          (found, record) -> {
            assertThat(cursor.next()).isTrue();
            assertThat(cursor.offset()).isEqualTo(record.offset());
            assertThat(cursor.timestampMs()).isEqualTo(record.timestampMs());
            assertThat(cursor.key()).isEqualTo(record.key());
            assertThat(cursor.value()).isEqualTo(record.value());
            assertThat(cursor.hasValue()).isEqualTo(record.value() != null);
            return true;
          });
      assertThat(cursor.next()).isFalse();
    }
  }

  @Test
  void whatIsNoRecordIsNotRead() {
    SplittableRandom random = new SplittableRandom(4);
    for (int round = 0; round < 500; round++) {
      ByteBuffer batch = batch(random, new RecordBatchBuilder(CompressionSpec.NONE));
      for (int i = 0; i < 5; i++) {
        int at =
            RecordBatchHeader.SIZE_BYTES
                + random.nextInt(batch.limit() - RecordBatchHeader.SIZE_BYTES);
        batch.put(at, (byte) random.nextInt(256));
      }
      RecordCursor cursor = new RecordCursor();
      cursor.begin(batch, new RecordBatchHeader().wrap(batch, 0));
      try {
        while (cursor.next()) {
          cursor.key();
          cursor.value();
        }
      } catch (CorruptRecordException e) {
        assertThat(e).hasMessageContaining("cannot be read");
      }
    }
  }

  @Test
  void compressedBatchesAreNotForIt() {
    ByteBuffer batch =
        batch(new SplittableRandom(5), new RecordBatchBuilder(CompressionSpec.lz4(1)));
    assertThatThrownBy(
            () -> new RecordCursor().begin(batch, new RecordBatchHeader().wrap(batch, 0)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
