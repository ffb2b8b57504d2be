package io.tidemark.log.clean;

import static io.tidemark.log.clean.CleanerNode.KeyValue.keyed;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.clean.BatchCompaction.Memory;
import io.tidemark.log.clean.BatchCompaction.Scope;
import io.tidemark.log.clean.CleanerNode.KeyValue;
import io.tidemark.log.record.CompressionSpec;
import io.tidemark.log.record.RecordBatchHeader;
import io.tidemark.scenario.Scenario;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Compaction of a log in which the key "a" is deleted behind what a small map covers. */
class BatchCompactionTest {
  private static final long NOW_MS = 1_800_000_000_000L;
  private static final Memory TWO_KEYS = new Memory(3 * OffsetMap.SLOT_BYTES, 0.9);
  private static final Memory AMPLE = new Memory(1 << 16, 0.9);

  /** Offsets 0, and 1 to 3. */
  private final List<ByteBuffer> log =
      List.of(
          batch(0, keyed("a", "1")), batch(1, keyed("b", "1"), keyed("c", "1"), keyed("a", null)));

  private static ByteBuffer batch(long baseOffset, KeyValue... records) {
    ByteBuffer batch = CleanerNode.batch(CompressionSpec.NONE, NOW_MS, records);
    header(batch).setBaseOffset(baseOffset);
    return batch;
  }

  private static RecordBatchHeader header(ByteBuffer batch) {
    return new RecordBatchHeader().wrap(batch, batch.position());
  }

  /** What one compaction leaves, and where it ended. */
  private record Compacted(List<ByteBuffer> batches, long endOffset) {
    RecordBatchHeader last() {
      return header(batches.getLast());
    }
  }

  private static Compacted compacted(
      List<ByteBuffer> batches, long startOffset, long nowMs, Memory memory) {
    Scope scope = new Scope(startOffset, 4, nowMs, 1_000);
    BatchCompaction compaction = new BatchCompaction(scope, List.of(), memory, new Random(5));
    for (ByteBuffer each : batches) {
      if (!compaction.note(each, header(each))) {
        break;
      }
    }
    List<ByteBuffer> left = new ArrayList<>();
    for (ByteBuffer each : batches) {
      left.add(Objects.requireNonNull(compaction.rewritten(each, header(each), true)));
    }
    return new Compacted(left, compaction.endOffset());
  }

  @Test
  @Scenario("S-132")
  void aTombstoneBeyondWhatTheMapCoversGetsItsHorizonInTheNextPass() {
    Compacted first = compacted(log, 0, NOW_MS, TWO_KEYS);
    assertThat(first.endOffset()).as("between two batches").isEqualTo(1);
    assertThat(header(first.batches().getFirst()).count()).as("what it deletes").isOne();
    assertThat(first.last().count()).isEqualTo(3);
    assertThat(first.last().hasDeleteHorizon()).isFalse();

    Compacted second = compacted(first.batches(), first.endOffset(), NOW_MS + 10, AMPLE);
    assertThat(header(second.batches().getFirst()).count()).as("what it deletes").isZero();
    assertThat(second.last().hasDeleteHorizon()).isTrue();
    assertThat(second.last().baseTimestamp()).isEqualTo(NOW_MS + 1_010);

    Compacted third = compacted(second.batches(), 4, NOW_MS + 2_000, AMPLE);
    assertThat(third.last().count()).as("without the tombstone").isEqualTo(2);
  }

  @Test
  @Scenario("S-132")
  void aHorizonOfABatchThatIsCleanInPartDoesNotCountYet() {
    List<ByteBuffer> withHorizon = compacted(log, 0, NOW_MS, AMPLE).batches();
    assertThat(header(withHorizon.getLast()).hasDeleteHorizon()).isTrue();

    Compacted next = compacted(withHorizon, 2, NOW_MS + 2_000, AMPLE);
    assertThat(next.last().count()).isEqualTo(3);
    assertThat(compacted(next.batches(), 4, NOW_MS + 2_000, AMPLE).last().count()).isEqualTo(2);
  }
}
