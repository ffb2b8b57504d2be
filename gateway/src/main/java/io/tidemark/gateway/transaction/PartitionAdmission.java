package io.tidemark.gateway.transaction;

import io.tidemark.metadata.coordinator.TransactionalProducer;
import io.tidemark.metadata.coordinator.group.OpenTransactions;
import io.tidemark.metadata.coordinator.transaction.TransactionCoordinator;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.PartitionImage;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransactionCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.AddPartitionsToTxnResponse;

/**
 * Makes sure that partitions are in a producer's transaction before anything of it is appended to
 * them: adds them where the client leaves that to us (transactions version 2), else asks whether
 * they were added. Speaks to the transaction's coordinator, wherever it is. Safe from any thread.
 */
public final class PartitionAdmission implements OpenTransactions {
  private final Supplier<ClusterImage> image;
  private final TransactionCoordinator coordinator;
  private final OtherNodes nodes;
  private final ScheduledExecutorService timer;
  private final Patience patience;

  /**
   * How long an addition waits for the end of the transaction before: {@code
   * add.partitions.to.txn.retry.backoff.ms} and {@code add.partitions.to.txn.retry.backoff.max.ms}.
   */
  public record Patience(long pauseMs, long maxMs) {}

  public PartitionAdmission(
      Supplier<ClusterImage> image,
      TransactionCoordinator coordinator,
      OtherNodes nodes,
      ScheduledExecutorService timer,
      Patience patience) {
    this.image = image;
    this.coordinator = coordinator;
    this.nodes = nodes;
    this.timer = timer;
    this.patience = patience;
  }

  @Override
  public CompletableFuture<Errors> admit(
      String transactionalId, TransactionalProducer producer, int offsetsPartition, boolean adds) {
    TopicPartition partition =
        new TopicPartition(Topic.GROUP_METADATA_TOPIC_NAME, offsetsPartition);
    return admit(transactionalId, producer, List.of(partition), adds)
        .thenApply(errors -> asOfGroups(errors.getOrDefault(partition, Errors.NONE)));
  }

  /** In the words that clients expect of a group's coordinator. */
  private static Errors asOfGroups(Errors error) {
    return switch (error) {
      case CONCURRENT_TRANSACTIONS, NETWORK_EXCEPTION, NOT_COORDINATOR, COORDINATOR_NOT_AVAILABLE ->
          Errors.COORDINATOR_LOAD_IN_PROGRESS;
      case PRODUCER_FENCED -> Errors.INVALID_PRODUCER_EPOCH;
      default -> error;
    };
  }

  /**
   * What the coordinator says of each partition: NONE where it is in the transaction now,
   * INVALID_TXN_STATE where it is not and was not to be added; NETWORK_EXCEPTION where nobody could
   * be asked. Never fails.
   */
  public CompletableFuture<Map<TopicPartition, Errors>> admit(
      String transactionalId,
      TransactionalProducer producer,
      Collection<TopicPartition> partitions,
      boolean adds) {
    if (!adds) {
      return ask(transactionalId, producer, partitions, false);
    }
    return addPatiently(transactionalId, producer, partitions, patience.maxMs());
  }

  /** The markers of the transaction before are mostly written a moment later. */
  private CompletableFuture<Map<TopicPartition, Errors>> addPatiently(
      String transactionalId,
      TransactionalProducer producer,
      Collection<TopicPartition> partitions,
      long leftMs) {
    return ask(transactionalId, producer, partitions, true)
        .thenCompose(errors ->
            errors.containsValue(Errors.CONCURRENT_TRANSACTIONS) && leftMs >= patience.pauseMs()
                ? pause()
                    .thenCompose(paused ->
                        addPatiently(
                            transactionalId, producer, partitions, leftMs - patience.pauseMs()))
                : CompletableFuture.completedFuture(errors));
  }

