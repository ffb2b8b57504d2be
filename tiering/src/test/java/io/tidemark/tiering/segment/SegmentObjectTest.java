package io.tidemark.tiering.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.log.epoch.EpochEntry;
import io.tidemark.log.record.CompressionSpec;
import io.tidemark.log.record.RecordBatchBuilder;
import io.tidemark.log.record.RecordBatchHeader;
import io.tidemark.scenario.Scenario;
import io.tidemark.tiering.store.ObjectStoreException;
import io.tidemark.tiering.store.ObjectStoreException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.junit.jupiter.api.Test;

final class SegmentObjectTest {
  private static final Uuid TOPIC = new Uuid(0x0102030405060708L, 0x090a0b0c0d0e0f10L);
  private static final List<EpochEntry> LINEAGE =
      List.of(new EpochEntry(1, 0), new EpochEntry(4, 5_000));
  private final SegmentObjectWriter writer = new SegmentObjectWriter();

  private static byte[] bytes(SegmentObject object) throws IOException {
    ByteBuffer all = ByteBuffer.allocate((int) object.content().sizeBytes());
    object.content().read(all, 0);
    assertThat(all.hasRemaining()).isFalse();
    return all.array();
  }

  private static ByteBuffer tail(SegmentObject object) throws IOException {
    int from = (int) object.recordsBytes();
    return ByteBuffer.wrap(bytes(object), from, (int) object.objectBytes() - from);
  }

  private static BuiltSegment segment(int sizeBytes) {
    return BuiltSegment.random(1, 5_000, 4, sizeBytes, 500, 1_700_000_000_000L);
  }

  @Test
  void everythingIsFoundAgain() throws Exception {
    BuiltSegment segment = segment(400_000);
    SegmentObject object = writer.prepare(TOPIC, 3, segment, LINEAGE);
    SegmentTail tail = SegmentTail.decode(tail(object), object.recordsBytes());
    assertThat(tail.footer()).isEqualTo(object.footer());
    assertThat(tail.footerCrc32c()).isEqualTo(object.footerCrc32c());
    assertThat(tail.footer().baseOffset()).isEqualTo(5_000);
    assertThat(tail.footer().nextOffset()).isEqualTo(segment.nextOffset());
    assertThat(tail.offsetIndex()).isEqualTo(segment.offsetIndex());
    assertThat(tail.timeIndex()).isEqualTo(segment.timeIndex());
    assertThat(tail.transactionIndex()).isEqualTo(segment.transactionIndex());
    assertThat(tail.producerSnapshot()).isEqualTo(segment.producerSnapshot());
    assertThat(tail.lineage().entries()).isEqualTo(LINEAGE);
    ByteBuffer records = ByteBuffer.wrap(bytes(object), 0, (int) object.recordsBytes());
    assertThat(records).isEqualTo(segment.records());
    assertThat(tail.blocks().matches(records, 0)).isTrue();
  }

