package io.tidemark.log.producer;

import static io.tidemark.log.GoldenBytes.assertBytes;
import static io.tidemark.log.GoldenBytes.assertDamageIsNoticed;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.log.AppendOrigin;
import io.tidemark.log.record.CompressionSpec;
import io.tidemark.log.record.ControlBatches;
import io.tidemark.log.record.ControlBatches.TransactionMarker;
import io.tidemark.log.record.RecordBatchBuilder;
import io.tidemark.log.record.RecordBatchHeader;
import io.tidemark.scenario.Scenario;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.TransactionCoordinatorFencedException;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProducerPlanTest {
  private static final long ID = 9;

  private final ProducerTable table = new ProducerTable();
  private long nextOffset;

  private RecordBatchHeader batch(int epoch, int sequence, int records, boolean transactional) {
    RecordBatchBuilder builder =
        new RecordBatchBuilder(
            CompressionSpec.NONE,
            TimestampType.CREATE_TIME,
            -1,
            ID,
            (short) epoch,
            sequence,
            transactional);
    for (int i = 0; i < records; i++) {
      builder.append(5000 + nextOffset, null, new byte[1]);
    }
    RecordBatchHeader header = new RecordBatchHeader().wrap(builder.build(), 0);
    header.setBaseOffset(nextOffset);
    return header;
  }

  private void append(int epoch, int sequence, int records) {
    append(epoch, sequence, records, false);
  }

  private void append(int epoch, int sequence, int records, boolean transactional) {
    ProducerPlan plan = new ProducerPlan(table);
    plan.append(batch(epoch, sequence, records, transactional), AppendOrigin.CLIENT, null);
    plan.commit();
    nextOffset += records;
  }

  private List<AbortedTransaction> end(int epoch, boolean isCommit, int coordinatorEpoch) {
    TransactionMarker marker = new TransactionMarker(isCommit, coordinatorEpoch);
    ByteBuffer bytes = ControlBatches.build(marker, ID, (short) epoch, 5000);
    RecordBatchHeader header = new RecordBatchHeader().wrap(bytes, 0);
    header.setBaseOffset(nextOffset);
    assertThat(ControlBatches.marker(bytes, header)).isEqualTo(marker);
    ProducerPlan plan = new ProducerPlan(table);
    plan.appendMarker(header, marker, AppendOrigin.COORDINATOR, null);
    nextOffset++;
    return plan.commit();
  }

  private @Nullable ProducerBatch duplicate(int epoch, int sequence, int records) {
    return new ProducerPlan(table).duplicateOf(batch(epoch, sequence, records, false));
  }

  private long firstOffsetOfDuplicate(int epoch, int sequence, int records) {
    return requireNonNull(duplicate(epoch, sequence, records)).firstOffset();
  }

  private ProducerState state() {
    return requireNonNull(table.get(ID));
  }

  @Test
  void anUnknownProducerMayBeginAnywhere() {
    append(3, 77, 2);
    assertThat(state().lastSequence()).isEqualTo(78);
    append(3, 79, 1);
  }

  @Test
  void aGapIsRefusedAndLeavesNothing() {
    append(0, 0, 3);
    assertThatThrownBy(() -> append(0, 4, 1)).isInstanceOf(OutOfOrderSequenceException.class);
    assertThatThrownBy(() -> append(0, 2, 2)).isInstanceOf(OutOfOrderSequenceException.class);
    append(0, 3, 1);
  }

  @Test
  void theLastTenBatchesAreKnownAgain() {
    for (int i = 0; i < 12; i++) {
      append(0, 2 * i, 2);
    }
    assertThat(duplicate(0, 2, 2)).isNull();
    assertThat(firstOffsetOfDuplicate(0, 4, 2)).isEqualTo(4);
    assertThat(firstOffsetOfDuplicate(0, 22, 2)).isEqualTo(22);
    assertThat(duplicate(0, 22, 1)).isNull();
    assertThat(duplicate(1, 22, 2)).isNull();
  }

  @Test
  void fiveThatTheOldLeaderDidNotAnswerAreKnownBehindFiveSentToTheNewOne() {
    for (int i = 0; i < 10; i++) {
      append(0, i, 1);
    }
    for (int i = 0; i < 5; i++) {
      assertThat(firstOffsetOfDuplicate(0, i, 1)).isEqualTo(i);
    }
  }

  @Test
  void sequencesGoOnFromZeroAfterTheLargest() {
    append(0, Integer.MAX_VALUE - 1, 3);
    assertThat(state().lastSequence()).isZero();
    assertThat(firstOffsetOfDuplicate(0, Integer.MAX_VALUE - 1, 3)).isZero();
    append(0, 1, 1);
  }

  @Scenario("S-33")
  @Test
  void aSequenceThatEndsAtTheLargestIsFollowedByZero() {
    append(0, Integer.MAX_VALUE, 1);
    append(0, 0, 1);
    assertThat(state().lastSequence()).isZero();
  }

  @Test
  void aNewEpochBeginsAtZeroAndAnOldOneIsFenced() {
    append(4, 0, 1);
    assertThatThrownBy(() -> append(5, 1, 1)).isInstanceOf(OutOfOrderSequenceException.class);
    append(5, 0, 1);
    assertThatThrownBy(() -> append(4, 1, 1)).isInstanceOf(InvalidProducerEpochException.class);
    assertThat(duplicate(4, 0, 1)).isNull();
    assertThat(state().batches()).hasSize(1);
  }

  @Test
  void replicasTakeWhatTheLeaderTook() {
    append(4, 0, 1);
    ProducerPlan plan = new ProducerPlan(table);
    plan.append(batch(4, 50, 1, false), AppendOrigin.REPLICA, null);
    plan.commit();
    assertThat(state().lastSequence()).isEqualTo(50);
  }

  @Test
  void aPlanKnowsItsOwnBatchesAndCountsOnlyOnceCommitted() {
    ProducerPlan plan = new ProducerPlan(table);
    plan.append(batch(0, 0, 2, false), AppendOrigin.CLIENT, null);
    ProducerPlan.Mark mark = plan.mark();
    nextOffset = 2;
    plan.append(batch(0, 2, 1, false), AppendOrigin.CLIENT, null);
    assertThat(plan.duplicateOf(batch(0, 2, 1, false))).isNotNull();
    plan.rollBack(mark);
    assertThat(plan.duplicateOf(batch(0, 2, 1, false))).isNull();
    assertThat(plan.duplicateOf(batch(0, 0, 2, false))).isNotNull();

    assertThat(table.get(ID)).isNull();
    plan.commit();
    assertThat(state().lastSequence()).isEqualTo(1);
  }

  @Test
  void idleProducersAreForgottenUnlessTheirTransactionIsOpen() {
    append(0, 0, 1);
    table.expire(5999, 1000);
    assertThat(table.get(ID)).isNotNull();
    table.expire(6000, 1000);
    assertThat(table.get(ID)).isNull();

    append(0, 0, 1, true);
    table.expire(1_000_000, 1000);
    assertThat(table.get(ID)).isNotNull();
  }

  @Test
  void anOpenTransactionHoldsTheStableOffsetUntilItsEndIsCommitted() {
    append(0, 0, 2);
    append(0, 2, 2, true);
    append(0, 4, 2, true);
    assertThat(table.firstUnstableOffset()).isEqualTo(2);
    assertThat(state().currentTxnFirstOffset()).isEqualTo(2);
    assertThatThrownBy(() -> append(0, 6, 1)).isInstanceOf(InvalidTxnStateException.class);

    assertThat(end(0, false, 1)).containsExactly(new AbortedTransaction(ID, 2, 6, 7));

    table.highWatermarkAdvanced(6);
    assertThat(table.firstUnstableOffset()).isEqualTo(2);
    table.highWatermarkAdvanced(7);
    assertThat(table.firstUnstableOffset()).isEqualTo(ProducerTable.NO_OFFSET);
    assertThat(end(0, true, 1)).isEmpty();
    assertThatThrownBy(() -> end(0, true, 0))
        .isInstanceOf(TransactionCoordinatorFencedException.class);
  }

  @Test
  void aMarkerOfANewEpochFencesTheOldProducer() {
    append(0, 0, 1, true);
    end(1, false, 0);
    assertThat(state().batches()).isEmpty();
    assertThatThrownBy(() -> append(0, 1, 1)).isInstanceOf(InvalidProducerEpochException.class);
    assertThatThrownBy(() -> append(1, 5, 1)).isInstanceOf(OutOfOrderSequenceException.class);
    append(1, 0, 1);
  }

  @Test
  void theSnapshotHoldsEverything() {
    append(2, 5, 2);
    append(2, 7, 1, true);
    ByteBuffer snapshot = ProducerSnapshot.encode(table.all());

    assertBytes(
        snapshot,
        """
        0001 315037d9 00000001
        0000000000000009 0002 000000000000138a ffffffff 0000000000000002 02
        00000006 0000000000000001 00000001 0000000000001388
        00000007 0000000000000002 00000000 000000000000138a
        """);
    List<ProducerState> read = requireNonNull(ProducerSnapshot.decode(snapshot));
    assertThat(read).containsExactlyElementsOf(table.all());
    assertThat(ProducerTable.of(read).firstUnstableOffset()).isEqualTo(2);
    assertDamageIsNoticed(
        snapshot, damaged -> ProducerSnapshot.decode(ByteBuffer.wrap(damaged)) != null);
  }

  private void append(int epoch, int sequence, TransactionTerms terms) {
    ProducerPlan plan = new ProducerPlan(table);
    plan.append(batch(epoch, sequence, 1, true), AppendOrigin.CLIENT, terms);
    plan.commit();
    nextOffset++;
  }

  private TransactionTerms verified(int epoch, int sequence) {
    return new TransactionTerms.Begins(
        table.beginVerification(ID, (short) epoch, sequence, 5000).orElseThrow());
  }

  private void endBumped(int epoch) {
    TransactionMarker marker = new TransactionMarker(true, 1);
    ByteBuffer bytes = ControlBatches.build(marker, ID, (short) epoch, 5000);
    RecordBatchHeader header = new RecordBatchHeader().wrap(bytes, 0);
    header.setBaseOffset(nextOffset);
    ProducerPlan plan = new ProducerPlan(table);
    plan.appendMarker(header, marker, AppendOrigin.COORDINATOR, new TransactionTerms.Ends(true));
    plan.commit();
    nextOffset++;
  }

  @Scenario("S-154")
  @Test
  void aTransactionBeginsOnlyUnderAVerificationThatNoMarkerHasEnded() {
    assertThatThrownBy(() -> append(0, 0, new TransactionTerms.Continues()))
        .isInstanceOf(InvalidTxnStateException.class);
    TransactionTerms early = verified(0, 0);
    TransactionTerms late = verified(0, 1);
    append(0, 0, early);
    append(0, 1, new TransactionTerms.Continues());

    end(0, false, 1);

    assertThatThrownBy(() -> append(0, 2, late)).isInstanceOf(InvalidTxnStateException.class);
    assertThat(table.firstUnstableOffset()).isZero();
    table.highWatermarkAdvanced(nextOffset);
    assertThat(table.firstUnstableOffset()).isEqualTo(ProducerTable.NO_OFFSET);
    append(0, 2, verified(0, 2));
  }

  @Test
  void aVerificationIsGoodForItsEpochAndUntilItIsCancelled() {
    TransactionTerms old = verified(0, 0);
    TransactionTerms current = verified(1, 0);
    assertThatThrownBy(() -> append(0, 0, old)).isInstanceOf(InvalidTxnStateException.class);
    append(1, 0, current);

    TransactionVerification refused = table.beginVerification(3, (short) 0, 0, 5000).orElseThrow();
    assertThat(table.verifications().isHeld(refused)).isTrue();
    table.cancelVerification(refused);
    assertThat(table.verifications().isHeld(refused)).isFalse();
  }

  @Test
  void ofBatchesUnderOneVerificationTheFirstIsAppendedFirst() {
    verified(0, 0);
    TransactionTerms second = verified(0, 1);
    assertThatThrownBy(() -> append(0, 1, second)).isInstanceOf(OutOfOrderSequenceException.class);
    append(0, 0, verified(0, 0));
    append(0, 1, second);
  }

  @Test
  void verificationsAreForgottenAfterAWhileAndLimited() {
    TransactionTerms forgotten = verified(0, 0);
    table.expire(6000, 1000);
    assertThatThrownBy(() -> append(0, 0, forgotten)).isInstanceOf(InvalidTxnStateException.class);

    for (int id = 0; id < TransactionVerifications.MAX; id++) {
      assertThat(table.beginVerification(1_000 + id, (short) 0, 0, 5000)).isPresent();
    }
    assertThat(table.beginVerification(ID, (short) 0, 0, 5000)).isEmpty();
    assertThat(table.beginVerification(1_000, (short) 0, 1, 5000)).isPresent();
  }

  @Scenario("S-155")
  @Test
  void aMarkerThatComesLateLeavesTheNextTransactionOpen() {
    append(0, 0, verified(0, 0));
    endBumped(1);
    endBumped(1);
    append(1, 0, verified(1, 0));

    assertThatThrownBy(() -> endBumped(1)).isInstanceOf(InvalidProducerEpochException.class);
    assertThat(table.refusalOfMarker(ID, (short) 1, 1, new TransactionTerms.Ends(true)))
        .isPresent();

    assertThat(table.hasOpenTransaction(ID, (short) 1)).isTrue();
    assertThat(table.hasOpenTransaction(ID, (short) 0)).isFalse();
    endBumped(2);
    assertThat(table.hasOpenTransaction(ID, (short) 1)).isFalse();
  }

  @Test
  void theMarkerOfATransactionLeavesTheVerificationOfTheNextEpochAlone() {
    append(0, 0, verified(0, 0));
    TransactionTerms next = verified(1, 0);
    endBumped(1);
    append(1, 0, next);
    assertThat(table.hasOpenTransaction(ID, (short) 1)).isTrue();
  }
}
