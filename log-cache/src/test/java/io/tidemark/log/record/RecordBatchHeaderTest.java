package io.tidemark.log.record;

import static io.tidemark.log.GoldenBytes.assertBytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

class RecordBatchHeaderTest {

  private static ByteBuffer kafka(Compression compression, long producerId, int records) {
    SimpleRecord[] simple = new SimpleRecord[records];
    for (int i = 0; i < records; i++) {
      simple[i] =
          new SimpleRecord(
              1000 + i,
              ("key" + i).getBytes(StandardCharsets.UTF_8),
              "value".repeat(20).getBytes(StandardCharsets.UTF_8),
              new Header[] {new RecordHeader("h", new byte[] {1})});
    }
    return MemoryRecords.withIdempotentRecords(compression, producerId, (short) 4, 17, simple)
        .buffer();
  }

  @Test
  void readsWhatKafkaWrites() {
    for (CompressionSpec spec :
        List.of(
            CompressionSpec.NONE,
            CompressionSpec.of("gzip"),
            CompressionSpec.of("snappy"),
            CompressionSpec.of("lz4"),
            CompressionSpec.zstd(5))) {
      ByteBuffer bytes = kafka(spec.codec(), 77, 3);
      MutableRecordBatch expected =
          MemoryRecords.readableRecords(bytes).batches().iterator().next();
      RecordBatchHeader header = new RecordBatchHeader().wrap(bytes, 0);

      assertThat(header.sizeBytes()).isEqualTo(expected.sizeInBytes());
      assertThat(header.baseOffset()).isEqualTo(expected.baseOffset());
      assertThat(header.lastOffset()).isEqualTo(expected.lastOffset());
      assertThat(header.magic()).isEqualTo(expected.magic());
      assertThat(header.crc()).isEqualTo(expected.checksum());
      assertThat(header.codecId()).isEqualTo(spec.codecId());
      assertThat(header.isCompressed()).isEqualTo(expected.isCompressed());
      assertThat(header.maxTimestamp()).isEqualTo(1002);
      assertThat(header.baseTimestamp()).isEqualTo(1000);
      assertThat(header.producerId()).isEqualTo(77);
      assertThat(header.producerEpoch()).isEqualTo((short) 4);
      assertThat(header.baseSequence()).isEqualTo(17);
      assertThat(header.lastSequence()).isEqualTo(19);
      assertThat(header.count()).isEqualTo(3);
      assertThat(header.isTransactional()).isFalse();
      assertThat(header.isControl()).isFalse();
      assertThat(header.isValidCrc()).isTrue();
    }
  }

  @Test
  void offsetsAndEpochsAreSetOutsideTheCrc() {
    ByteBuffer bytes = kafka(Compression.NONE, 77, 3);
    RecordBatchHeader header = new RecordBatchHeader().wrap(bytes, 0);
    header.setBaseOffset(5_000_000_000L);
    header.setLeaderEpoch(9);

    assertThat(header.isValidCrc()).isTrue();
    MutableRecordBatch batch = MemoryRecords.readableRecords(bytes).batches().iterator().next();
    batch.ensureValid();
    assertThat(batch.lastOffset()).isEqualTo(5_000_000_002L);
    assertThat(batch.partitionLeaderEpoch()).isEqualTo(9);
  }

  @Test
  void theTimeOfTheAppendChangesTheCrc() {
    ByteBuffer bytes = kafka(Compression.NONE, 77, 3);
    RecordBatchHeader header = new RecordBatchHeader().wrap(bytes, 0);
    header.setLogAppendTime(123456);

    MutableRecordBatch batch = MemoryRecords.readableRecords(bytes).batches().iterator().next();
    batch.ensureValid();
    assertThat(batch.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
    assertThat(batch.maxTimestamp()).isEqualTo(123456);
    List<Long> times = new ArrayList<>();
    Records.visit(bytes, (each, record) -> times.add(record.timestampMs()));
    assertThat(times).containsOnly(123456L);
  }

  @Test
  void aBuiltBatchHasTheseBytes() {
    ByteBuffer bytes =
        new RecordBatchBuilder(CompressionSpec.NONE)
            .append(1000, new byte[] {1}, new byte[] {2, 3})
            .append(1001, (byte[]) null, null)
            .build();
    assertBytes(
        bytes,
        """
        0000000000000000 00000042 ffffffff 02 cf502aa0 0000 00000001
        00000000000003e8 00000000000003e9 ffffffffffffffff ffff ffffffff 00000002
        12 00 00 00 02 01 04 02 03 00
        0c 00 02 02 01 01 00
        """);
    assertThat(new RecordBatchHeader().wrap(bytes, 0).isValidCrc()).isTrue();
  }

  @Test
  void recordsOfEveryCodecAreVisitedUntilRefused() {
    for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
      RecordBatchBuilder builder = new RecordBatchBuilder(CompressionSpec.of(codec));
      for (int i = 0; i < 10; i++) {
        builder.append(i, null, ("v" + i).getBytes(StandardCharsets.UTF_8));
      }
      ByteBuffer batch = builder.build();
      new RecordBatchHeader().wrap(batch, 0).setBaseOffset(100);
      List<Long> offsets = new ArrayList<>();
      boolean isWhole =
          Records.visit(
              batch,
              (header, record) -> {
                offsets.add(record.offset());
                return record.offset() < 103;
              });
      assertThat(isWhole).isFalse();
      assertThat(offsets).containsExactly(100L, 101L, 102L, 103L);
      assertThat(batch.position()).isZero();
    }
  }

