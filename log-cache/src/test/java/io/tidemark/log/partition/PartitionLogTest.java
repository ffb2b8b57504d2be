package io.tidemark.log.partition;

import static io.tidemark.log.partition.LogNode.append;
import static io.tidemark.log.partition.LogNode.batch;
import static io.tidemark.log.partition.LogNode.recordValues;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.log.AppendOrigin;
import io.tidemark.log.disk.SimulatedDisk;
import io.tidemark.log.epoch.EpochEntry;
import io.tidemark.log.epoch.EpochLineage;
import io.tidemark.log.record.BatchCursor;
import io.tidemark.log.segment.SegmentFiles;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.junit.jupiter.api.Test;

class PartitionLogTest {
  private final LogNode node = LogNode.started(1);
  private final PartitionLog log = node.log();

  private static boolean isLog(Path file) {
    return file.toString().endsWith(SegmentFiles.LOG);
  }

  @Test
  void appendsGetOffsetsAndEpochsInPlace() {
    ByteBuffer first = batch(5, "a", "b");
    ByteBuffer second = batch(6, "c");

    assertThat(append(log, 3, first)).isEqualTo(0);
    assertThat(append(log, 3, second)).isEqualTo(2);

    BatchCursor cursor = new BatchCursor(LogNode.read(log, 0, 1 << 20));
    assertThat(cursor.next()).isTrue();
    assertThat(cursor.header().leaderEpoch()).isEqualTo(3);
    assertThat(cursor.header().isValidCrc()).isTrue();
    assertThat(log.offsets().logEndOffset()).isEqualTo(3);
    assertThat(recordValues(log)).containsExactly("a", "b", "c");
    assertThat(log.lineage().entries()).containsExactly(new EpochEntry(3, 0));
  }

  @Test
  void aDrainIsOneWriteOrNothing() {
    append(log, batch(1, "kept"));
    AppendPlan plan = log.plan(0);
    plan.add(batch(2, "x"), 0, AppendOrigin.CLIENT, null);
    plan.add(batch(3, "y"), 0, AppendOrigin.CLIENT, null);
    node.disk.fail(SimulatedDisk.Call.WRITE, PartitionLogTest::isLog, 1);

    assertThatThrownBy(() -> log.append(plan)).isInstanceOf(KafkaStorageException.class);

    assertThat(node.directories().directories().getFirst().failure()).contains("Input/output");
    node.disk.killProcess();
    node.start();
    assertThat(recordValues(node.log())).containsExactly("kept");
  }

  @Test
  void aFullDiskRefusesAppendsAndRecoversByItself() throws Exception {
    append(log, batch(1, "kept"));
    long sizeBytes = node.disk.sizeBytes(SegmentFiles.log(folder(), 0));
    node.disk.capacityBytes(0);

    assertThatThrownBy(() -> append(log, batch(2, "lost")))
        .isInstanceOf(KafkaStorageException.class);

    assertThat(node.disk.sizeBytes(SegmentFiles.log(folder(), 0))).isEqualTo(sizeBytes);
    assertThat(log.offlineReason()).isNull();
    node.disk.capacityBytes(Long.MAX_VALUE);
    assertThat(append(log, batch(3, "next"))).isEqualTo(1);
    assertThat(recordValues(log)).containsExactly("kept", "next");
  }

  @Test
  void aFullDiskRefusesARollWithoutHarm() {
    for (int i = 0; i < 4; i++) {
      append(log, batch(i, 1, 900));
    }
    node.disk.capacityBytes(0);
    assertThatThrownBy(() -> append(log, batch(4, 1, 900)))
        .isInstanceOf(KafkaStorageException.class);
    node.disk.capacityBytes(Long.MAX_VALUE);
    append(log, batch(5, 1, 900));

    assertThat(log.offsets().activeSegmentBaseOffset()).isEqualTo(4);
    assertThat(recordValues(log)).hasSize(5);
    node.killProcess();
    assertThat(recordValues(node.log())).hasSize(5);
  }

