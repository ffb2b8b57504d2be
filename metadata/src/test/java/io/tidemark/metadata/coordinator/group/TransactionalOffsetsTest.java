package io.tidemark.metadata.coordinator.group;

import static io.tidemark.metadata.coordinator.group.GroupWorld.GROUP;
import static io.tidemark.metadata.coordinator.group.GroupWorld.client;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.metadata.coordinator.TransactionEnd;
import io.tidemark.metadata.coordinator.TransactionalProducer;
import io.tidemark.scenario.Scenario;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Offsets that are committed with a transaction. */
final class TransactionalOffsetsTest {
  private static final TransactionalProducer ONE = new TransactionalProducer(1, (short) 0);
  private static final TransactionalProducer TWO = new TransactionalProducer(2, (short) 0);
  private static final int NEW = 5;
  private static final int OLD = 3;

  private final GroupWorld world = new GroupWorld();
  private CompletableFuture<Errors> admission = CompletableFuture.completedFuture(Errors.NONE);
  private boolean wasAdded;

  private CompletableFuture<TxnOffsetCommitResponseData> commitLater(
      TransactionalProducer producer, int version, TxnOffsetCommitRequestData request) {
    request
        .setTransactionalId("tx")
        .setGroupId(GROUP)
        .setProducerId(producer.producerId())
        .setProducerEpoch(producer.producerEpoch());
    return world.coordinator.commitOffsetsInTransaction(
        client(version),
        request,
        (id, asked, partition, adds) -> {
          wasAdded = adds;
          return admission;
        });
  }

  private static TxnOffsetCommitRequestData offset(int partition, long offset) {
    return new TxnOffsetCommitRequestData()
        .setTopics(
            List.of(
                new TxnOffsetCommitRequestTopic()
                    .setName("orders")
                    .setPartitions(
                        List.of(
                            new TxnOffsetCommitRequestPartition()
                                .setPartitionIndex(partition)
                                .setCommittedOffset(offset)))));
  }

  private static Errors error(TxnOffsetCommitResponseData response) {
    return Errors.forCode(response.topics().getFirst().partitions().getFirst().errorCode());
  }

  private Errors commit(TransactionalProducer producer, int partition, long offset) {
    return error(world.now(commitLater(producer, NEW, offset(partition, offset))));
  }

  private Errors end(TransactionalProducer producer, boolean isCommit) {
    return world.now(
        world.coordinator.endTransaction(0, new TransactionEnd(producer, 4, isCommit, false)));
  }

  private OffsetFetchResponsePartitions fetchStable(int partition) {
    return world
        .now(
            world.coordinator.fetchOffsets(
                client(9),
                new OffsetFetchRequestData()
                    .setRequireStable(true)
                    .setGroups(
                        List.of(
                            new OffsetFetchRequestGroup()
                                .setGroupId(GROUP)
                                .setTopics(
                                    List.of(
                                        new OffsetFetchRequestTopics()
                                            .setName("orders")
                                            .setPartitionIndexes(List.of(partition))))))))
        .groups()
        .getFirst()
        .topics()
        .getFirst()
        .partitions()
        .getFirst();
  }

  @Test
  void anOffsetCountsOnceItsTransactionIsCommitted() {
    assertThat(commit(ONE, 0, 10)).isEqualTo(Errors.NONE);
    assertThat(wasAdded).isTrue();
    assertThat(world.committed(0)).isEqualTo(-1);
    assertThat(fetchStable(0).errorCode()).isEqualTo(Errors.UNSTABLE_OFFSET_COMMIT.code());
    assertThat(fetchStable(1).errorCode()).isZero();

    assertThat(end(ONE, true)).isEqualTo(Errors.NONE);

    assertThat(world.committed(0)).isEqualTo(10);
    assertThat(fetchStable(0).committedOffset()).isEqualTo(10);
  }

  @Test
  void anAbortedOffsetNeverCounts() {
    world.commitSimple(0, 5);
    commit(ONE, 0, 10);
    end(ONE, false);
    assertThat(fetchStable(0).committedOffset()).isEqualTo(5);
  }

