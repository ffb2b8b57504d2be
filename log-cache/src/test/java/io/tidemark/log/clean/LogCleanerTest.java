package io.tidemark.log.clean;

import static io.tidemark.log.clean.CleanerNode.KeyValue.keyed;
import static io.tidemark.log.clean.CleanerNode.records;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.AppendOrigin;
import io.tidemark.log.clean.CleanerNode.Found;
import io.tidemark.log.disk.SimulatedDisk;
import io.tidemark.log.epoch.EpochEntry;
import io.tidemark.log.epoch.EpochLineage;
import io.tidemark.log.partition.LogSlice;
import io.tidemark.log.producer.ProducerState;
import io.tidemark.log.record.CompressionSpec;
import io.tidemark.log.record.ControlBatches;
import io.tidemark.log.record.RecordBatchHeader;
import io.tidemark.log.replica.Isolation;
import io.tidemark.log.replica.ReadRequest;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.segment.SegmentFiles;
import io.tidemark.scenario.Scenario;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogCleanerTest {
  private final CleanerNode node = new CleanerNode(11);

  private static List<String> values(Replica replica) {
    return records(replica, replica.view().logStartOffset()).stream()
        .map(found -> found.record().key() + "=" + found.record().value())
        .toList();
  }

  private double gauge(String name) {
    return node.meters.get(name).gauge().value();
  }

  private double count(String name) {
    return node.meters.get(name).counter().count();
  }

  @Test
  void ofEachKeyTheNewestValueStaysAtItsOffset() {
    Replica log = node.start().lead(0);
    for (int i = 0; i < 20; i++) {
      node.append(log, keyed("a", "a" + i), keyed("b", "b" + i));
    }
    node.append(log, keyed("c", "c"));
    log.roll().join();
    node.append(log, keyed("a", "newest"));
    node.clean();
    assertThat(records(log, 0))
        .extracting(Found::offset)
        .as("what is being written is not touched")
        .containsExactly(38L, 39L, 40L, 41L);
    assertThat(values(log)).containsExactly("a=a19", "b=b19", "c=c", "a=newest");
    assertThat(log.compaction().cleanedTo()).isEqualTo(41);
    assertThat(gauge("tidemark.log.cleaner.dirty.bytes")).isZero();
    assertThat(count("tidemark.log.cleaner.read")).isGreaterThan(0);
  }

  @Test
  void smallSegmentsBecomeOne() {
    Replica log = node.start().lead(0);
    for (int i = 0; i < 30; i++) {
      node.append(log, keyed("key-" + i, "v"));
      log.roll().join();
    }
    assertThat(log.closedSegments()).hasSize(30);
    node.clean();
    assertThat(log.closedSegments()).hasSize(1);
    assertThat(values(log)).hasSize(30);
    node.stop();
    node.start();
    assertThat(values(node.lead(0))).hasSize(30);
  }

  @Test
  @Scenario("S-37")
  void aNewFollowerGetsTheSameHolesWhateverThePolicyIsByThen() {
    Replica leader = node.start().lead(0);
    for (int i = 0; i < 120; i++) {
      node.append(leader, keyed("key-" + i % 7, "v" + i));
    }
    leader.roll().join();
    node.clean();
    node.append(leader, keyed("last", "v"));
    CleanerNode other = new CleanerNode(12);
    other.config = node.config.toBuilder().compact(false).delete(true).build();
    Replica follower = other.start().follow(0, leader);

    other.replicate(leader, follower);

    assertThat(records(follower, 0)).isEqualTo(records(leader, 0)).hasSize(8);
    for (long offset = 0; offset < leader.view().logEndOffset(); offset++) {
      assertThat(records(follower, offset)).isEqualTo(records(leader, offset));
    }

    other.disk.killProcess();
    other.start();
    Replica promoted = other.lead(0);
    assertThat(promoted.view().isOnline()).as("gaps are known to be meant").isTrue();
    assertThat(records(promoted, 0)).isEqualTo(records(leader, 0));
  }

  @Test
  @Scenario("S-134")
  void nothingIsCleanedThatMayStillBeUndone() {
    Replica log = node.start().lead(0);
    node.append(
        log,
        CleanerNode.batchOf(7, 0, true, node.time.milliseconds(), keyed("a", "1")),
        AppendOrigin.COORDINATOR);
    node.append(log, keyed("a", "2"));
    log.roll().join();
    node.clean();
    assertThat(log.compaction().cleanedTo()).isZero();
    assertThat(values(log)).containsExactly("a=1", "a=2");
  }

  @Test
  @Scenario("S-132")
  void aTombstoneStaysForItsRetentionAfterItWasFirstCleaned() {
    node.config = node.config.toBuilder().deleteRetentionMs(100_000).build();
    Replica log = node.start().lead(0);
    node.append(log, keyed("a", "1"), keyed("b", "1"));
    node.append(log, keyed("a", null));
    log.roll().join();
    node.clean();
    assertThat(values(log)).containsExactly("b=1", "a=null");
    assertThat(records(log, 0).getLast().hasHorizon()).isTrue();

    node.append(log, keyed("c", "1"));
    log.roll().join();
    node.clean();
    assertThat(values(log)).as("too early").containsExactly("b=1", "a=null", "c=1");

    node.timers().advanceMs(100_000);
    node.append(log, keyed("d", "1"));
    log.roll().join();
    node.clean();
    assertThat(values(log)).containsExactly("b=1", "c=1", "d=1");
  }

  @Test
  void theLastBatchOfAProducerStaysWithoutItsRecords() {
    Replica log = node.start().lead(0);
    for (int sequence = 0; sequence < 4; sequence++) {
      node.append(
          log,
          CleanerNode.batchOf(
              7, sequence, false, node.time.milliseconds(), keyed("a", "" + sequence)),
          AppendOrigin.CLIENT);
    }
    node.append(log, keyed("a", "newest"));
    log.roll().join();
    node.clean();
    assertThat(values(log)).containsExactly("a=newest");
    RecordBatchHeader kept = CleanerNode.batches(log).get(1);
    assertThat(kept.count()).as("behind the first of the leader's epoch").isZero();
    assertThat(kept.producerId()).isEqualTo(7);
    assertThat(kept.lastSequence()).isEqualTo(3);

    node.disk.rot(SegmentFiles.snapshot(CleanerNode.folder(0), 5), 20);
    node.disk.killProcess();
    node.start();
    Replica again = node.lead(0);
    assertThat(again.producers()).extracting(ProducerState::lastSequence).containsExactly(3);
    node.append(
        again,
        CleanerNode.batchOf(7, 4, false, node.time.milliseconds(), keyed("a", "4")),
        AppendOrigin.CLIENT);
  }

  @Test
  @Scenario("S-134")
  void ofAnAbortedTransactionNothingStaysAndItsMarkerGoesLater() {
    node.config = node.config.toBuilder().deleteRetentionMs(100_000).build();
    Replica log = node.start().lead(0);
    node.append(log, keyed("a", "before"));
    transaction(log, 7, false, keyed("a", "aborted"), keyed("x", "aborted"));
    transaction(log, 8, true, keyed("b", "committed"));
    node.append(log, keyed("b", "after"), keyed("c", "c"));
    log.roll().join();
    node.clean();
    assertThat(values(log)).containsExactly("a=before", "b=after", "c=c");
    assertThat(markers(log)).as("a producer's last batch is its own").isEqualTo(2);
    assertThat(log.abortedTransactions(0, 100)).as("an empty batch is left of it").hasSize(1);

    // Other batches of the same producers: those from before need not be kept any more.
    transaction(log, 7, true, keyed("d", "1"));
    transaction(log, 8, true, keyed("e", "1"));
    log.roll().join();
    node.clean();
    assertThat(markers(log)).isEqualTo(4);
    node.timers().advanceMs(200_000);
    for (int i = 0; i < 2; i++) {
      node.append(log, keyed("f", "" + i));
      log.roll().join();
      node.clean();
      node.timers().advanceMs(200_000);
    }
    assertThat(values(log)).containsExactly("a=before", "b=after", "c=c", "d=1", "e=1", "f=1");
    assertThat(markers(log)).as("those whose records are there").isEqualTo(2);
    assertThat(log.abortedTransactions(0, 100)).isEmpty();
  }

  /** Three epochs, of which the second is superseded and the third's first batch is too. */
  private Replica ofThreeEpochs() {
    for (int epoch = 1; epoch <= 3; epoch++) {
      Replica log = node.start().lead(0);
      for (int i = 0; i < 3; i++) {
        node.append(log, keyed("a", epoch + "." + i));
      }
      node.append(log, keyed("b" + epoch % 2, "" + epoch));
      if (epoch < 3) {
        node.stop();
      }
    }
    Replica log = node.lead(0);
    node.append(log, keyed("b0", "3"));
    log.roll().join();
    node.clean();
    assertThat(values(log)).containsExactly("a=3.2", "b1=3", "b0=3");
    return log;
  }

  @Test
  void aFollowerSeesEachEpochBeginWhereItDid() {
    Replica leader = ofThreeEpochs();
    Replica follower = new CleanerNode(12).start().follow(0, leader);
    node.replicate(leader, follower);
    assertThat(follower.lineage())
        .isEqualTo(leader.lineage())
        .isEqualTo(
            EpochLineage.of(
                List.of(new EpochEntry(1, 0), new EpochEntry(2, 4), new EpochEntry(3, 8))));
  }

  @Test
  void aStartWithoutTheNotedLineageSeesEachEpochBeginWhereItDid() throws Exception {
    Replica log = ofThreeEpochs();
    EpochLineage lineage = log.lineage();
    long end = log.view().logEndOffset();
    node.disk.killProcess();
    node.disk.delete(CleanerNode.folder(0).resolve(SegmentFiles.EPOCHS));
    assertThat(node.start().lead(0).lineage().truncateFromEnd(end)).isEqualTo(lineage);
  }

  private void transaction(
      Replica log, long producerId, boolean isCommit, CleanerNode.KeyValue... records) {
    int sequence =
        log.producers().stream()
            .filter(producer -> producer.producerId() == producerId)
            .mapToInt(producer -> producer.lastSequence() + 1)
            .findFirst()
            .orElse(0);
    node.append(
        log,
        CleanerNode.batchOf(producerId, sequence, true, node.time.milliseconds(), records),
        AppendOrigin.CLIENT);
    node.append(
        log,
        ControlBatches.build(
            new ControlBatches.TransactionMarker(isCommit, 0),
            producerId,
            (short) 0,
            node.time.milliseconds()),
        AppendOrigin.COORDINATOR);
  }

  private static long markers(Replica log) {
    return CleanerNode.batches(log).stream().filter(RecordBatchHeader::isControl).count();
  }

  @Test
  void moreKeysThanTheMapHoldsTakeSeveralPasses() {
    // 40 slots
    node.settings = new CleanerSettings(true, 1, 40 * OffsetMap.SLOT_BYTES, 0.9, 1e7, 1_000);
    Replica log = node.start().lead(0);
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 300; i += 3) {
        node.append(
            log, keyed("k" + i, "" + round), keyed("k" + (i + 1), "" + round), keyed("k" + i, "x"));
      }
    }
    log.roll().join();
    for (int i = 0; i < 40; i++) {
      node.clean();
    }
    assertThat(log.compaction().cleanedTo()).isEqualTo(900);
    assertThat(count("tidemark.log.cleaner.map.full")).isGreaterThan(3);
    assertThat(records(log, 0)).hasSize(200).allMatch(found -> found.offset() >= 600);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "snappy", "lz4", "zstd"})
  void compressedBatchesAreCleanedAndStayCompressed(String codec) {
    Replica log = node.start().lead(0);
    CompressionSpec compression = CompressionSpec.of(codec);
    for (int i = 0; i < 10; i++) {
      ByteBuffer batch =
          CleanerNode.batch(
              compression, node.time.milliseconds(), keyed("a", "a" + i), keyed("b" + i, "b"));
      node.append(log, batch, AppendOrigin.CLIENT);
    }
    log.roll().join();
    node.clean();
    assertThat(records(log, 0)).hasSize(11);
    assertThat(values(log)).contains("a=a9", "b0=b", "b9=b").doesNotContain("a=a8");
    assertThat(CleanerNode.batches(log))
        .allMatch(batch -> batch.codecId() == compression.codecId())
        .allMatch(RecordBatchHeader::isValidCrc);
  }

  @Test
  @Scenario("S-135")
  void recordsWithoutKeyGoAndAreCounted() {
    node.config = node.config.toBuilder().compact(false).delete(true).build();
    Replica log = node.start().lead(0);
    node.append(log, keyed(null, "1"), keyed("a", "1"));
    log.roll().join();
    log.configure(node.config.toBuilder().compact(true).build()).join();
    node.clean();
    assertThat(values(log)).containsExactly("a=1");
    assertThat(count("tidemark.log.cleaner.records.without.key")).isEqualTo(1);
  }

  @Test
  @Scenario("S-135")
  void aDamagedLogIsLeftAloneAndTheOthersGoOn() {
    node.start();
    for (int number = 0; number < 3; number++) {
      Replica log = node.lead(number);
      node.append(log, keyed("a", "1"), keyed("a", "2"));
      log.roll().join();
    }
    node.disk.rot(SegmentFiles.log(CleanerNode.folder(1), 0), 70);
    node.clean();
    assertThat(node.lead(0).compaction().cleanedTo()).isEqualTo(2);
    assertThat(node.lead(1).compaction().cleanedTo()).isZero();
    assertThat(node.lead(2).compaction().cleanedTo()).isEqualTo(2);
    assertThat(gauge("tidemark.log.cleaner.partitions.failed")).isEqualTo(1);
    assertThat(gauge("tidemark.log.cleaner.dirty.bytes")).isGreaterThan(0);
    assertThat(node.lead(1).view().isOnline()).isTrue();
    assertThat(node.disk.exists(Path.of("/data/states-1/00000000000000000000.log"))).isTrue();
  }

  @Test
  void aFullDiskIsTriedAgain() {
    Replica log = node.start().lead(0);
    node.append(log, keyed("a", "1"), keyed("a", "2"));
    log.roll().join();
    node.disk.capacityBytes(0);
    node.clean();
    assertThat(log.compaction().cleanedTo()).isZero();
    assertThat(gauge("tidemark.log.cleaner.partitions.failed")).isZero();
    node.disk.capacityBytes(Long.MAX_VALUE);
    node.clean();
    assertThat(values(log)).containsExactly("a=2");
    assertThat(log.view().isOnline()).isTrue();
  }

  @Test
  void aLogThatIsCutMeanwhileStaysCut() {
    Replica log = node.start().lead(0);
    for (int i = 0; i < 4; i++) {
      node.append(log, keyed("a", "" + i));
      log.roll().join();
    }
    node.disk.slow(
        SimulatedDisk.Call.FORCE,
        file -> file.toString().endsWith(SegmentFiles.CLEANED),
        () -> {
          if (log.view().logEndOffset() == 4) {
            log.truncateTo(2).join();
          }
        });
    node.clean();
    assertThat(log.view().logEndOffset()).isEqualTo(2);
    node.disk.heal();
    node.append(log, keyed("b", "1"));
    log.roll().join();
    node.clean();
    assertThat(values(log)).containsExactly("a=1", "b=1");
    assertThat(leftOvers()).isEmpty();
  }

  @Test
  void aTruncationMakesTheLogDirtyFromThere() {
    Replica log = node.start().lead(0);
    for (int i = 0; i < 4; i++) {
      node.append(log, keyed("a", "" + i), keyed("b" + i, ""));
      log.roll().join();
    }
    node.clean();
    assertThat(log.compaction().cleanedTo()).isEqualTo(8);
    log.truncateTo(5).join();
    long cutTo = log.view().logEndOffset();
    assertThat(log.compaction().cleanedTo()).isEqualTo(cutTo);
    node.disk.killProcess();
    node.start();
    assertThat(node.lead(0).compaction().cleanedTo()).isEqualTo(cutTo);
  }

  @Test
  void aLogWithGapsIsWholeWhateverItsPolicyIsLater() {
    Replica log = node.start().lead(0);
    for (int i = 0; i < 3; i++) {
      node.append(log, keyed("a", "" + i));
      node.append(log, keyed("b" + i, ""));
      log.roll().join();
    }
    node.clean();
    node.config = node.config.toBuilder().compact(false).delete(true).build();
    node.disk.killProcess();
    node.start();
    Replica again = node.lead(0);
    assertThat(values(again)).containsExactly("b0=", "b1=", "a=2", "b2=");
    again
        .closedSegments()
        .forEach(segment -> {
          try {
            segment.verify();
          } catch (java.io.IOException e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void whoReadsASegmentReadsItToItsEndAlthoughItIsReplaced() throws Exception {
    Replica log = node.start().lead(0);
    for (int i = 0; i < 10; i++) {
      node.append(log, keyed("a", "" + i));
    }
    log.roll().join();
    LogSlice slice =
        Objects.requireNonNull(
            log.read(ReadRequest.ofConsumer(0, 1 << 20, Isolation.HIGH_WATERMARK)).slice());
    int sizeBytes = slice.sizeBytes();
    node.clean();
    node.timers().advanceMs(10_000);
    assertThat(slice.toBuffer().remaining()).isEqualTo(sizeBytes);
    slice.release();
    assertThat(values(log)).containsExactly("a=9");
    assertThat(leftOvers()).isEmpty();
  }

  @Test
  void workIsPaced() {
    node.settings = new CleanerSettings(true, 1, 1 << 20, 0.9, 100, 1_000);
    Replica log = node.start().lead(0);
    node.append(log, keyed("a", "x".repeat(1000)), keyed("a", "y".repeat(1000)));
    log.roll().join();
    node.timers().advanceMs(15_000);
    assertThat(log.compaction().cleanedTo()).isZero();
    node.timers().advanceMs(100_000);
    assertThat(log.compaction().cleanedTo()).isEqualTo(2);
  }

  @Test
  void aDeletedLogIsForgotten() {
    Replica log = node.start().lead(0);
    node.append(log, keyed("a", "1"), keyed("a", "2"));
    log.roll().join();
    CompletableFuture<?>[] deleted = new CompletableFuture<?>[1];
    node.disk.slow(
        SimulatedDisk.Call.WRITE,
        file -> file.toString().endsWith(SegmentFiles.CLEANED),
        () -> deleted[0] = node.set().delete(log.id()));
    node.clean();
    assertThat(deleted[0]).isCompleted();
    assertThat(gauge("tidemark.log.cleaner.partitions.failed")).isZero();
    assertThat(gauge("tidemark.log.cleaner.dirty.bytes")).isZero();
  }

  @Test
  void nothingIsCleanedWhenItIsDisabled() {
    node.settings = new CleanerSettings(false, 1, 1 << 20, 0.9, 1e6, 1_000);
    Replica log = node.start().lead(0);
    node.append(log, keyed("a", "1"), keyed("a", "2"));
    log.roll().join();
    node.clean();
    assertThat(values(log)).hasSize(2);
  }

  private List<Path> leftOvers() {
    try {
      return node.disk.list(CleanerNode.folder(0)).stream()
          .filter(file -> file.toString().matches(".*(cleaned|swap|deleted|tmp)"))
          .filter(file -> !file.endsWith(SegmentFiles.CLEANED_MARK))
          .toList();
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }
}
