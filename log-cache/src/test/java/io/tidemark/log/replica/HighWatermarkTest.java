package io.tidemark.log.replica;

import static io.tidemark.log.replica.ModelLeader.B;
import static io.tidemark.log.replica.ModelLeader.C;
import static io.tidemark.log.replica.ModelLeader.D;
import static io.tidemark.log.replica.ModelLeader.LAG_MS;
import static io.tidemark.log.replica.ModelLeader.SELF;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.scenario.Scenario;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** What a leader with two and three followers has committed, and whom it answers. */
class HighWatermarkTest {
  private final ModelLeader leader = new ModelLeader();

  // high watermark

  @Test
  void aLeaderAloneCommitsWhatItAppends() {
    leader.core = leader.newCore(1);
    leader.lead(1, 1, List.of(SELF), List.of(SELF));
    leader.append("a", 5);

    assertThat(leader.offsets.highWatermark()).isEqualTo(5);
    assertThat(leader.acknowledged).containsExactly("a");
  }

  @Test
  void theHighWatermarkIsTheSmallestLogEndOfTheIsr() {
    leader.leadThree();
    leader.append("a", 10);
    leader.fetch(B, 10);
    assertThat(leader.offsets.highWatermark()).isZero();
    leader.fetch(C, 4);
    assertThat(leader.offsets.highWatermark()).isEqualTo(4);
    assertThat(leader.acknowledged).isEmpty();
    leader.fetch(C, 10);

    assertThat(leader.offsets.highWatermark()).isEqualTo(10);
    assertThat(leader.acknowledged).containsExactly("a");
  }

  @Test
  void theHighWatermarkNeverGoesBack() {
    leader.leadThree();
    leader.append("a", 10);
    leader.fetch(B, 10);
    leader.fetch(C, 10);
    leader.fetch(C, 3);

    assertThat(leader.offsets.highWatermark()).isEqualTo(10);
    leader.append("b", 20);
    leader.fetch(B, 20);
    assertThat(leader.offsets.highWatermark()).isEqualTo(10);
  }

  @Test
  void aNewLeaderCommitsNothingBeforeItsFollowersHaveFetched() {
    leader.offsets.restartedAt(0, 0, 3, 8);
    leader.leadThree();

    assertThat(leader.offsets.highWatermark()).isEqualTo(3);
    leader.fetch(B, 8);
    assertThat(leader.offsets.highWatermark()).isEqualTo(3);
    leader.fetch(C, 8);
    assertThat(leader.offsets.highWatermark()).isEqualTo(8);
  }

  @Test
  void threeFollowersAllCount() {
    leader.lead(1, 1, List.of(SELF, B, C, D), List.of(SELF, B, C, D));
    leader.append("a", 9);
    leader.fetch(B, 9);
    leader.fetch(C, 7);
    leader.fetch(D, 8);

    assertThat(leader.offsets.highWatermark()).isEqualTo(7);
  }

  @Test
  void acknowledgementsComeInOrderOfOffsets() {
    leader.leadThree();
    leader.append("a", 3);
    leader.append("b", 6);
    leader.core.awaitCommit(3, "duplicate of a");
    leader.fetch(B, 6);
    leader.fetch(C, 3);

    leader.act();
    assertThat(leader.acknowledged).containsExactly("a", "duplicate of a");
    leader.fetch(C, 6);
    assertThat(leader.acknowledged).containsExactly("a", "duplicate of a", "b");
  }

  @Test
  void whereFlushesAreWaitedForTheFlushedEndCounts() {
    leader.core = leader.newCore(1);
    leader.lead(1, 1, List.of(SELF), List.of(SELF));
    leader.core.appended(5, 0, leader.nowMs);
    leader.core.awaitCommit(5, "a");
    leader.act();
    assertThat(leader.offsets.highWatermark()).isZero();
    leader.core.flushed(3, leader.nowMs);
    assertThat(leader.offsets.highWatermark()).isEqualTo(3);
    leader.core.flushed(5, leader.nowMs);
    leader.act();

    assertThat(leader.acknowledged).containsExactly("a");
  }

  // min.insync.replicas

  @Test
  @Scenario("S-17")
  void belowMinIsrOnlyAcksAllAreRefusedAndTheHighWatermarkStands() {
    leader.lead(1, 1, List.of(SELF, B, C), List.of(SELF));
    leader.append("a", 10);

    assertThat(leader.core.refusesAppend(Acks.ALL, -1)).contains(Errors.NOT_ENOUGH_REPLICAS);
    assertThat(leader.core.refusesAppend(Acks.LEADER, -1)).isEmpty();
    assertThat(leader.offsets.highWatermark()).isZero();
  }

  @Test
  void theHighWatermarkGoesOnWhenEnoughAreInSyncAgain() {
    leader.lead(1, 1, List.of(SELF, B, C), List.of(SELF));
    leader.append("a", 10);
    leader.fetch(B, 10);
    assertThat(leader.offsets.highWatermark()).isZero();
    leader.commit(leader.proposals.getLast());

    assertThat(leader.offsets.highWatermark()).isEqualTo(10);
    assertThat(leader.core.refusesAppend(Acks.ALL, -1)).isEmpty();
  }

  @Test
  void appendsThatWaitWhenTheIsrBecomesTooSmallAreGivenUp() {
    leader.lead(1, 1, List.of(SELF, B), List.of(SELF, B));
    leader.append("a", 10);
    leader.passMs(LAG_MS + 1);
    leader.tick();
    assertThat(leader.givenUp).isEmpty();
    leader.commit(leader.proposals.getLast());

    assertThat(leader.givenUp).containsEntry("a", Errors.NOT_ENOUGH_REPLICAS_AFTER_APPEND);
    assertThat(leader.acknowledged).isEmpty();
    assertThat(leader.offsets.highWatermark()).isZero();
  }

  @Test
  void moreReplicasThanThereAreCannotBeAskedFor() {
    leader.core = leader.newCore(3);
    leader.lead(1, 1, List.of(SELF, B), List.of(SELF, B));
    leader.append("a", 10);
    leader.fetch(B, 10);

    assertThat(leader.core.refusesAppend(Acks.ALL, -1)).isEmpty();
    assertThat(leader.acknowledged).containsExactly("a");
  }

  @Test
  void raisingMinIsrGivesUpWhatCannotBeAcknowledgedUnderIt() {
    leader.core = leader.newCore(1);
    leader.lead(1, 1, List.of(SELF, B, C), List.of(SELF, B));
    leader.append("a", 10);
    leader.core.configure(3, leader.nowMs);
    leader.act();

    assertThat(leader.givenUp).containsEntry("a", Errors.NOT_ENOUGH_REPLICAS_AFTER_APPEND);
    assertThat(leader.core.refusesAppend(Acks.ALL, -1)).contains(Errors.NOT_ENOUGH_REPLICAS);
  }
}
