package io.tidemark.log.replica;

import static io.tidemark.log.replica.ReplicaNode.batch;
import static io.tidemark.log.replica.ReplicaNode.entries;
import static io.tidemark.log.replica.ReplicaNode.fetched;
import static io.tidemark.log.replica.ReplicaNode.idempotent;
import static io.tidemark.log.replica.ReplicaNode.replicate;
import static io.tidemark.log.replica.ReplicaNode.source;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.log.disk.SimulatedDisk.Call;
import io.tidemark.log.epoch.EpochEntry;
import io.tidemark.log.replica.ReplicaNode.Told;
import io.tidemark.scenario.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.UnknownLeaderEpochException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** A replica above a simulated disk: appending, reading, coming and going. */
class ReplicaTest {
  private final ReplicaNode node = new ReplicaNode(1);

  // appending and reading

  @Test
  void whatIsAppendedIsAcknowledgedWithItsOffsetsAndReadBack() {
    Replica replica = node.start().leadAlone(3);
    Told first = node.append(replica, Acks.ALL, batch("a", "b"));
    Told second = node.append(replica, Acks.LEADER, batch("c"));
    Told third = node.append(replica, Acks.NONE, batch("d"));

    assertThat(first.ok()).isEqualTo(new AppendOutcome.Appended(0, 1, -1, 0));
    assertThat(second.ok().baseOffset()).isEqualTo(2);
    assertThat(third.ok().lastOffset()).isEqualTo(3);
    assertThat(replica.view().highWatermark()).isEqualTo(4);
    assertThat(replica.view().lastStableOffset()).isEqualTo(4);
    assertThat(ReplicaNode.values(replica, 0)).containsExactly("a", "b", "c", "d");
    assertThat(replica.lineage().entries()).containsExactly(new EpochEntry(3, 0));
  }

  @Test
  void tailReadsComeFromMemoryAndOlderOnesFromTheFile() {
    node.tailCacheBytes = 2L << 20;
    Replica replica = node.start().leadAlone(1);
    replica.watch(new TailReader());
    String large = "x".repeat(10_000);
    for (int i = 0; i < 300; i++) {
      node.append(replica, Acks.ALL, batch(large + i));
    }

    assertThat(source(replica, 299)).isEqualTo(ReadSource.MEMORY);
    assertThat(source(replica, 0)).isEqualTo(ReadSource.LOCAL_DISK);
    assertThat(source(replica, 300)).isEqualTo(ReadSource.NONE);
    assertThat(ReplicaNode.values(replica, 0)).hasSize(300);
  }

  @Test
  void whatNobodyWaitsForIsReadFromThePageCache() {
    Replica replica = node.start().leadAlone(1);
    replica.watch(changed -> {});
    node.append(replica, Acks.ALL, batch("a"));

    assertThat(source(replica, 0)).isEqualTo(ReadSource.PAGE_CACHE);
    assertThat(ReplicaNode.values(replica, 0)).containsExactly("a");
  }

  @Test
  void withoutTheTailCacheRecentBytesCountAsBeingInThePageCache() {
    node.tailCacheBytes = 0;
    Replica replica = node.start().leadAlone(1);
    node.append(replica, Acks.ALL, batch("a"));

    assertThat(source(replica, 0)).isEqualTo(ReadSource.PAGE_CACHE);
    assertThat(ReplicaNode.values(replica, 0)).containsExactly("a");
  }

  @Test
  void readersSeeOnlyWhatTheirIsolationAllows() {
    Replica replica = node.start().lead(1, List.of(1, 2));
    node.append(replica, Acks.LEADER, batch("a"));

    assertThat(source(replica, 0)).isEqualTo(ReadSource.NONE);
    ReplicaRead read = replica.read(new ReadRequest(0, 1000, true, Isolation.LOG_END, 1, -1, true));
    assertThat(entries(read)).hasSize(1);
    assertThatThrownBy(() -> source(replica, 2)).isInstanceOf(OffsetOutOfRangeException.class);
    assertThatThrownBy(() -> source(replica, -1)).isInstanceOf(OffsetOutOfRangeException.class);
  }

  @Test
  void readsUnderAnotherEpochAreRefused() {
    Replica replica = node.start().leadAlone(5);

    assertThatThrownBy(() -> replica.read(read(4, true)))
        .isInstanceOf(FencedLeaderEpochException.class);
    assertThatThrownBy(() -> replica.read(read(6, true)))
        .isInstanceOf(UnknownLeaderEpochException.class);
    assertThat(replica.read(read(5, true)).source()).isEqualTo(ReadSource.NONE);
  }

