package io.tidemark.metadata.coordinator.transaction;

import static io.tidemark.metadata.coordinator.transaction.TransactionWorld.NEW;
import static io.tidemark.metadata.coordinator.transaction.TransactionWorld.nobody;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.metadata.coordinator.CoordinatorRecord;
import io.tidemark.metadata.coordinator.ModelCoordinatorLog.Fault;
import io.tidemark.metadata.coordinator.TransactionalProducer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Producers, several for one id, that come, write, end and repeat themselves, before a coordinator
 * whose log fails, holds back and loses what is not committed, and whose markers take their time,
 * from a seed. Of what a model of the producers knows it checks that
 *
 * <ul>
 *   <li>a transaction is decided once: markers of one epoch all say the same;
 *   <li>what was acknowledged as committed, or aborted, is so on all partitions that were added;
 *   <li>no epoch is given to two producers;
 *   <li>the log replayed gives the hard state the coordinator has;
 *   <li>in the end nothing is left undecided.
 * </ul>
 */
final class TransactionSimulation {
  private static final List<String> IDS = List.of("a", "b", "c");
  private static final int PRODUCERS = 6;

  private final Random random;
  private final TransactionWorld world = new TransactionWorld();
  private final List<Producer> producers = new ArrayList<>();
  private final Set<TransactionalProducer> given = new HashSet<>();
  private final Map<TransactionalProducer, Boolean> decided = new HashMap<>();

  /** What was promised: the markers' producer, and the end of which partitions. */
  private record Promise(TransactionalProducer marker, boolean isCommit, Set<TopicPartition> on) {}

  private final List<Promise> promises = new ArrayList<>();
  private final StringBuilder trace = new StringBuilder();
  private int leaderEpoch = 1;
  private int markersSeen;

  /** A client with epochs of its own, as it believes to be. */
  private static final class Producer {
    final String id;
    TransactionalProducer self = nobody();
    Set<TopicPartition> added = new HashSet<>();

    Producer(String id) {
      this.id = id;
    }
  }

  TransactionSimulation(long seed) {
    random = new Random(seed);
    for (int i = 0; i < PRODUCERS; i++) {
      producers.add(new Producer(IDS.get(random.nextInt(IDS.size()))));
    }
  }

  /** What happened, to compare two runs by. */
  String run(int steps) {
    for (int step = 0; step < steps; step++) {
      disturb();
      act(producers.get(random.nextInt(producers.size())));
      world.clock.run();
      checkMarkers();
      if (step % 50 == 0) {
        checkReplay();
      }
    }
    heal();
    checkReplay();
    checkEverythingIsDecided();
    checkPromises();
    return trace.append(decided.size()).append(" decided").toString();
  }

  int promised() {
    return promises.size();
  }

  private void disturb() {
    switch (random.nextInt(24)) {
      case 0 -> world.log.failNextAppend(Fault.REFUSED);
      case 1 -> world.log.failNextAppend(Fault.LOST_ANSWER);
      case 2 -> world.log.holdCommits();
      case 3, 4 -> world.log.releaseCommits();
      case 5 -> world.log.holdAppends();
      case 6, 7 -> world.log.releaseAppends();
      case 8 -> failOver();
      case 9, 10 -> world.delivery.isHeld = true;
      case 11, 12 -> world.delivery.release();
      case 13 -> deliverOne();
      case 14 -> world.clock.advance(random.nextInt(40_000));
      case 15 -> world.clock.jumpWallClock(random.nextInt(100_000) - 50_000L);
      case 16 -> world.hasProducerIds = random.nextBoolean();
      default -> {}
    }
    world.clock.run();
  }

  private void deliverOne() {
    List<TransactionWorld.FakeDelivery.Open> open = world.delivery.open;
    if (!open.isEmpty()) {
      world.delivery.finish(open.get(random.nextInt(open.size())));
    }
  }

  private void failOver() {
    world.coordinator.onResigned(0, leaderEpoch);
    world.clock.run();
    if (random.nextBoolean()) {
      world.log.loseUncommitted(0);
    }
    leaderEpoch++;
    world.log.lead(0, leaderEpoch);
    world.coordinator.onElected(0, leaderEpoch);
    world.clock.run();
  }

  private void act(Producer producer) {
    if (producer.self.producerId() < 0) {
      init(producer, nobody());
      return;
    }
    switch (random.nextInt(10)) {
      case 0 -> init(producer, nobody());
      case 1 -> init(producer, producer.self);
      case 2, 3, 4, 5 -> add(producer);
      case 6, 7, 8 -> end(producer, true);
      default -> end(producer, false);
    }
  }

  /** An answer that has not come by now is lost for the producer. */
  private <T> @Nullable T answer(CompletableFuture<T> answer) {
    world.clock.run();
    return random.nextInt(8) == 0 ? null : answer.getNow(null);
  }

