package io.tidemark.metadata.coordinator.transaction;

import static io.tidemark.metadata.coordinator.transaction.TransactionWorld.ID;
import static io.tidemark.metadata.coordinator.transaction.TransactionWorld.NEW;
import static io.tidemark.metadata.coordinator.transaction.TransactionWorld.OLD;
import static io.tidemark.metadata.coordinator.transaction.TransactionWorld.TIMEOUT_MS;
import static io.tidemark.metadata.coordinator.transaction.TransactionWorld.after;
import static io.tidemark.metadata.coordinator.transaction.TransactionWorld.nobody;
import static io.tidemark.metadata.coordinator.transaction.TransactionWorld.partitions;
import static io.tidemark.metadata.coordinator.transaction.TransactionWorld.producer;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.metadata.coordinator.TransactionEnd;
import io.tidemark.metadata.coordinator.TransactionalProducer;
import io.tidemark.scenario.Scenario;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the coordinator answers, and what it has written. */
final class TransactionCoordinatorTest {
  private final TransactionWorld world = new TransactionWorld();

  private MarkerTask lastMarkers() {
    return world.delivery.delivered.getLast();
  }

  // ---------------------------------------------------------------- producers

  @Test
  void everyNewProducerGetsTheNextEpochAndPutsOutTheOneBefore() {
    TransactionalProducer first = world.init();
    TransactionalProducer second = world.init();

    assertThat(first).isEqualTo(new TransactionalProducer(1_000, (short) 0));
    assertThat(second).isEqualTo(after(first));
    assertThat(world.add(first, NEW, 0)).isEqualTo(Errors.PRODUCER_FENCED);
    assertThat(world.end(first, NEW, true)).isEqualTo(Errors.PRODUCER_FENCED);
    assertThat(world.add(second, NEW, 0)).isEqualTo(Errors.NONE);
  }

  @Test
  void aNewProducerHasTheOpenTransactionAbortedFirst() {
    TransactionalProducer old = world.init();
    world.add(old, NEW, 0, 3);

    InitProducerIdResponseData first = world.now(world.init(ID, nobody()));
    assertThat(Errors.forCode(first.errorCode())).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
    assertThat(lastMarkers().end().isCommit()).isFalse();
    assertThat(lastMarkers().end().producer()).isEqualTo(after(old));
    assertThat(lastMarkers().partitions()).containsExactlyElementsOf(partitions(0, 3));
    assertThat(world.end(old, NEW, false)).isEqualTo(Errors.PRODUCER_FENCED);

    assertThat(world.init()).isEqualTo(after(after(old)));
  }

  @Test
  @Scenario("S-158")
  void aRepeatedRequestOfTheSameProducerBumpsItsEpochOnce() {
    TransactionalProducer producer = world.init();
    TransactionalProducer bumped = producer(world.now(world.init(ID, producer)));

    assertThat(bumped).isEqualTo(after(producer));
    assertThat(producer(world.now(world.init(ID, producer)))).isEqualTo(bumped);
    assertThat(world.metadata().producerEpoch()).isEqualTo(bumped.producerEpoch());

    TransactionalProducer young = world.init();
    assertThat(world.now(world.init(ID, producer)).errorCode())
        .isEqualTo(Errors.PRODUCER_FENCED.code());
    assertThat(world.add(young, NEW, 0)).isEqualTo(Errors.NONE);
  }

  @Test
  @Scenario("S-35")
  void whenItsEpochsRunOutAProducerGoesOnAsAnother() {
    TransactionalProducer last = world.putAtLastEpoch();

    TransactionalProducer next = producer(world.now(world.init(ID, last)));
    assertThat(next.producerId()).isNotEqualTo(last.producerId());
    assertThat(next.producerEpoch()).isZero();
    assertThat(producer(world.now(world.init(ID, last)))).isEqualTo(next);
    assertThat(world.add(last, NEW, 0)).isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
    assertThat(world.add(next, NEW, 0)).isEqualTo(Errors.NONE);
  }