  @Test
  void theLogStampsItsRecordsWhenItsTopicSaysSo() {
    node.config =
        node.config.toBuilder().messageTimestampType(TimestampType.LOG_APPEND_TIME).build();
    Replica replica = node.start().leadAlone(1);
    node.time.advanceMs(77);
    Told told = node.append(replica, Acks.ALL, batch("a"));
    node.time.advanceMs(5);

    assertThat(told.ok().logAppendTimeMs()).isEqualTo(node.time.milliseconds() - 5);
    assertThat(replica.maxTimestamp(Isolation.HIGH_WATERMARK).orElseThrow().timestampMs())
        .isEqualTo(node.time.milliseconds() - 5);
    Told sent = node.append(replica, Acks.ALL, idempotent(9, 0, 0, "b"));
    node.time.advanceMs(5);
    Told again = node.append(replica, Acks.ALL, idempotent(9, 0, 0, "b"));
    assertThat(again.ok()).isEqualTo(sent.ok());
  }

  @Test
  void appendsThatArriveDuringADrainAreGatheredIntoOneWrite() {
    Replica replica = node.start().leadAlone(1);
    int[] writes = {0};
    List<Told> told = new ArrayList<>();
    node.disk.slow(
        Call.WRITE,
        ReplicaNode::isLog,
        () -> {
          if (writes[0]++ == 0) {
            for (int i = 0; i < 10; i++) {
              told.add(node.append(replica, Acks.ALL, batch("v" + i)));
            }
          }
        });
    node.append(replica, Acks.ALL, batch("first"));

    assertThat(writes[0]).isEqualTo(2);
    assertThat(told).allSatisfy(each -> assertThat(each.isDone()).isTrue());
    assertThat(ReplicaNode.values(replica, 0)).hasSize(11).startsWith("first", "v0", "v1");
  }

  @Test
  void manyBatchesOfOneDrainBeyondASegmentAreWrittenInSeveral() {
    Replica replica = node.start().leadAlone(1);
    List<Told> told = new ArrayList<>();
    boolean[] isFirst = {true};
    node.disk.slow(
        Call.WRITE,
        ReplicaNode::isLog,
        () -> {
          if (isFirst[0]) {
            isFirst[0] = false;
            IntStream.range(0, 40)
                .forEach(
                    i -> told.add(node.append(replica, Acks.ALL, batch("x".repeat(1_000) + i))));
          }
        });
    node.append(replica, Acks.ALL, batch("first"));

    assertThat(told).allSatisfy(each -> assertThat(each.isDone()).isTrue());
    assertThat(replica.closedSegments().size()).isGreaterThan(1);
    assertThat(ReplicaNode.values(replica, 0)).hasSize(41);
  }

  // producers

  @Test
  void aDuplicateIsAcknowledgedWithTheFirstOffsetOnlyOnceThatIsCommitted() {
    Replica replica = node.start().lead(1, List.of(1, 2));
    Told sent = node.append(replica, Acks.ALL, idempotent(9, 0, 0, "a", "b"));
    Told again = node.append(replica, Acks.ALL, idempotent(9, 0, 0, "a", "b"));
    assertThat(again.appended).isEqualTo(1);
    assertThat(again.isDone()).isFalse();
    fetched(replica, 2, 2);

    assertThat(sent.ok().baseOffset()).isZero();
    assertThat(again.ok()).isEqualTo(sent.ok());
    assertThat(replica.view().logEndOffset()).isEqualTo(2);
  }

  @Test
  void aGapInAProducersSequenceIsRefusedAndOthersOfTheDrainGoOn() {
    Replica replica = node.start().leadAlone(1);
    node.append(replica, Acks.ALL, idempotent(9, 0, 0, "a"));
    Told gap = node.append(replica, Acks.ALL, idempotent(9, 0, 5, "c"));
    Told next = node.append(replica, Acks.ALL, idempotent(9, 0, 1, "b"));

    assertThat(gap.refused().error()).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
    assertThat(next.ok().baseOffset()).isEqualTo(1);
  }

