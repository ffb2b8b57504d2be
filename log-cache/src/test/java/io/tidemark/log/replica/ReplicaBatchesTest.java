package io.tidemark.log.replica;

import static io.tidemark.log.replica.ReplicaNode.batch;
import static io.tidemark.log.replica.ReplicaNode.idempotent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.log.AppendOrigin;
import io.tidemark.log.LogConfig;
import io.tidemark.log.record.ControlBatches;
import io.tidemark.log.record.RecordBatchHeader;
import io.tidemark.log.replica.ReplicaNode.Told;
import io.tidemark.log.validate.BatchValidator;
import io.tidemark.log.validate.InvalidBatchException;
import io.tidemark.scenario.Scenario;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.Test;

/** Batches that come late, again, out of order, or with gaps between them. */
class ReplicaBatchesTest {
  private static final long PRODUCER = 9;
  private static final long IDLE_MS = 86_400_000L + 600_000L;

  private final ReplicaNode node = new ReplicaNode(32);

  private Told produce(Replica replica, int sequence, String... values) {
    return node.append(replica, Acks.ALL, idempotent(PRODUCER, 0, sequence, values));
  }

  @Test
  @Scenario("S-32")
  void aProducerThatWasIdleUntilItWasForgottenWritesOn() {
    Replica replica = node.start().leadAlone(1);
    produce(replica, 0, "a");
    node.time.advanceMs(IDLE_MS);
    node.timers().advanceMs(1_000);
    assertThat(replica.producers()).isEmpty();
    Told next = produce(replica, 1, "b");

    assertThat(next.ok().baseOffset()).isEqualTo(1);
    assertThat(produce(replica, 1, "b").ok().baseOffset()).isEqualTo(1);
    assertThat(produce(replica, 2, "c").ok().baseOffset()).isEqualTo(2);
    assertThat(ReplicaNode.values(replica, 0)).containsExactly("a", "b", "c");
  }

  @Test
  @Scenario("S-33")
  void sequencesGoOnAtZeroBehindTheLargestAlsoWithinABatchAndAfterAStart() {
    Replica replica = node.start().leadAlone(1);
    produce(replica, Integer.MAX_VALUE - 1, "a");
    Told wraps = produce(replica, Integer.MAX_VALUE, "b", "c");
    assertThat(wraps.ok().baseOffset()).isEqualTo(1);
    assertThat(produce(replica, Integer.MAX_VALUE, "b", "c").ok().baseOffset()).isEqualTo(1);
    node.stop();
    Replica after = node.start().leadAlone(2);

    assertThat(produce(after, Integer.MAX_VALUE, "b", "c").ok().baseOffset()).isEqualTo(1);
    assertThat(produce(after, 2, "e").refused().error())
        .isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
    assertThat(produce(after, 1, "d").ok().baseOffset()).isEqualTo(3);
    assertThat(ReplicaNode.values(after, 0)).containsExactly("a", "b", "c", "d");
  }

  @Test
  @Scenario("S-34")
  void manyBatchesUnderWayThatOvertakeOneAnotherEndInTheirOrderAndOnce() {
    Replica replica = node.start().leadAlone(1);
    produce(replica, 0, "v0");
    Map<Integer, Told> underWay = new LinkedHashMap<>();
    for (int sequence : new int[] {4, 2, 7, 1, 6, 3, 5, 8}) {
      underWay.put(sequence, produce(replica, sequence, "v" + sequence));
    }
    int rounds = 0;
    while (underWay.values().stream().anyMatch(ReplicaBatchesTest::isRefused)) {
      assertThat(rounds++).isLessThan(10);
      underWay.replaceAll(
          (sequence, told) -> isRefused(told) ? produce(replica, sequence, "v" + sequence) : told);
    }

    assertThat(ReplicaNode.values(replica, 0))
        .containsExactly("v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8");
  }

  private static boolean isRefused(Told told) {
    if (!(told.outcome() instanceof AppendOutcome.Refused refused)) {
      return false;
    }
    assertThat(refused.error()).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
    return true;
  }

  @Test
  @Scenario({"S-37", "S-38"})
  void aFollowerTakesGapsAndControlRecordsAsTheLeaderHasThem() {
    Replica follower = node.start().follow(1);
    List<ByteBuffer> sent = new ArrayList<>();
    sent.add(at(3, batch("a", "b")));
    sent.add(at(9, marker()));
    sent.add(at(14, batch("c")));
    for (ByteBuffer each : sent) {
      replicate(follower, each);
    }
    assertThat(follower.view().logEndOffset()).isEqualTo(15);
    for (ByteBuffer each : sent) {
      assertThat(bytesAt(follower, new RecordBatchHeader().wrap(each, 0).baseOffset(), each))
          .isEqualTo(each);
    }
    node.stop();
    Replica after = node.start().follow(2);
    assertThat(after.view().logEndOffset()).isEqualTo(15);
    for (ByteBuffer each : sent) {
      assertThat(bytesAt(after, new RecordBatchHeader().wrap(each, 0).baseOffset(), each))
          .isEqualTo(each);
    }
  }

  @Test
  @Scenario("S-36")
  void whatIsLargerThanALimitThatWasLoweredIsStillReadAndReplicated() throws Exception {
    Replica leader = node.start().leadAlone(1);
    node.append(leader, Acks.ALL, batch("a", "b"));
    ByteBuffer large = bytesAt(leader, 0, batch("a", "b"));
    ReplicaNode other = new ReplicaNode(33);
    for (ReplicaNode each : List.of(node, other)) {
      each.config = LogConfig.builder().maxMessageBytes(large.remaining() - 1).build();
    }
    node.stop();
    Replica limited = node.start().leadAlone(2);
    assertThatThrownBy(() ->
            new BatchValidator(Time.SYSTEM)
                .validate(batch("a", "b"), limited.view().config(), AppendOrigin.CLIENT))
        .isInstanceOf(InvalidBatchException.class);
    assertThat(ReplicaNode.values(limited, 0)).containsExactly("a", "b");
    assertThat(bytesAt(limited, 0, large)).isEqualTo(large);

    Replica follower = other.start().follow(1);
    replicate(follower, large);
    assertThat(bytesAt(follower, 0, large)).isEqualTo(large);
    assertThat(node.append(limited, Acks.ALL, batch("c")).ok().baseOffset()).isEqualTo(2);
  }

  private static ByteBuffer at(long offset, ByteBuffer batch) {
    RecordBatchHeader header = new RecordBatchHeader().wrap(batch, 0);
    header.setBaseOffset(offset);
    header.setLeaderEpoch(1);
    return batch;
  }

  private static ByteBuffer marker() {
    return ControlBatches.build(
        new ControlBatches.TransactionMarker(true, 0), PRODUCER, (short) 0, 1_799_999_999_000L);
  }

  private static void replicate(Replica follower, ByteBuffer batch) {
    try {
      follower
          .replicate(
              new BatchValidator(Time.SYSTEM)
                  .validate(batch.duplicate(), follower.view().config(), AppendOrigin.REPLICA),
              new LeaderProgress(1, 15, 0))
          .join();
    } catch (InvalidBatchException e) {
      throw new AssertionError(e);
    }
  }

  private static ByteBuffer bytesAt(Replica replica, long offset, ByteBuffer like) {
    ReplicaRead read =
        replica.read(
            new ReadRequest(offset, like.remaining(), true, Isolation.LOG_END, -1, -1, false));
    try {
      return Objects.requireNonNull(read.slice()).toBuffer();
    } catch (IOException e) {
      throw new AssertionError(e);
    } finally {
      read.release();
    }
  }
}