  @Test
  @Scenario("S-35")
  void theLastEpochsTransactionEndsAndItsProducerGoesOnAsAnother() {
    TransactionalProducer last = world.putAtLastEpoch();
    assertThat(world.add(last, NEW, 0)).isEqualTo(Errors.NONE);
    world.delivery.isHeld = true;

    TransactionalProducer next = world.ended(last, true);
    assertThat(next.producerEpoch()).isZero();
    assertThat(world.add(next, NEW, 1)).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
    assertThat(world.end(next, NEW, false)).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
    world.delivery.release();

    assertThat(lastMarkers().end().producer()).isEqualTo(after(last));
    assertThat(world.add(next, NEW, 1)).isEqualTo(Errors.NONE);
  }

  @Test
  @Scenario({"S-35", "S-157"})
  void theLastEpochsTransactionStaysOpenUntilThereIsAnotherProducerId() {
    TransactionalProducer last = world.putAtLastEpoch();
    world.add(last, NEW, 0);
    world.hasProducerIds = false;
    assertThat(world.now(world.init(ID, nobody())).errorCode())
        .isEqualTo(Errors.COORDINATOR_LOAD_IN_PROGRESS.code());
    world.clock.advance(2 * TIMEOUT_MS);
    assertThat(world.state()).isEqualTo(TransactionState.ONGOING);

    world.hasProducerIds = true;
    world.clock.advance(TIMEOUT_MS);
    assertThat(world.state()).isEqualTo(TransactionState.COMPLETE_ABORT);
    assertThat(world.metadata().producerId()).isNotEqualTo(last.producerId());
  }

  @Test
  void withoutProducerIdsAProducerIsToldToComeAgain() {
    world.hasProducerIds = false;
    assertThat(world.now(world.init(ID, nobody())).errorCode())
        .isEqualTo(Errors.COORDINATOR_LOAD_IN_PROGRESS.code());
    world.hasProducerIds = true;
    assertThat(world.init().producerEpoch()).isZero();
  }

  @Test
  void impossibleRequestsAreRefused() {
    InitProducerIdRequestData request =
        new InitProducerIdRequestData().setTransactionalId(ID).setTransactionTimeoutMs(900_001);
    assertThat(world.now(world.coordinator.initProducerId(NEW, request)).errorCode())
        .isEqualTo(Errors.INVALID_TRANSACTION_TIMEOUT.code());
    assertThat(
            world
                .now(world.coordinator.initProducerId(NEW, request.setTransactionTimeoutMs(0)))
                .errorCode())
        .isEqualTo(Errors.INVALID_TRANSACTION_TIMEOUT.code());
    assertThat(world.now(world.init("", nobody())).errorCode())
        .isEqualTo(Errors.INVALID_REQUEST.code());
    assertThat(world.now(world.init(ID, new TransactionalProducer(4, (short) -1))).errorCode())
        .isEqualTo(Errors.INVALID_REQUEST.code());
  }

  // ---------------------------------------------------------------- ends

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aTransactionWithEpochsOfItsOwnEndsOnAllItsPartitions(boolean isCommit) {
    TransactionalProducer producer = world.init();
    world.add(producer, NEW, 2);
    world.add(producer, NEW, 0, 2);

    TransactionalProducer next = world.ended(producer, isCommit);

    assertThat(next).isEqualTo(after(producer));
    assertThat(lastMarkers().end().producer()).isEqualTo(next);
    assertThat(lastMarkers().end().isCommit()).isEqualTo(isCommit);
    assertThat(lastMarkers().end().isEpochBumped()).isTrue();
    assertThat(lastMarkers().partitions()).containsExactlyElementsOf(partitions(0, 2));
    assertThat(world.state())
        .isEqualTo(isCommit ? TransactionState.COMPLETE_COMMIT : TransactionState.COMPLETE_ABORT);
    assertThat(world.metadata().partitions()).isEmpty();
  }