  @Test
  void contentIsTheSameWhereverReadingBegins() throws Exception {
    SegmentObject object = writer.prepare(TOPIC, 3, segment(300_000), LINEAGE);
    byte[] all = bytes(object);
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      int position = random.nextInt(all.length);
      ByteBuffer piece = ByteBuffer.allocate(1 + random.nextInt(all.length - position));
      object.content().read(piece, position);
      assertThat(piece.flip()).isEqualTo(ByteBuffer.wrap(all, position, piece.limit()));
    }
  }

  @Test
  @Scenario("S-87")
  void aBatchWithAWrongCrcIsNotUploaded() {
    BuiltSegment segment = segment(300_000);
    segment.records().put(123_456, (byte) ~segment.records().get(123_456));
    assertThatThrownBy(() -> writer.prepare(TOPIC, 3, segment, LINEAGE))
        .isInstanceOf(CorruptRecordException.class);
  }

  @Test
  void aSegmentCutShortIsNotUploaded() {
    ByteBuffer records = segment(100_000).records();
    BuiltSegment cut = BuiltSegment.of(records.limit(records.limit() - 7), List.of());
    assertThatThrownBy(() -> writer.prepare(TOPIC, 3, cut, LINEAGE))
        .isInstanceOf(CorruptRecordException.class);
  }

  @Test
  @Scenario("S-87")
  void bytesThatChangedAfterTheCheckAreNotUploaded() throws Exception {
    BuiltSegment segment = segment(300_000);
    SegmentObject object = writer.prepare(TOPIC, 3, segment, LINEAGE);
    segment.records().put(123_456, (byte) ~segment.records().get(123_456));
    assertThatThrownBy(() -> bytes(object))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("changed");
  }

  @Test
  void everyFlippedBlockIsSeen() throws Exception {
    BuiltSegment segment = segment(500_000);
    SegmentObject object = writer.prepare(TOPIC, 3, segment, LINEAGE);
    BlockChecksums blocks = SegmentTail.decode(tail(object), object.recordsBytes()).blocks();
    byte[] records = java.util.Arrays.copyOf(bytes(object), (int) object.recordsBytes());
    Random random = new Random(2);
    for (int i = 0; i < 200; i++) {
      int at = random.nextInt(records.length);
      records[at] ^= 1;
      int chunk = at / (2 * BlockChecksums.BLOCK_BYTES) * 2 * BlockChecksums.BLOCK_BYTES;
      int length = Math.min(2 * BlockChecksums.BLOCK_BYTES, records.length - chunk);
      assertThat(blocks.matches(ByteBuffer.wrap(records, chunk, length), chunk)).isFalse();
      records[at] ^= 1;
      assertThat(blocks.matches(ByteBuffer.wrap(records, chunk, length), chunk)).isTrue();
    }
  }

  @Test
  @Scenario({"S-106", "S-121"})
  void anyDamageToTheTailIsCorrupt() throws Exception {
    SegmentObject object = writer.prepare(TOPIC, 3, segment(200_000), LINEAGE);
    byte[] good = new byte[(int) (object.objectBytes() - object.recordsBytes())];
    tail(object).get(good);
    long seed = Long.getLong("tidemark.seed", 20_261_120L);
    Random random = new Random(seed);
    for (int i = 0; i < 3_000; i++) {
      byte[] bad = good.clone();
      // The two bytes that stand for nothing yet apart.
      int at = random.nextInt(bad.length);
      if (at == bad.length - 6 || at == bad.length - 5) {
        continue;
      }
      bad[at] ^= (byte) (1 << random.nextInt(8));
      byte[] cut = java.util.Arrays.copyOfRange(good, random.nextInt(good.length), good.length);
      assertCorrupt(seed, ByteBuffer.wrap(bad), object.recordsBytes());
      if (cut.length < good.length) {
        assertCorrupt(seed, ByteBuffer.wrap(cut), object.recordsBytes());
      }
    }
    assertCorrupt(seed, ByteBuffer.wrap(good), object.recordsBytes() + 1);
    assertCorrupt(seed, ByteBuffer.allocate(0), object.recordsBytes());
  }

  private static void assertCorrupt(long seed, ByteBuffer tail, long recordsBytes) {
    assertThatThrownBy(() -> SegmentTail.decode(tail, recordsBytes).lineage())
        .as("seed %d", seed)
        .isInstanceOfSatisfying(
            ObjectStoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CORRUPT));
  }

  @Test
  void theFormatIsThis() throws Exception {
    ByteBuffer batch =
        new RecordBatchBuilder(CompressionSpec.NONE)
            .append(
                1_000, "k".getBytes(StandardCharsets.UTF_8), "v".getBytes(StandardCharsets.UTF_8))
            .build();
    RecordBatchHeader header = new RecordBatchHeader().wrap(batch, 0);
    header.setBaseOffset(9);
    header.setLeaderEpoch(4);
    BuiltSegment segment = BuiltSegment.of(batch, List.of());
    SegmentObject object =
        writer.prepare(TOPIC, 3, segment, List.of(new EpochEntry(1, 0), new EpochEntry(4, 9)));
    assertThat(HexFormat.of().formatHex(bytes(object))).isEqualTo(GOLDEN);
  }

  private static final String GOLDEN =
      "00000000000000090000003a0000000402716a618900000000000000000000000003e80000000000"
          + "0003e8ffffffffffffffffffffffffffff0000000110000000026b02760000000000000000000000"
          + "0000000003e80000000001020304050000000100000000000000000000000400000000000000090f"
          + "db32670a100102030405060708090a0b0c0d0e0f1010031809200a28d00f308080043a0908011846"
          + "256732db0f3a0b080210461808258ab2288c3a0b0803104e180c25b37fe0983a040804105a3a0b08"
          + "05105a180525ab8f51533a0b0806105f181825fc888c2f3a0b08071077180425a931bb9b00000071"
          + "4a9cac2500010000544d5347";
}