  @Test
  void aFailedForceTakesTheDirectoryOffline() {
    append(log, batch(1, "a"));
    node.disk.fail(SimulatedDisk.Call.FORCE, PartitionLogTest::isLog, 1);

    assertThatThrownBy(log::flush).isInstanceOf(KafkaStorageException.class);

    assertThat(node.directories().directories().getFirst().isOnline()).isFalse();
    assertThatThrownBy(() -> append(log, batch(2, "b"))).isInstanceOf(KafkaStorageException.class);
  }

  @Test
  void segmentsRollBySizeAndAreReadAcross() {
    for (int i = 0; i < 40; i++) {
      append(log, batch(i, 2, 200));
    }

    assertThat(log.closedSegments()).hasSizeGreaterThan(3);
    for (ClosedSegment segment : log.closedSegments()) {
      assertThat(segment.sizeBytes()).isLessThanOrEqualTo(4096);
    }
    assertThat(recordValues(log)).hasSize(80);
  }

  @Test
  void segmentsRollByTheTimeOfTheirRecords() {
    append(log, batch(1000, "a"));
    append(log, batch(1000 + log.config().segmentMs(), "b"));
    assertThat(log.closedSegments()).isEmpty();
    append(log, batch(1001 + log.config().segmentMs(), "c"));

    assertThat(log.closedSegments()).hasSize(1);
  }

  @Test
  void readsStopAtTheirEndAndAtTheirSize() {
    for (int i = 0; i < 10; i++) {
      append(log, batch(i, 1, 100));
    }
    int batchBytes = batch(1, 1, 100).remaining();

    assertThat(size(log.read(2, 1 << 20, 5, true))).isEqualTo(3 * batchBytes);
    assertThat(size(log.read(2, 2 * batchBytes + 5, 9, true))).isEqualTo(2 * batchBytes + 5);
    assertThat(size(log.read(2, 5, 9, true))).isEqualTo(batchBytes);
    assertThat(size(log.read(2, 5, 9, false))).isZero();
    assertThat(size(log.read(5, 1 << 20, 5, true))).isZero();
    assertThat(size(log.read(10, 1 << 20, 100, true))).isZero();
    assertThatThrownBy(() -> log.read(11, 1, 100, true))
        .isInstanceOf(OffsetOutOfRangeException.class);
  }

  private static int size(LogSlice slice) {
    slice.release();
    return slice.sizeBytes();
  }

  @Test
  void aReadInTheMiddleOfABatchBeginsWithThatBatch() {
    append(log, batch(1, "a", "b", "c"));
    append(log, batch(2, "d"));

    BatchCursor cursor = new BatchCursor(LogNode.read(log, 2, 1 << 20));

    assertThat(cursor.next()).isTrue();
    assertThat(cursor.header().baseOffset()).isZero();
  }

  @Test
  void truncationCutsTheEndAndTheLineage() {
    for (int i = 0; i < 30; i++) {
      append(log, i / 10, batch(i, 1, 300));
    }

    log.truncateTo(15);

    assertThat(log.offsets().logEndOffset()).isEqualTo(15);
    assertThat(log.lineage().entries())
        .containsExactly(new EpochEntry(0, 0), new EpochEntry(1, 10));
    assertThat(append(log, 7, batch(99, 1, 300))).isEqualTo(15);
    assertThat(recordValues(log)).hasSize(16);
    node.restart();
    assertThat(recordValues(node.log())).hasSize(16);
    assertThat(node.log().lineage().entries()).contains(new EpochEntry(7, 15));
  }