  @Test
  void whatCameLaterInTheLogCounts() {
    commit(ONE, 0, 10);
    world.commitSimple(0, 11);
    end(ONE, true);
    assertThat(world.committed(0)).isEqualTo(11);

    commit(ONE, 1, 20);
    commit(TWO, 1, 21);
    end(TWO, true);
    end(ONE, true);
    assertThat(world.committed(1)).isEqualTo(21);
  }

  @Test
  void openTransactionsOutliveAFailover() {
    commit(ONE, 0, 10);
    commit(TWO, 1, 20);
    world.failOver(2);
    assertThat(fetchStable(0).errorCode()).isEqualTo(Errors.UNSTABLE_OFFSET_COMMIT.code());
    end(ONE, true);
    end(TWO, false);
    world.failOver(3);
    assertThat(world.committed(0)).isEqualTo(10);
    assertThat(world.committed(1)).isEqualTo(-1);
    assertThat(fetchStable(1).errorCode()).isZero();
  }

  @Test
  void aTransactionThatIsNotOpenTakesNoOffsets() {
    admission = CompletableFuture.completedFuture(Errors.INVALID_TXN_STATE);
    assertThat(error(world.now(commitLater(ONE, OLD, offset(0, 10)))))
        .isEqualTo(Errors.INVALID_TXN_STATE);
    assertThat(wasAdded).isFalse();
    assertThat(commit(ONE, 0, 10)).isEqualTo(Errors.TRANSACTION_ABORTABLE);
    assertThat(world.log.records(0)).isEmpty();
  }

  @Test
  @Scenario("S-154")
  void aMarkerThatOvertakesTheQuestionVoidsTheAnswer() {
    admission = new CompletableFuture<>();
    CompletableFuture<TxnOffsetCommitResponseData> late = commitLater(ONE, OLD, offset(0, 10));
    world.clock.run();
    end(ONE, false);
    admission.complete(Errors.NONE);

    assertThat(error(world.now(late))).isEqualTo(Errors.INVALID_TXN_STATE);
    assertThat(world.log.records(0)).isEmpty();
  }

  @Test
  @Scenario("S-160")
  void aMemberThatIsFencedCommitsNothing() {
    String member = world.stableGroup(1).getFirst();
    int generation = world.generation();

    assertThat(
            error(
                world.now(
                    commitLater(
                        ONE,
                        NEW,
                        offset(0, 10)
                            .setMemberId("other")
                            .setGenerationIdOrMemberEpoch(generation)))))
        .isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    assertThat(
            error(
                world.now(
                    commitLater(
                        ONE,
                        NEW,
                        offset(0, 10)
                            .setMemberId(member)
                            .setGenerationIdOrMemberEpoch(generation + 1)))))
        .isEqualTo(Errors.ILLEGAL_GENERATION);
    assertThat(
            error(
                world.now(
                    commitLater(
                        ONE,
                        NEW,
                        offset(0, 10)
                            .setMemberId(member)
                            .setGenerationIdOrMemberEpoch(generation)))))
        .isEqualTo(Errors.NONE);
  }

  @Test
  void producersAndCoordinatorsThatAreFencedAreToldWithoutAnythingBeingAppended() {
    world.log.fence(ONE, Errors.INVALID_PRODUCER_EPOCH);
    assertThat(commit(ONE, 0, 10)).isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
    world.log.fence(TWO, Errors.TRANSACTION_COORDINATOR_FENCED);
    assertThat(end(TWO, true)).isEqualTo(Errors.TRANSACTION_COORDINATOR_FENCED);
    assertThat(world.log.entries(0)).isEmpty();
  }

  @Test
  void aDeletedGroupTakesItsPendingOffsetsAlong() {
    commit(ONE, 0, 10);
    world.now(
        world.coordinator.deleteGroups(
            client(2), new DeleteGroupsRequestData().setGroupsNames(List.of(GROUP))));
    end(ONE, true);
    assertThat(world.committed(0)).isEqualTo(-1);
  }
}