  @Test
  void anOlderClientKeepsItsEpoch() {
    TransactionalProducer producer = world.init();
    world.add(producer, OLD, 0);

    assertThat(world.end(producer, OLD, true)).isEqualTo(Errors.NONE);

    assertThat(lastMarkers().end().producer()).isEqualTo(producer);
    assertThat(lastMarkers().end().isEpochBumped()).isFalse();
    assertThat(world.end(producer, OLD, true)).isEqualTo(Errors.NONE);
    assertThat(world.end(producer, OLD, false)).isEqualTo(Errors.INVALID_TXN_STATE);
    assertThat(world.add(producer, OLD, 0)).isEqualTo(Errors.NONE);
  }

  @Test
  @Scenario("S-155")
  void anEndThatComesLateEndsNothingOfTheNextTransaction() {
    TransactionalProducer first = world.init();
    world.add(first, NEW, 0);
    TransactionalProducer second = world.ended(first, true);
    assertThat(world.ended(first, true)).isEqualTo(second);
    world.add(second, NEW, 1);

    assertThat(world.end(first, NEW, true)).isEqualTo(Errors.PRODUCER_FENCED);
    assertThat(world.end(first, NEW, false)).isEqualTo(Errors.PRODUCER_FENCED);

    assertThat(world.state()).isEqualTo(TransactionState.ONGOING);
    assertThat(world.delivery.delivered).hasSize(1);
  }

  @Test
  void whatWasDecidedIsNotDecidedAgain() {
    TransactionalProducer producer = world.init();
    world.add(producer, NEW, 0);
    world.delivery.isHeld = true;
    TransactionalProducer next = world.ended(producer, true);

    assertThat(world.end(producer, NEW, true)).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
    assertThat(world.end(producer, NEW, false)).isEqualTo(Errors.INVALID_TXN_STATE);
    assertThat(world.add(next, NEW, 1)).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
    assertThat(world.now(world.init(ID, nobody())).errorCode())
        .isEqualTo(Errors.CONCURRENT_TRANSACTIONS.code());
    world.delivery.release();
    assertThat(world.ended(producer, true)).isEqualTo(next);
    assertThat(world.end(producer, NEW, false)).isEqualTo(Errors.INVALID_TXN_STATE);
  }

  @Test
  void anAbortWithoutTransactionBeginsANewEpochAndACommitIsAMistake() {
    TransactionalProducer producer = world.init();
    assertThat(world.end(producer, NEW, true)).isEqualTo(Errors.INVALID_TXN_STATE);
    assertThat(world.end(producer, OLD, false)).isEqualTo(Errors.INVALID_TXN_STATE);

    TransactionalProducer next = world.ended(producer, false);
    assertThat(next).isEqualTo(after(producer));
    assertThat(world.ended(next, false)).isEqualTo(after(next));
    assertThat(lastMarkers().partitions()).isEmpty();
  }

  @Test
  void noMarkerLeavesBeforeTheDecisionIsCommitted() {
    TransactionalProducer producer = world.init();
    world.add(producer, NEW, 0);
    world.log.holdCommits();
    CompletableFuture<EndTxnResponseData> answer = world.endLater(producer, NEW, true);
    world.clock.run();
    world.clock.advance(TransactionConfig.DEFAULTS.commitTimeoutMs() + 1);

    assertThat(world.delivery.delivered).isEmpty();
    assertThat(answer.join().errorCode()).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE.code());

    world.log.releaseCommits();
    world.clock.run();
    assertThat(lastMarkers().end().isCommit()).isTrue();
    assertThat(world.state()).isEqualTo(TransactionState.COMPLETE_COMMIT);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @Scenario("S-152")
  void theNextCoordinatorBringsAPreparedTransactionToItsEnd(boolean isCommit) {
    TransactionalProducer producer = world.init();
    world.add(producer, NEW, 0, 1);
    world.delivery.isHeld = true;
    TransactionalProducer next = world.ended(producer, isCommit);

    world.failOver(2);
    assertThat(world.delivery.open).hasSize(1);
    world.delivery.release();

    assertThat(lastMarkers().end().coordinatorEpoch()).isEqualTo(2);
    assertThat(lastMarkers().end().isCommit()).isEqualTo(isCommit);
    assertThat(lastMarkers().end().producer()).isEqualTo(next);
    assertThat(lastMarkers().end().isEpochBumped()).isTrue();
    assertThat(world.core()).isNotNull();
    assertThat(world.state().isCompleted()).isTrue();
    assertThat(world.add(next, NEW, 1)).isEqualTo(Errors.NONE);
  }