  @Test
  void aReplicaBeginsWhereTheBucketEnds() {
    append(log, batch(1, "old"));
    EpochLineage lineage = EpochLineage.of(List.of(new EpochEntry(2, 0), new EpochEntry(4, 500)));

    log.truncateFullyAndStartAt(1000, lineage, null);

    assertThat(log.offsets().localLogStartOffset()).isEqualTo(1000);
    assertThat(log.offsets().logEndOffset()).isEqualTo(1000);
    assertThat(log.offsets().logStartOffset()).isZero();
    assertThat(append(log, 5, batch(2, "new"))).isEqualTo(1000);
    node.killProcess();
    assertThat(recordValues(node.log())).containsExactly("new");
    assertThat(node.log().lineage().entries())
        .containsExactly(new EpochEntry(2, 0), new EpochEntry(4, 500), new EpochEntry(5, 1000));
  }

  @Test
  void epochsAfterTheNewBeginningAreKnownWhenTheirFirstSegmentIsGone() throws Exception {
    EpochLineage below = EpochLineage.of(List.of(new EpochEntry(2, 0), new EpochEntry(4, 500)));
    log.truncateFullyAndStartAt(1000, below, null);
    append(log, 5, batch(1, "first of its epoch"));
    log.roll();
    append(log, 5, batch(2, "second"));
    log.flush();

    log.deleteLocalSegmentsBelow(1001);
    node.killProcess();

    assertThat(recordValues(node.log())).containsExactly("second");
    assertThat(node.log().lineage().entries())
        .containsExactly(new EpochEntry(2, 0), new EpochEntry(4, 500), new EpochEntry(5, 1000));
  }

  @Test
  void deletedSegmentsStayReadableForThoseWhoRetainThem() throws Exception {
    for (int i = 0; i < 30; i++) {
      append(log, batch(i, 1, 300));
    }
    ClosedSegment oldest = log.closedSegments().getFirst();
    assertThat(oldest.retain()).isTrue();

    assertThat(log.deleteLocalSegmentsBelow(oldest.nextOffset())).isEqualTo(1);
    node.timer().advanceMs(log.config().fileDeleteDelayMs());

    ByteBuffer copy = ByteBuffer.allocate((int) oldest.sizeBytes());
    oldest.read(copy, 0);
    assertThat(copy.hasRemaining()).isFalse();
    oldest.verify();
    assertThat(log.offsets().localLogStartOffset()).isEqualTo(oldest.nextOffset());
    oldest.release();
    assertThat(oldest.retain()).isFalse();
    assertThat(node.disk.list(folder())).noneMatch(file -> file.toString().endsWith(".deleted"));
  }

  @Test
  void timesFindTheFirstRecordAtOrAfterThem() {
    for (int i = 0; i < 40; i++) {
      append(log, batch(1000 + 10 * i, "v".repeat(200), "w"));
    }

    assertThat(log.offsetForTimestamp(1105, Long.MAX_VALUE))
        .contains(new TimestampedOffset(22, 1110, 0));
    assertThat(log.offsetForTimestamp(0, Long.MAX_VALUE))
        .contains(new TimestampedOffset(0, 1000, 0));
    assertThat(log.offsetForTimestamp(1105, 22)).isEmpty();
    assertThat(log.offsetForTimestamp(9999, Long.MAX_VALUE)).isEmpty();
    assertThat(log.maxTimestamp()).contains(new TimestampedOffset(78, 1390, 0));
  }

  @Test
  void closedSegmentsCarryWhatTheBucketNeeds() throws Exception {
    for (int i = 0; i < 30; i++) {
      append(log, i / 10, batch(i, 1, 300));
    }
    ClosedSegment segment = log.closedSegments().get(1);

    assertThat(segment.retain()).isTrue();
    assertThat(segment.offsetIndex().remaining()).isPositive();
    assertThat(segment.maxTimestampMs()).isEqualTo(segment.nextOffset() - 1);
    assertThat(segment.producerSnapshot().remaining()).isEqualTo(10);
    assertThat(segment.lineage().getFirst().startOffset()).isEqualTo(segment.baseOffset());
    segment.release();
  }

  private Path folder() {
    return LogNode.DATA.resolve("orders-0");
  }
}
