package io.tidemark.gateway.api;

import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.gateway.transaction.MarkerWriter;
import io.tidemark.gateway.transaction.PartitionAdmission;
import io.tidemark.metadata.coordinator.TransactionEnd;
import io.tidemark.metadata.coordinator.TransactionalProducer;
import io.tidemark.metadata.coordinator.group.ClientContext;
import io.tidemark.metadata.coordinator.group.GroupCoordinator;
import io.tidemark.metadata.coordinator.transaction.TransactionCoordinator;
import io.tidemark.metadata.image.ClusterImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnResult;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnResultCollection;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerPartitionResult;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerResult;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AddOffsetsToTxnRequest;
import org.apache.kafka.common.requests.AddPartitionsToTxnRequest;
import org.apache.kafka.common.requests.AddPartitionsToTxnResponse;
import org.apache.kafka.common.requests.DescribeTransactionsRequest;
import org.apache.kafka.common.requests.EndTxnRequest;
import org.apache.kafka.common.requests.ListTransactionsRequest;
import org.apache.kafka.common.requests.TxnOffsetCommitRequest;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest;

/**
 * The APIs of transactions: those of producers and administrators, which the coordinators answer,
 * and WriteTxnMarkers, by which coordinators and administrators end transactions on partitions.
 */
public final class TransactionHandlers {
  /** From this version a request holds several transactions, and comes from nodes. */
  private static final int BATCHED_ADD_VERSION = 4;

  /** From this version what is not in a transaction is TRANSACTION_ABORTABLE. */
  private static final int ABORTABLE_ADD_VERSION = 5;

  private static final int PRODUCER_FENCED_VERSION = 2;

  /** The transactions version whose markers carry an epoch of their own. */
  private static final int BUMPED_VERSION = 2;

  private final ClusterView cluster;
  private final TransactionCoordinator transactions;
  private final GroupCoordinator groups;
  private final PartitionAdmission admission;
  private final MarkerWriter markers;

  public TransactionHandlers(
      ClusterView cluster,
      TransactionCoordinator transactions,
      GroupCoordinator groups,
      PartitionAdmission admission,
      MarkerWriter markers) {
    this.cluster = cluster;
    this.transactions = transactions;
    this.groups = groups;
    this.admission = admission;
    this.markers = markers;
  }

  // ---------------------------------------------------------------- partitions

  public void addPartitions(Request request, Responder responder) {
    short version = request.apiVersion();
    AddPartitionsToTxnRequest asked = (AddPartitionsToTxnRequest) request.body();
    // What clients ask, of one transaction, becomes what nodes ask, of any number.
    AddPartitionsToTxnRequest ofAny =
        version >= BATCHED_ADD_VERSION ? asked : asked.normalizeRequest();
    List<CompletableFuture<AddPartitionsToTxnResult>> results = new ArrayList<>();
    for (AddPartitionsToTxnTransaction transaction : ofAny.data().transactions()) {
      results.add(
          errors(transaction, version)
              .thenApply(errors -> inWordsOf(version, errors))
              .thenApply(errors ->
                  AddPartitionsToTxnResponse.resultForTransaction(
                      transaction.transactionalId(), errors)));
    }
    Answers.when(Futures.all(results).thenApply(all -> response(version, all)), request, responder);
  }

  private CompletableFuture<Map<TopicPartition, Errors>> errors(
      AddPartitionsToTxnTransaction transaction, short version) {
    List<TopicPartition> partitions = AddPartitionsToTxnRequest.getPartitions(transaction.topics());
    TransactionalProducer producer =
        new TransactionalProducer(transaction.producerId(), transaction.producerEpoch());
    if (transaction.verifyOnly()) {
      return transactions.verifyPartitions(transaction.transactionalId(), producer, partitions);
    }
    boolean isOfNode = version >= BATCHED_ADD_VERSION;
    Map<TopicPartition, Errors> unknown = unknown(partitions, isOfNode);
    if (!unknown.isEmpty()) {
      return CompletableFuture.completedFuture(unknown);
    }
    return transactions
        .addPartitions(transaction.transactionalId(), producer, partitions, isOfNode)
        .thenApply(error -> all(partitions, error));
  }

  /**
   * Where one partition is not there none is added. A node may know of topics that this one has yet
   * to hear of: it asks again.
   */
  private Map<TopicPartition, Errors> unknown(List<TopicPartition> partitions, boolean isOfNode) {
    ClusterImage image = cluster.image();
    Map<TopicPartition, Errors> errors = new HashMap<>();
    for (TopicPartition partition : partitions) {
      if (!exists(image, partition)) {
        errors.put(
            partition,
            isOfNode ? Errors.COORDINATOR_LOAD_IN_PROGRESS : Errors.UNKNOWN_TOPIC_OR_PARTITION);
      }
    }
    if (!errors.isEmpty()) {
      partitions.forEach(partition ->
          errors.putIfAbsent(
              partition,
              isOfNode ? Errors.COORDINATOR_LOAD_IN_PROGRESS : Errors.OPERATION_NOT_ATTEMPTED));
    }
    return errors;
  }

  private static boolean exists(ClusterImage image, TopicPartition partition) {
    return image
        .topics()
        .byName(partition.topic())
        .flatMap(topic -> topic.partition(partition.partition()))
        .isPresent();
  }