  /** The epoch of an older client stays: late news of one transaction could pass for the next's. */
  @Test
  @Scenario({"S-152", "S-162"})
  void whatAnEarlierCoordinatorHearsOfItsMarkersIsNothingToTheNextOne() {
    TransactionalProducer producer = world.init();
    world.add(producer, OLD, 0);
    world.delivery.isHeld = true;
    world.end(producer, OLD, true);
    TransactionWorld.FakeDelivery.Open early = world.delivery.open.removeFirst();

    world.failOver(2);
    TransactionWorld.FakeDelivery.Open resent = world.delivery.open.getFirst();
    world.delivery.finish(early);
    world.clock.run();
    assertThat(world.state()).isEqualTo(TransactionState.PREPARE_COMMIT);
    assertThat(world.add(producer, OLD, 1)).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);

    world.delivery.finish(resent);
    world.clock.run();
    assertThat(world.state()).isEqualTo(TransactionState.COMPLETE_COMMIT);
    assertThat(world.add(producer, OLD, 1)).isEqualTo(Errors.NONE);
    world.end(producer, OLD, true);
    assertThat(world.state())
        .as("its markers are under way")
        .isEqualTo(TransactionState.PREPARE_COMMIT);
    world.delivery.release();
    world.clock.run();
    assertThat(world.state()).isEqualTo(TransactionState.COMPLETE_COMMIT);
  }

  @Test
  @Scenario("S-162")
  void aThousandOpenTransactionsEndUnderTheNextCoordinator() {
    Map<String, TransactionalProducer> open = new LinkedHashMap<>();
    for (int i = 0; i < 1_000; i++) {
      String id = "id-" + i;
      TransactionalProducer producer = producer(world.now(world.init(id, nobody())));
      open.put(id, producer);
      assertThat(
              world.now(
                  world.coordinator.addPartitions(id, producer, partitions(i % 7, 7), i % 2 == 0)))
          .isEqualTo(Errors.NONE);
    }
    world.failOver(2);
    Map<String, TransactionEnd> ends = new HashMap<>();
    open.forEach((id, producer) -> {
      int number = Integer.parseInt(id.substring(3));
      boolean isNew = number % 2 == 0;
      boolean isCommit = number % 3 > 0;
      EndTxnRequestData request =
          new EndTxnRequestData()
              .setTransactionalId(id)
              .setProducerId(producer.producerId())
              .setProducerEpoch(producer.producerEpoch())
              .setCommitted(isCommit);
      var answer = world.coordinator.endTransaction(isNew ? NEW : OLD, request);
      assertThat(Errors.forCode(world.now(answer).errorCode())).isEqualTo(Errors.NONE);
      ends.put(id, new TransactionEnd(isNew ? after(producer) : producer, 2, isCommit, isNew));
    });
    assertThat(world.delivery.delivered)
        .hasSize(1_000)
        .allSatisfy(task -> {
          assertThat(task.end()).isEqualTo(ends.get(task.transactionalId()));
          assertThat(task.partitions()).hasSize(2).containsAll(partitions(7));
        });
    assertThat(world.core().ledger().all().values()).allMatch(known -> known.state().isCompleted());
  }

  @Test
  void aDecisionThatWasLostWithItsLeaderWasNeverTold() {
    TransactionalProducer producer = world.init();
    world.add(producer, NEW, 0);
    world.log.holdCommits();
    CompletableFuture<EndTxnResponseData> answer = world.endLater(producer, NEW, true);
    world.clock.run();
    world.log.loseUncommitted(0);
    world.log.releaseCommits();
    world.failOver(2);

    assertThat(answer.join().errorCode()).isEqualTo(Errors.NOT_COORDINATOR.code());
    assertThat(world.delivery.delivered).isEmpty();
    assertThat(world.state()).isEqualTo(TransactionState.ONGOING);
    assertThat(world.end(producer, NEW, false)).isEqualTo(Errors.NONE);
  }

  @Test
  @Scenario("S-165")
  void olderAndNewerClientsTakeTurnsWithOneId() {
    TransactionalProducer producer = world.init();
    for (int round = 0; round < 6; round++) {
      int version = round % 2 == 0 ? OLD : NEW;
      assertThat(world.add(producer, version, round)).isEqualTo(Errors.NONE);
      assertThat(world.end(producer, version, round % 3 == 0)).isEqualTo(Errors.NONE);
      assertThat(lastMarkers().partitions()).containsExactlyElementsOf(partitions(round));
      assertThat(lastMarkers().end().isCommit()).isEqualTo(round % 3 == 0);
      producer = version == NEW ? after(producer) : producer;
    }
  }

  // ---------------------------------------------------------------- partitions

  /** Its epoch is the one before the present, which an older client keeps. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @Scenario({"S-156", "S-165"})
  void aNewerProducerIsNotGivenTheEpochOfTheOlderOneThatPutItOut(boolean isCommit) {
    TransactionalProducer newer = world.init();
    world.add(newer, NEW, 0);
    newer = world.ended(newer, true);
    TransactionalProducer older = world.init();
    assertThat(older).isEqualTo(after(newer));
    world.add(older, OLD, 0);
    assertThat(world.end(older, OLD, isCommit)).isEqualTo(Errors.NONE);

    assertThat(world.end(newer, NEW, isCommit)).isEqualTo(Errors.PRODUCER_FENCED);
    assertThat(world.add(older, OLD, 0)).isEqualTo(Errors.NONE);
  }

  @Test
  @Scenario({"S-35", "S-156", "S-165"})
  void aNewerProducerWithoutEpochsIsNotGivenTheIdOfTheOlderOneThatPutItOut() {
    TransactionalProducer newer = world.putAtLastEpoch();
    TransactionalProducer older = world.init();
    assertThat(older.producerEpoch()).isZero();
    world.add(older, OLD, 0);
    assertThat(world.end(older, OLD, false)).isEqualTo(Errors.NONE);

    assertThat(world.end(newer, NEW, false)).isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
  }

  @Test
  void partitionsAreVerifiedOneByOne() {
    TransactionalProducer producer = world.init();
    world.add(producer, OLD, 0);

    assertThat(world.now(world.coordinator.verifyPartitions(ID, producer, partitions(0, 1))))
        .containsEntry(partitions(0).getFirst(), Errors.NONE)
        .containsEntry(partitions(1).getFirst(), Errors.INVALID_TXN_STATE);
    assertThat(
            world
                .now(world.coordinator.verifyPartitions(ID, after(producer), partitions(0)))
                .values())
        .containsOnly(Errors.PRODUCER_FENCED);
    assertThat(
            world
                .now(world.coordinator.verifyPartitions("other", producer, partitions(0)))
                .values())
        .containsOnly(Errors.INVALID_PRODUCER_ID_MAPPING);
  }

  @Test
  @Scenario("S-154")
  void aPartitionOfATransactionThatIsOverIsNotAdded() {
    TransactionalProducer producer = world.init();
    world.add(producer, NEW, 0);
    world.ended(producer, false);

    assertThat(world.add(producer, NEW, 1)).isEqualTo(Errors.PRODUCER_FENCED);
    assertThat(world.now(world.coordinator.verifyPartitions(ID, producer, partitions(0))).values())
        .containsOnly(Errors.PRODUCER_FENCED);
  }

  // ---------------------------------------------------------------- time

  @Test
  @Scenario("S-157")
  void aTransactionIsAbortedWhenItsTimeIsUpWhateverTheWallClockSays() {
    TransactionalProducer producer = world.init();
    world.add(producer, NEW, 0);
    world.clock.jumpWallClock(10L * TIMEOUT_MS);
    world.clock.advance(TIMEOUT_MS - 20_000);
    assertThat(world.state()).isEqualTo(TransactionState.ONGOING);
    world.clock.advance(30_000);

    assertThat(world.state()).isEqualTo(TransactionState.COMPLETE_ABORT);
    assertThat(lastMarkers().end().producer()).isEqualTo(after(producer));
    assertThat(world.end(producer, NEW, true)).isEqualTo(Errors.TRANSACTION_ABORTABLE);
    assertThat(world.ended(producer, false)).isEqualTo(after(producer));
    assertThat(world.add(after(producer), NEW, 0)).isEqualTo(Errors.NONE);
  }

  @Test
  void anOlderClientIsPutOutWhenItsTimeIsUp() {
    TransactionalProducer producer = world.init();
    world.add(producer, OLD, 0);
    world.clock.advance(TIMEOUT_MS + 20_000);

    assertThat(world.end(producer, OLD, false)).isEqualTo(Errors.PRODUCER_FENCED);
    assertThat(world.now(world.init(ID, producer)).errorCode())
        .isEqualTo(Errors.PRODUCER_FENCED.code());
  }

  @Test
  void theNextCoordinatorGivesATransactionWhatIsLeftOfItsTime() {
    TransactionalProducer producer = world.init();
    world.add(producer, NEW, 0);
    world.clock.advance(TIMEOUT_MS - 15_000);
    world.failOver(2);
    world.clock.advance(10_000);
    assertThat(world.state()).isEqualTo(TransactionState.ONGOING);
    world.clock.advance(20_000);
    assertThat(world.state()).isEqualTo(TransactionState.COMPLETE_ABORT);
  }

  @Test
  @Scenario("S-161")
  void idsNobodyUsesAreForgottenButNeverAnOpenTransaction() {
    world.init();
    world.clock.advance(TransactionConfig.DEFAULTS.idExpirationMs() - 7_200_000);
    assertThat(world.isKnown()).isTrue();
    world.clock.advance(14_400_000);
    assertThat(world.isKnown()).isFalse();
    world.failOver(2);
    assertThat(world.isKnown()).isFalse();

    TransactionalProducer producer = world.init();
    world.add(producer, OLD, 0);
    world.delivery.isHeld = true;
    world.end(producer, OLD, true);
    world.clock.advance(2 * TransactionConfig.DEFAULTS.idExpirationMs());
    assertThat(world.state()).isEqualTo(TransactionState.PREPARE_COMMIT);
  }

  // ---------------------------------------------------------------- queries

  @Test
  void listsAreFiltered() {
    TransactionalProducer producer = world.init();
    world.add(producer, NEW, 0);
    world.now(world.init("idle", nobody()));
    world.clock.advance(5_000);

    assertThat(list(new ListTransactionsRequestData())).containsExactlyInAnyOrder(ID, "idle");
    assertThat(list(new ListTransactionsRequestData().setDurationFilter(4_000)))
        .containsExactly(ID);
    assertThat(list(new ListTransactionsRequestData().setDurationFilter(6_000))).isEmpty();
    assertThat(list(new ListTransactionsRequestData().setStateFilters(List.of("Empty"))))
        .containsExactly("idle");
    assertThat(list(new ListTransactionsRequestData().setTransactionalIdPattern("p.*s")))
        .containsExactly(ID);
    assertThat(
            world
                .now(
                    world.coordinator.list(
                        new ListTransactionsRequestData().setStateFilters(List.of("Napping"))))
                .unknownStateFilters())
        .containsExactly("Napping");
    assertThat(
            world
                .now(
                    world.coordinator.list(
                        new ListTransactionsRequestData().setTransactionalIdPattern("(")))
                .errorCode())
        .isEqualTo(Errors.INVALID_REGULAR_EXPRESSION.code());
  }

  private List<String> list(ListTransactionsRequestData request) {
    return world.now(world.coordinator.list(request)).transactionStates().stream()
        .map(state -> state.transactionalId())
        .toList();
  }
}