  private CompletableFuture<?> pause() {
    CompletableFuture<Boolean> over = new CompletableFuture<>();
    timer.schedule(() -> over.complete(true), patience.pauseMs(), TimeUnit.MILLISECONDS);
    return over;
  }

  private CompletableFuture<Map<TopicPartition, Errors>> ask(
      String transactionalId,
      TransactionalProducer producer,
      Collection<TopicPartition> partitions,
      boolean adds) {
    Optional<Integer> node = coordinatorOf(transactionalId);
    if (node.isEmpty()) {
      return CompletableFuture.completedFuture(all(partitions, Errors.COORDINATOR_NOT_AVAILABLE));
    }
    if (!nodes.isSelf(node.get())) {
      return nodes
          .send(
              node.get(),
              ApiKeys.ADD_PARTITIONS_TO_TXN,
              request(transactionalId, producer, partitions, adds))
          .handle((response, failure) ->
              failure == null
                  ? errors(response, transactionalId, partitions)
                  : all(partitions, Errors.NETWORK_EXCEPTION));
    }
    return adds
        ? coordinator
            .addPartitions(transactionalId, producer, partitions, true)
            .thenApply(error -> all(partitions, error))
        : coordinator.verifyPartitions(transactionalId, producer, partitions);
  }

  private Optional<Integer> coordinatorOf(String transactionalId) {
    int partition = coordinator.partitionFor(transactionalId);
    return image
        .get()
        .topics()
        .byName(Topic.TRANSACTION_STATE_TOPIC_NAME)
        .flatMap(topic -> topic.partition(partition))
        .filter(PartitionImage::hasLeader)
        .map(PartitionImage::leader);
  }

  private static Map<TopicPartition, Errors> all(
      Collection<TopicPartition> partitions, Errors error) {
    Map<TopicPartition, Errors> errors = new HashMap<>();
    partitions.forEach(partition -> errors.put(partition, error));
    return errors;
  }

  private static AddPartitionsToTxnRequestData request(
      String transactionalId,
      TransactionalProducer producer,
      Collection<TopicPartition> partitions,
      boolean adds) {
    AddPartitionsToTxnTopicCollection topics = new AddPartitionsToTxnTopicCollection();
    for (TopicPartition partition : partitions) {
      AddPartitionsToTxnTopic topic = topics.find(partition.topic());
      if (topic == null) {
        topic = new AddPartitionsToTxnTopic().setName(partition.topic());
        topics.add(topic);
      }
      topic.partitions().add(partition.partition());
    }
    AddPartitionsToTxnTransactionCollection transactions =
        new AddPartitionsToTxnTransactionCollection();
    transactions.add(
        new AddPartitionsToTxnTransaction()
            .setTransactionalId(transactionalId)
            .setProducerId(producer.producerId())
            .setProducerEpoch(producer.producerEpoch())
            .setVerifyOnly(!adds)
            .setTopics(topics));
    return new AddPartitionsToTxnRequestData().setTransactions(transactions);
  }

  /** TRANSACTION_ABORTABLE is what newer versions call a partition that is not in it. */
  private static Map<TopicPartition, Errors> errors(
      AbstractResponse response, String transactionalId, Collection<TopicPartition> partitions) {
    AddPartitionsToTxnResponse added = (AddPartitionsToTxnResponse) response;
    Errors whole = Errors.forCode(added.data().errorCode());
    if (whole != Errors.NONE) {
      return all(partitions, whole);
    }
    Map<TopicPartition, Errors> told = added.errors().getOrDefault(transactionalId, Map.of());
    Map<TopicPartition, Errors> errors = new HashMap<>();
    for (TopicPartition partition : partitions) {
      Errors error = told.getOrDefault(partition, Errors.NETWORK_EXCEPTION);
      errors.put(
          partition, error == Errors.TRANSACTION_ABORTABLE ? Errors.INVALID_TXN_STATE : error);
    }
    return errors;
  }
}