  @Test
  @Scenario("S-31")
  void aDuplicateIsKnownToTheNewLeaderAfterAFailover() throws Exception {
    Replica leader = node.start().lead(1, List.of(1, 2));
    ReplicaNode second = new ReplicaNode(2);
    Replica follower = second.start().follow(1);
    node.append(leader, Acks.ALL, idempotent(9, 0, 0, "a", "b"));
    replicate(leader, follower);
    follower.becomeLeader(new LeaderAssignment(2, 2, List.of(1, 2, 3), List.of(1), 0, 0)).join();

    Told again = second.append(follower, Acks.LEADER, idempotent(9, 0, 0, "a", "b"));
    assertThat(again.ok().baseOffset()).isZero();
    assertThat(follower.view().logEndOffset()).isEqualTo(2);
  }

  // watching

  @Test
  void aWatcherIsWokenOnceUntilItHasLooked() throws Exception {
    Replica replica = node.start().leadAlone(1);
    List<Long> woken = new ArrayList<>();
    ReplicaWatch watch = replica.watch(changed -> woken.add(changed.view().logEndOffset()));
    node.append(replica, Acks.ALL, batch("a"));
    node.append(replica, Acks.ALL, batch("b"));
    assertThat(woken).containsExactly(1L);
    assertThat(watch.look().logEndOffset()).isEqualTo(2);
    replica.advanceLogStart(1).join();
    assertThat(woken).containsExactly(1L, 2L);
    watch.look();
    replica.isrCommitted(1, 1, List.of(1)).join();
    assertThat(woken).hasSize(2);
    watch.close();
    node.append(replica, Acks.ALL, batch("c"));

    assertThat(woken).hasSize(2);
  }

  // coming and going

  @Test
  void aDeletedReplicaIsGoneAndItsNameCanBeUsedAgain() {
    Replica replica = node.start().lead(1, List.of(1, 2));
    Told waiting = node.append(replica, Acks.ALL, batch("a"));
    node.set().delete(ReplicaNode.ORDERS).join();

    assertThat(waiting.refused().error()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    assertThat(node.set().get(ReplicaNode.ORDERS)).isEmpty();
    assertThat(node.set().byName(ReplicaNode.ORDERS.topicPartition())).isEmpty();
    assertThatThrownBy(() -> source(replica, 0))
        .isInstanceOf(UnknownTopicOrPartitionException.class);
    Replica again = node.leadAlone(1);
    assertThat(node.append(again, Acks.ALL, batch("b")).ok().baseOffset()).isZero();
  }

  @Test
  void whoWaitsAtAReplicaThatMovesAwayIsToldThatItLeadsNoMore() {
    Replica replica = node.start().lead(1, List.of(1, 2));
    Told waiting = node.append(replica, Acks.ALL, batch("a"));
    node.set().movedAway(ReplicaNode.ORDERS).join();

    assertThat(waiting.refused().error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    assertThat(node.set().get(ReplicaNode.ORDERS)).isEmpty();
    assertThatThrownBy(() -> source(replica, 0)).isInstanceOf(NotLeaderOrFollowerException.class);
  }

  @Test
  void logsNobodyAskedForAreStray() {
    node.append(node.start().leadAlone(1), Acks.ALL, batch("a"));
    node.stop();
    node.start();

    assertThat(node.set().stray()).containsExactly(ReplicaNode.ORDERS);
    node.open();
    assertThat(node.set().stray()).isEmpty();
    assertThat(node.set().all()).hasSize(1);
  }

  @Test
  void aReconfiguredReplicaGoesByItsNewConfiguration() {
    Replica replica = node.start().lead(1, List.of(1, 2));
    replica.configure(node.config.toBuilder().minInsyncReplicas(3).build()).join();

    assertThat(replica.view().config().minInsyncReplicas()).isEqualTo(3);
    assertThat(node.append(replica, Acks.ALL, batch("a")).refused().error())
        .isEqualTo(Errors.NOT_ENOUGH_REPLICAS);
  }

  private static ReadRequest read(int currentLeaderEpoch, boolean leaderOnly) {
    return new ReadRequest(
        0, 1000, true, Isolation.HIGH_WATERMARK, currentLeaderEpoch, -1, leaderOnly);
  }

  /** Waits for what is appended. */
  private static final class TailReader implements ReplicaWatcher {
    @Override
    public void changed(Replica changed) {}

    @Override
    public boolean readsTail() {
      return true;
    }
  }
}
