package io.tidemark.metadata.coordinator.transaction;

import io.tidemark.metadata.coordinator.Answer;
import io.tidemark.metadata.coordinator.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TopicData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.protocol.Errors;

/** Tells what there is. */
final class TransactionQueries {
  private final TransactionLedger ledger;

  TransactionQueries(TransactionLedger ledger) {
    this.ledger = ledger;
  }

  void describe(
      Turn turn,
      List<String> ids,
      Answer<List<DescribeTransactionsResponseData.TransactionState>> answer) {
    turn.answer(answer, ids.stream().map(this::describe).toList());
  }

  private DescribeTransactionsResponseData.TransactionState describe(String id) {
    TransactionMetadata known = ledger.find(id);
    if (known == null) {
      return refused(id, Errors.TRANSACTIONAL_ID_NOT_FOUND);
    }
    DescribeTransactionsResponseData.TransactionState described =
        new DescribeTransactionsResponseData.TransactionState()
            .setTransactionalId(id)
            .setTransactionState(known.state().publicName())
            .setProducerId(known.producerId())
            .setProducerEpoch(known.producerEpoch())
            .setTransactionTimeoutMs(known.timeoutMs())
            .setTransactionStartTimeMs(known.startTimestampMs());
    Map<String, List<Integer>> topics = new TreeMap<>();
    for (TopicPartition partition : known.partitions()) {
      topics
          .computeIfAbsent(partition.topic(), topic -> new ArrayList<>())
          .add(partition.partition());
    }
    topics.forEach((topic, partitions) ->
        described.topics().add(new TopicData().setTopic(topic).setPartitions(partitions)));
    return described;
  }

  static DescribeTransactionsResponseData.TransactionState refused(String id, Errors error) {
    return new DescribeTransactionsResponseData.TransactionState()
        .setTransactionalId(id)
        .setErrorCode(error.code());
  }

  /**
   * @param isNamed whether an id is one of those asked for
   */
  void list(
      Turn turn,
      ListTransactionsRequestData request,
      Predicate<String> isNamed,
      Answer<ListTransactionsResponseData> answer) {
    ListTransactionsResponseData response = new ListTransactionsResponseData();
    ledger
        .all()
        .forEach((id, metadata) -> {
          if (isAskedFor(metadata, request, turn.wallClockMs()) && isNamed.test(id)) {
            response
                .transactionStates()
                .add(
                    new ListTransactionsResponseData.TransactionState()
                        .setTransactionalId(id)
                        .setProducerId(metadata.producerId())
                        .setTransactionState(metadata.state().publicName()));
          }
        });
    turn.answer(answer, response);
  }

  private static boolean isAskedFor(
      TransactionMetadata metadata, ListTransactionsRequestData request, long nowMs) {
    List<String> states = request.stateFilters();
    List<Long> producers = request.producerIdFilters();
    long startMs = metadata.startTimestampMs();
    boolean isLongEnough =
        request.durationFilter() < 0
            || (metadata.state() == TransactionState.ONGOING
                && nowMs - startMs > request.durationFilter());
    return (states.isEmpty() || states.contains(metadata.state().publicName()))
        && (producers.isEmpty() || producers.contains(metadata.producerId()))
        && isLongEnough;
  }
}
