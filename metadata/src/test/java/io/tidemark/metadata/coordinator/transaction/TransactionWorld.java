package io.tidemark.metadata.coordinator.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.metadata.coordinator.CoordinatorPlatform;
import io.tidemark.metadata.coordinator.ModelClock;
import io.tidemark.metadata.coordinator.ModelCoordinatorLog;
import io.tidemark.metadata.coordinator.TransactionalProducer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.Errors;

/** A transaction coordinator on a model clock and log, with one partition. */
final class TransactionWorld {
  static final String ID = "payments";
  static final int TIMEOUT_MS = 60_000;

  /**
   * The first versions of clients whose transactions have epochs of their own, and the last before.
   */
  static final int NEW = 5;

  static final int OLD = 4;

  final ModelClock clock = new ModelClock();
  final ModelCoordinatorLog log = new ModelCoordinatorLog(1 << 20);
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final FakeDelivery delivery = new FakeDelivery();
  final TransactionCoordinator coordinator;
  boolean hasProducerIds = true;
  private long nextProducerId = 1_000;

  TransactionWorld() {
    coordinator =
        new TransactionCoordinator(
            TransactionConfig.DEFAULTS,
            log,
            () -> 1,
            () -> true,
            () ->
                hasProducerIds
                    ? CompletableFuture.completedFuture(nextProducerId++)
                    : CompletableFuture.failedFuture(new IllegalStateException("no ids")),
            delivery,
            new CoordinatorPlatform(clock, clock, clock, new Random(1), meters));
    elect(1);
  }

  /** Remembers what it was to deliver; delivers when told to, or at once. */
  static final class FakeDelivery implements MarkerDelivery {
    /** A task that is under way. */
    record Open(MarkerTask task, CompletableFuture<Boolean> done) {}

    final List<MarkerTask> delivered = new ArrayList<>();
    final List<Open> open = new ArrayList<>();
    boolean isHeld;

    @Override
    public CompletableFuture<Boolean> deliver(MarkerTask task) {
      Open delivery = new Open(task, new CompletableFuture<>());
      open.add(delivery);
      if (!isHeld) {
        finish(delivery);
      }
      return delivery.done;
    }

    void finish(Open delivery) {
      open.remove(delivery);
      delivered.add(delivery.task);
      delivery.done.complete(true);
    }

    void release() {
      isHeld = false;
      List.copyOf(open).forEach(this::finish);
    }

    @Override
    public void abandon(int coordinatorPartition, int coordinatorEpoch) {
      List<Open> gone =
          open.stream()
              .filter(each -> each.task.end().coordinatorEpoch() <= coordinatorEpoch)
              .toList();
      open.removeAll(gone);
      gone.forEach(each -> each.done.complete(false));
    }
  }

  void elect(int leaderEpoch) {
    log.lead(0, leaderEpoch);
    coordinator.onElected(0, leaderEpoch);
    clock.run();
  }

  /** The same node starts anew, or another one takes over. */
  void failOver(int leaderEpoch) {
    coordinator.onResigned(0, leaderEpoch - 1);
    clock.run();
    elect(leaderEpoch);
  }

  <T> T now(CompletableFuture<T> answer) {
    clock.run();
    assertThat(answer).as("an answer").isDone();
    return answer.join();
  }

  CompletableFuture<InitProducerIdResponseData> init(String id, TransactionalProducer expected) {
    return coordinator.initProducerId(
        NEW,
        new InitProducerIdRequestData()
            .setTransactionalId(id)
            .setTransactionTimeoutMs(TIMEOUT_MS)
            .setProducerId(expected.producerId())
            .setProducerEpoch(expected.producerEpoch()));
  }

  /** What a new producer gets. */
  TransactionalProducer init() {
    InitProducerIdResponseData response = now(init(ID, nobody()));
    assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.NONE);
    return producer(response);
  }

  static TransactionalProducer nobody() {
    return new TransactionalProducer(-1, (short) -1);
  }

  static TransactionalProducer producer(InitProducerIdResponseData response) {
    return new TransactionalProducer(response.producerId(), response.producerEpoch());
  }

  static TransactionalProducer after(TransactionalProducer producer) {
    return new TransactionalProducer(producer.producerId(), (short) (producer.producerEpoch() + 1));
  }

  static List<TopicPartition> partitions(int... numbers) {
    return Arrays.stream(numbers).mapToObj(number -> new TopicPartition("t", number)).toList();
  }

  Errors add(TransactionalProducer producer, int version, int... partitions) {
    return now(coordinator.addPartitions(ID, producer, partitions(partitions), version >= NEW));
  }

  CompletableFuture<EndTxnResponseData> endLater(
      TransactionalProducer producer, int version, boolean isCommit) {
    return coordinator.endTransaction(
        version,
        new EndTxnRequestData()
            .setTransactionalId(ID)
            .setProducerId(producer.producerId())
            .setProducerEpoch(producer.producerEpoch())
            .setCommitted(isCommit));
  }

  Errors end(TransactionalProducer producer, int version, boolean isCommit) {
    return Errors.forCode(now(endLater(producer, version, isCommit)).errorCode());
  }

  /** Who the producer is after its transaction has ended well. */
  TransactionalProducer ended(TransactionalProducer producer, boolean isCommit) {
    EndTxnResponseData response = now(endLater(producer, NEW, isCommit));
    assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.NONE);
    return new TransactionalProducer(response.producerId(), response.producerEpoch());
  }

  boolean isKnown() {
    return core().ledger().all().get(ID) != null;
  }

  TransactionMetadata metadata() {
    return Objects.requireNonNull(core().ledger().all().get(ID));
  }

  TransactionState state() {
    return metadata().state();
  }

  TransactionCore core() {
    TransactionCore[] found = new TransactionCore[1];
    coordinator.inspect(0, core -> found[0] = core);
    clock.run();
    assertThat(found[0]).as("an active core").isNotNull();
    return found[0];
  }

  /** Gives the id an epoch that is about to run out. */
  TransactionalProducer putAtLastEpoch() {
    TransactionalProducer producer = init();
    TransactionMetadata known = metadata();
    TransactionMetadata late =
        new TransactionMetadata(
            known.producerId(),
            known.previousProducerId(),
            known.nextProducerId(),
            TransactionMetadata.LAST_EPOCH,
            known.timeoutMs(),
            known.state(),
            known.partitions(),
            known.startTimestampMs(),
            known.updateTimestampMs(),
            known.clientVersion());
    log.put(0, TransactionRecordCodec.encode(ID, late, true, clock.milliseconds()));
    failOver(2);
    return new TransactionalProducer(producer.producerId(), TransactionMetadata.LAST_EPOCH);
  }
}