  @Test
  void garbageInsideABatchIsCorrupt() {
    ByteBuffer batch =
        new RecordBatchBuilder(CompressionSpec.NONE).append(1, new byte[9], new byte[9]).build();
    for (int i = RecordBatchHeader.SIZE_BYTES; i < batch.limit(); i++) {
      batch.put(i, (byte) 0xff);
    }
    assertThatThrownBy(() -> Records.visit(batch, (header, record) -> true))
        .isInstanceOf(CorruptRecordException.class);
  }

  @Test
  void theCursorWalksWholeBatchesAndNeverPastTheEnd() {
    ByteBuffer two = ByteBuffer.allocate(1000);
    two.position(7);
    two.put(kafka(Compression.NONE, 1, 2)).put(kafka(Compression.NONE, 1, 1));
    two.limit(two.position()).position(7);
    BatchCursor cursor = new BatchCursor(two);
    assertThat(cursor.next()).isTrue();
    assertThat(cursor.header().count()).isEqualTo(2);
    assertThat(cursor.next()).isTrue();
    assertThat(cursor.header().count()).isEqualTo(1);
    assertThat(cursor.next()).isFalse();
    assertThat(cursor.remainingBytes()).isZero();
    assertThat(two.position()).isEqualTo(7);

    BatchCursor cut = new BatchCursor(two.duplicate().limit(two.limit() - 1));
    assertThat(cut.next()).isTrue();
    assertThat(cut.next()).isFalse();
    assertThat(cut.remainingBytes()).isPositive();
  }

  @Test
  void hostileBytesNeverLeadTheCursorAstray() {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(300)];
      random.nextBytes(bytes);
      if (bytes.length > 17 && random.nextBoolean()) {
        bytes[RecordBatchHeader.MAGIC_AT] = 2;
        ByteBuffer.wrap(bytes).putInt(RecordBatchHeader.LENGTH_AT, random.nextInt(-100, 400));
      }
      BatchCursor cursor = new BatchCursor(ByteBuffer.wrap(bytes));
      while (cursor.next()) {
        assertThat(cursor.header().isValidCrc()).isFalse();
      }
    }
  }

  @Test
  void markersSurviveTheWayThereAndBack() {
    ByteBuffer bytes =
        ControlBatches.build(new ControlBatches.TransactionMarker(true, 12), 5, (short) 1, 999);
    RecordBatchHeader header = new RecordBatchHeader().wrap(bytes, 0);
    assertThat(header.isControl()).isTrue();
    assertThat(header.isTransactional()).isTrue();
    assertThat(header.isValidCrc()).isTrue();
    assertThat(ControlBatches.marker(bytes, header))
        .isEqualTo(new ControlBatches.TransactionMarker(true, 12));
  }

  @Test
  void sequencesWrap() {
    assertThat(Sequence.plus(Integer.MAX_VALUE, 1)).isZero();
    assertThat(Sequence.plus(2, -4)).isEqualTo(Integer.MAX_VALUE - 1);
    assertThat(Sequence.follows(Integer.MAX_VALUE, 0)).isTrue();
    assertThat(Sequence.follows(3, 4)).isTrue();
    assertThat(Sequence.follows(3, 3)).isFalse();
  }

  @Test
  void recordsTravelThroughKafkasMessagesWithoutACopy() {
    ByteBuffer batch = kafka(Compression.NONE, 1, 1);
    RecordsPayload payload = batch::remaining;
    assertThat(WireRecords.payload(WireRecords.of(payload))).isSameAs(payload);
    assertThat(WireRecords.of(payload).sizeInBytes()).isEqualTo(batch.remaining());
    assertThat(WireRecords.bytes(WireRecords.of(batch))).isEqualTo(batch);
    assertThat(WireRecords.payload(WireRecords.empty())).isNull();
    assertThat(WireRecords.bytes(null)).isNull();
  }
}