  private static Map<TopicPartition, Errors> all(List<TopicPartition> partitions, Errors error) {
    Map<TopicPartition, Errors> errors = new HashMap<>();
    partitions.forEach(partition -> errors.put(partition, error));
    return errors;
  }

  private static Map<TopicPartition, Errors> inWordsOf(
      short version, Map<TopicPartition, Errors> errors) {
    Map<TopicPartition, Errors> worded = new HashMap<>();
    errors.forEach((partition, error) -> worded.put(partition, inWordsOf(version, error)));
    return worded;
  }

  private static Errors inWordsOf(short version, Errors error) {
    return switch (error) {
      case PRODUCER_FENCED ->
          version >= PRODUCER_FENCED_VERSION ? error : Errors.INVALID_PRODUCER_EPOCH;
      case INVALID_TXN_STATE ->
          version >= ABORTABLE_ADD_VERSION ? Errors.TRANSACTION_ABORTABLE : error;
      default -> error;
    };
  }

  private static AddPartitionsToTxnResponseData response(
      short version, List<AddPartitionsToTxnResult> results) {
    AddPartitionsToTxnResponseData response = new AddPartitionsToTxnResponseData();
    if (version >= BATCHED_ADD_VERSION) {
      return response.setResultsByTransaction(
          new AddPartitionsToTxnResultCollection(results.iterator()));
    }
    return response.setResultsByTopicV3AndBelow(results.getFirst().topicResults());
  }

  // ---------------------------------------------------------------- offsets

  public void addOffsets(Request request, Responder responder) {
    AddOffsetsToTxnRequestData asked = ((AddOffsetsToTxnRequest) request.body()).data();
    int partition = asked.groupId().isEmpty() ? -1 : groups.partitionFor(asked.groupId());
    CompletableFuture<Errors> added =
        partition < 0
            ? CompletableFuture.completedFuture(
                asked.groupId().isEmpty()
                    ? Errors.INVALID_GROUP_ID
                    : Errors.COORDINATOR_NOT_AVAILABLE)
            : transactions.addPartitions(
                asked.transactionalId(),
                new TransactionalProducer(asked.producerId(), asked.producerEpoch()),
                List.of(new TopicPartition(Topic.GROUP_METADATA_TOPIC_NAME, partition)),
                false);
    Answers.when(
        added.thenApply(error ->
            new AddOffsetsToTxnResponseData()
                .setErrorCode(inWordsOf(request.apiVersion(), error).code())),
        request,
        responder);
  }

  public void commitOffsets(Request request, Responder responder) {
    TxnOffsetCommitRequest body = (TxnOffsetCommitRequest) request.body();
    ClientContext client = GroupHandlers.client(request);
    Answers.when(
        groups.commitOffsetsInTransaction(client, body.data(), admission), request, responder);
  }

  // ---------------------------------------------------------------- ends

  public void end(Request request, Responder responder) {
    EndTxnRequest body = (EndTxnRequest) request.body();
    Answers.when(
        transactions.endTransaction(request.apiVersion(), body.data()), request, responder);
  }

  public void writeMarkers(Request request, Responder responder) {
    List<CompletableFuture<WritableTxnMarkerResult>> results = new ArrayList<>();
    for (WritableTxnMarker marker : ((WriteTxnMarkersRequest) request.body()).data().markers()) {
      results.add(write(marker));
    }
    Answers.when(
        Futures.all(results).thenApply(all -> new WriteTxnMarkersResponseData().setMarkers(all)),
        request,
        responder);
  }

  private CompletableFuture<WritableTxnMarkerResult> write(WritableTxnMarker marker) {
    TransactionEnd end =
        new TransactionEnd(
            new TransactionalProducer(marker.producerId(), marker.producerEpoch()),
            marker.coordinatorEpoch(),
            marker.transactionResult(),
            marker.transactionVersion() >= BUMPED_VERSION);
    List<CompletableFuture<WritableTxnMarkerTopicResult>> topics = new ArrayList<>();
    for (WritableTxnMarkerTopic topic : marker.topics()) {
      List<CompletableFuture<WritableTxnMarkerPartitionResult>> partitions = new ArrayList<>();
      for (int partition : topic.partitionIndexes()) {
        partitions.add(
            markers
                .write(new TopicPartition(topic.name(), partition), end)
                .thenApply(error ->
                    new WritableTxnMarkerPartitionResult()
                        .setPartitionIndex(partition)
                        .setErrorCode(error.code())));
      }
      topics.add(
          Futures.all(partitions)
              .thenApply(all ->
                  new WritableTxnMarkerTopicResult().setName(topic.name()).setPartitions(all)));
    }
    return Futures.all(topics)
        .thenApply(
            all -> new WritableTxnMarkerResult().setProducerId(marker.producerId()).setTopics(all));
  }

  // ---------------------------------------------------------------- queries

  public void describe(Request request, Responder responder) {
    DescribeTransactionsRequest body = (DescribeTransactionsRequest) request.body();
    Answers.when(transactions.describe(body.data()), request, responder);
  }

  public void list(Request request, Responder responder) {
    ListTransactionsRequest body = (ListTransactionsRequest) request.body();
    Answers.when(transactions.list(body.data()), request, responder);
  }
}