  private void init(Producer producer, TransactionalProducer expected) {
    InitProducerIdResponseData response =
        answer(
            world.coordinator.initProducerId(
                NEW,
                new InitProducerIdRequestData()
                    .setTransactionalId(producer.id)
                    .setTransactionTimeoutMs(30_000)
                    .setProducerId(expected.producerId())
                    .setProducerEpoch(expected.producerEpoch())));
    if (response == null) {
      return;
    }
    Errors error = Errors.forCode(response.errorCode());
    note("init", producer, error);
    if (error == Errors.NONE) {
      become(producer, TransactionWorld.producer(response));
    } else if (error == Errors.PRODUCER_FENCED) {
      producer.self = nobody();
    }
  }

  private void become(Producer producer, TransactionalProducer next) {
    assertThat(given.add(next) || next.equals(producer.self))
        .as("%s is given to one producer", next)
        .isTrue();
    producer.self = next;
    producer.added = new HashSet<>();
  }

  private void add(Producer producer) {
    TopicPartition partition = new TopicPartition("t", random.nextInt(5));
    Errors error =
        answer(
            world.coordinator.addPartitions(producer.id, producer.self, List.of(partition), true));
    if (error == null) {
      return;
    }
    note("add", producer, error);
    if (error == Errors.NONE) {
      producer.added.add(partition);
    } else if (error == Errors.PRODUCER_FENCED || error == Errors.INVALID_PRODUCER_ID_MAPPING) {
      giveUp(producer);
    }
  }

  /** Perhaps its time was up: an abort tells. */
  private void giveUp(Producer producer) {
    if (random.nextBoolean()) {
      producer.self = nobody();
    }
  }

  private void end(Producer producer, boolean isCommit) {
    EndTxnResponseData response =
        answer(
            world.coordinator.endTransaction(
                NEW,
                new EndTxnRequestData()
                    .setTransactionalId(producer.id)
                    .setProducerId(producer.self.producerId())
                    .setProducerEpoch(producer.self.producerEpoch())
                    .setCommitted(isCommit)));
    if (response == null) {
      return;
    }
    Errors error = Errors.forCode(response.errorCode());
    note(isCommit ? "commit" : "abort", producer, error);
    if (error == Errors.NONE) {
      TransactionalProducer marker = TransactionWorld.after(producer.self);
      promises.add(new Promise(marker, isCommit, Set.copyOf(producer.added)));
      become(producer, new TransactionalProducer(response.producerId(), response.producerEpoch()));
    } else if (error == Errors.PRODUCER_FENCED || error == Errors.INVALID_PRODUCER_ID_MAPPING) {
      producer.self = nobody();
    }
  }

  private void note(String what, Producer producer, Errors error) {
    trace.append(what).append(' ').append(producer.id).append(' ').append(error).append('\n');
  }

  // ---------------------------------------------------------------- what always holds

  private void checkMarkers() {
    List<MarkerTask> delivered = world.delivery.delivered;
    for (; markersSeen < delivered.size(); markersSeen++) {
      MarkerTask task = delivered.get(markersSeen);
      Boolean before = decided.put(task.end().producer(), task.end().isCommit());
      assertThat(before == null || before == task.end().isCommit())
          .as("%s is decided once", task)
          .isTrue();
    }
  }

  private void heal() {
    world.log.failNextAppend(Fault.NONE);
    world.hasProducerIds = true;
    world.log.releaseAppends();
    world.log.releaseCommits();
    world.delivery.release();
    world.clock.advance(120_000);
    world.clock.run();
    checkMarkers();
  }

  private void checkReplay() {
    world.log.releaseAppends();
    world.log.releaseCommits();
    world.clock.run();
    TransactionCore[] live = new TransactionCore[1];
    world.coordinator.inspect(0, core -> live[0] = core);
    world.clock.run();
    if (live[0] == null) {
      return;
    }
    TransactionLedger replayed =
        new TransactionLedger(
            () -> true, new TransactionMeters(new SimpleMeterRegistry()).new Counts());
    for (CoordinatorRecord record : world.log.records(0)) {
      replayed.replay(record);
    }
    assertThat(replayed.all()).isEqualTo(live[0].ledger().all());
  }

  private void checkEverythingIsDecided() {
    world
        .core()
        .ledger()
        .all()
        .forEach((id, metadata) ->
            assertThat(metadata.state())
                .as(id)
                .isIn(
                    TransactionState.EMPTY,
                    TransactionState.COMPLETE_COMMIT,
                    TransactionState.COMPLETE_ABORT));
  }

  private void checkPromises() {
    for (Promise promise : promises) {
      Set<TopicPartition> marked = new HashSet<>();
      for (MarkerTask task : world.delivery.delivered) {
        if (task.end().producer().equals(promise.marker())) {
          assertThat(task.end().isCommit()).as("%s", promise).isEqualTo(promise.isCommit());
          marked.addAll(task.partitions());
        }
      }
      assertThat(marked).as("%s", promise).containsAll(promise.on());
    }
  }
}
