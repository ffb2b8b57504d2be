package io.tidemark.metadata.coordinator.group;

import io.tidemark.metadata.coordinator.Answer;
import io.tidemark.metadata.coordinator.TransactionEnd;
import io.tidemark.metadata.coordinator.TransactionalProducer;
import io.tidemark.metadata.coordinator.Turn;
import io.tidemark.metadata.coordinator.group.CommitTickets.Ticket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData.TxnOffsetCommitResponsePartition;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData.TxnOffsetCommitResponseTopic;
import org.apache.kafka.common.protocol.Errors;

/**
 * Offsets that are committed with a producer's transaction.
 *
 * <pre>
 *  begin ──▶ open here already: commit
 *        └─▶ ticket ──▶ the transaction's coordinator is asked ──▶ commit on the ticket
 *                          a marker that comes meanwhile voids it
 *  end ────▶ what was pending counts, or is forgotten
 * </pre>
 */
final class TransactionalCommits {
  private final GroupLedger ledger;
  private final OffsetCommits commits;
  private final CommitTickets tickets = new CommitTickets();

  TransactionalCommits(GroupLedger ledger, OffsetCommits commits) {
    this.ledger = ledger;
    this.commits = commits;
  }

  /**
   * Answers with the ticket to be used once the transaction is found to be open; with none when it
   * is known here to be.
   */
  void begin(Turn turn, TransactionalProducer producer, Answer<Begun> answer) {
    Optional<Ticket> ticket =
        ledger.pending().isOpen(producer) ? Optional.empty() : Optional.of(tickets.issue(producer));
    turn.answer(answer, new Begun(Errors.NONE, ticket));
  }

  /** How a transactional commit goes on. */
  record Begun(Errors error, Optional<Ticket> ticket) {}

  /** The transaction is not open, or nobody knows. */
  void cancel(Ticket ticket) {
    tickets.redeem(ticket);
  }

  void commit(
      Turn turn,
      ClientContext client,
      TxnOffsetCommitRequestData request,
      Optional<Ticket> ticket,
      Answer<TxnOffsetCommitResponseData> answer) {
    TransactionalProducer producer =
        new TransactionalProducer(request.producerId(), request.producerEpoch());
    Errors refusal = ticket.map(tickets::redeem).orElse(null);
    if (refusal == null && ticket.isEmpty() && !ledger.pending().isOpen(producer)) {
      refusal = Errors.INVALID_TXN_STATE;
    }
    if (refusal != null) {
      turn.answer(answer, answer.refusal(refusal));
      return;
    }
    turn.answer(
        answer,
        response(commits.commitInTransaction(turn, client, producer, plainRequest(request))));
  }

  void end(Turn turn, TransactionEnd end, Answer<Errors> answer) {
    tickets.end(end);
    ledger.end(turn, end);
    turn.answer(answer, Errors.NONE);
  }

  private static OffsetCommitRequestData plainRequest(TxnOffsetCommitRequestData request) {
    List<OffsetCommitRequestTopic> topics = new ArrayList<>();
    for (TxnOffsetCommitRequestTopic topic : request.topics()) {
      topics.add(
          new OffsetCommitRequestTopic()
              .setName(topic.name())
              .setTopicId(topic.topicId())
              .setPartitions(
                  topic.partitions().stream()
                      .map(partition ->
                          new OffsetCommitRequestPartition()
                              .setPartitionIndex(partition.partitionIndex())
                              .setCommittedOffset(partition.committedOffset())
                              .setCommittedLeaderEpoch(partition.committedLeaderEpoch())
                              .setCommittedMetadata(partition.committedMetadata()))
                      .toList()));
    }
    return new OffsetCommitRequestData()
        .setGroupId(request.groupId())
        .setMemberId(request.memberId())
        .setGroupInstanceId(request.groupInstanceId())
        .setGenerationIdOrMemberEpoch(request.generationIdOrMemberEpoch())
        .setTopics(topics);
  }

  private static TxnOffsetCommitResponseData response(OffsetCommitResponseData plain) {
    TxnOffsetCommitResponseData response = new TxnOffsetCommitResponseData();
    for (OffsetCommitResponseTopic topic : plain.topics()) {
      response
          .topics()
          .add(
              new TxnOffsetCommitResponseTopic()
                  .setName(topic.name())
                  .setTopicId(topic.topicId())
                  .setPartitions(
                      topic.partitions().stream()
                          .map(partition ->
                              new TxnOffsetCommitResponsePartition()
                                  .setPartitionIndex(partition.partitionIndex())
                                  .setErrorCode(partition.errorCode()))
                          .toList()));
    }
    return response;
  }
}
