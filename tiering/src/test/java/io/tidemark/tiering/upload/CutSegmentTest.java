package io.tidemark.tiering.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.log.index.OffsetIndexEntries;
import io.tidemark.log.index.TimeIndexEntries;
import io.tidemark.log.partition.ClosedSegment;
import io.tidemark.log.record.BatchCursor;
import io.tidemark.tiering.segment.BuiltSegment;
import io.tidemark.tiering.segment.SegmentObject;
import io.tidemark.tiering.segment.SegmentObjectWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class CutSegmentTest {
  private static final long START_MS = 1_700_000_000_000L;
  private final BuiltSegment whole = BuiltSegment.random(5, 1_000, 3, 60_000, 100, START_MS);

  private List<Long> batchOffsets() {
    List<Long> offsets = new ArrayList<>();
    BatchCursor batches = new BatchCursor(whole.records().duplicate());
    while (batches.next()) {
      offsets.add(batches.header().baseOffset());
    }
    return offsets;
  }

  private static ByteBuffer bytes(ClosedSegment segment) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) segment.sizeBytes());
    segment.read(bytes, 0);
    return bytes.flip();
  }

  @Test
  void aSegmentThatBeginsAtTheTieredOffsetStaysWhole() throws IOException {
    assertThat(CutSegment.from(whole, 1_000)).isSameAs(whole);
    assertThat(CutSegment.from(whole, 10)).isSameAs(whole);
  }

  @Test
  void everyBatchCanBeTheFirstOfThePart() throws IOException {
    for (long offset : batchOffsets()) {
      ClosedSegment part = CutSegment.from(whole, offset);
      ByteBuffer bytes = bytes(part);
      BatchCursor batches = new BatchCursor(bytes);
      assertThat(batches.next()).isTrue();
      assertThat(batches.header().baseOffset()).isEqualTo(offset).isEqualTo(part.baseOffset());
      assertThat(part.nextOffset()).isEqualTo(whole.nextOffset());
      assertThat(part.maxTimestampMs()).isEqualTo(whole.maxTimestampMs());
      checkIndexes(part, bytes);
    }
  }

  private static void checkIndexes(ClosedSegment part, ByteBuffer bytes) throws IOException {
    ByteBuffer offsets = part.offsetIndex();
    for (int i = 0; i < OffsetIndexEntries.count(offsets); i++) {
      BatchCursor at =
          new BatchCursor(bytes.duplicate().position(OffsetIndexEntries.position(offsets, i)));
      assertThat(at.next()).isTrue();
      assertThat(at.header().baseOffset() - part.baseOffset())
          .isEqualTo(OffsetIndexEntries.relativeOffset(offsets, i));
    }
    ByteBuffer times = part.timeIndex();
    assertThat(TimeIndexEntries.count(times)).isPositive();
    for (int i = 1; i < TimeIndexEntries.count(times); i++) {
      assertThat(TimeIndexEntries.timestampMs(times, i))
          .isGreaterThan(TimeIndexEntries.timestampMs(times, i - 1));
    }
  }

  @Test
  void thePartBecomesAnObjectOfItsOwn() throws IOException {
    long offset = batchOffsets().get(batchOffsets().size() / 2);
    ClosedSegment part = CutSegment.from(whole, offset);
    SegmentObject object =
        new SegmentObjectWriter().prepare(new Uuid(1, 2), 0, part, part.lineage());
    assertThat(object.footer().baseOffset()).isEqualTo(offset);
    assertThat(object.recordsBytes()).isEqualTo(part.sizeBytes());
    assertThat(part.lineage()).singleElement().extracting("startOffset").isEqualTo(offset);
  }

  @Test
  void aTieredOffsetInsideABatchIsRefused() {
    List<Long> offsets = batchOffsets();
    long inside =
        offsets.stream().filter(o -> !offsets.contains(o + 1)).findFirst().orElseThrow() + 1;
    assertThatThrownBy(() -> CutSegment.from(whole, inside)).isInstanceOf(IOException.class);
  }
}
