package io.tidemark.gateway.api;

import io.tidemark.gateway.api.LocalPartitions.Leader;
import io.tidemark.log.replica.AppendOutcome.Appended;
import io.tidemark.log.replica.AppendOutcome.Refused;
import io.tidemark.log.validate.RecordError;
import java.util.List;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.BatchIndexAndErrorMessage;
import org.apache.kafka.common.message.ProduceResponseData.NodeEndpoint;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.Errors;

/** Writes the response of one Produce. */
final class ProduceResponses {
  private static final long UNKNOWN_OFFSET = -1L;
  private static final short OLDEST_VERSION_WITH_LEADER = 10;

  private ProduceResponses() {}

  /** A partition without an outcome has run out of time. */
  static ProduceResponseData of(
      List<ProduceRound.Slot> slots,
      LocalPartitions partitions,
      String listenerName,
      short apiVersion) {
    ProduceResponseData response = new ProduceResponseData();
    for (ProduceRound.Slot slot : slots) {
      PartitionProduceResponse answer = answer(slot);
      topicOf(slot, response).partitionResponses().add(answer);
      if (answer.errorCode() == Errors.NOT_LEADER_OR_FOLLOWER.code()
          && apiVersion >= OLDEST_VERSION_WITH_LEADER) {
        addLeader(slot, answer, response, partitions, listenerName);
      }
    }
    return response;
  }

  private static PartitionProduceResponse answer(ProduceRound.Slot slot) {
    PartitionProduceResponse answer =
        new PartitionProduceResponse().setIndex(slot.data().index()).setBaseOffset(UNKNOWN_OFFSET);
    return switch (slot.outcome()) {
      case null -> answer.setErrorCode(Errors.REQUEST_TIMED_OUT.code());
      case Appended appended ->
          answer
              .setBaseOffset(appended.baseOffset())
              .setLogAppendTimeMs(appended.logAppendTimeMs())
              .setLogStartOffset(appended.logStartOffset());
      case Refused refused ->
          answer
              .setErrorCode(refused.error().code())
              .setErrorMessage(refused.message())
              .setRecordErrors(refused.recordErrors().stream().map(ProduceResponses::wire).toList())
              .setLogStartOffset(refused.logStartOffset());
    };
  }

  private static BatchIndexAndErrorMessage wire(RecordError error) {
    return new BatchIndexAndErrorMessage()
        .setBatchIndex(error.batchIndex())
        .setBatchIndexErrorMessage(error.message());
  }

  private static TopicProduceResponse topicOf(
      ProduceRound.Slot slot, ProduceResponseData response) {
    TopicProduceResponse known =
        response.responses().find(slot.topic().name(), slot.topic().topicId());
    if (known != null) {
      return known;
    }
    TopicProduceResponse topic =
        new TopicProduceResponse().setName(slot.topic().name()).setTopicId(slot.topic().topicId());
    response.responses().add(topic);
    return topic;
  }

  /**
   * Who leads now and where it is found, so that the client need not ask for metadata first
   * (KIP-951).
   */
  private static void addLeader(
      ProduceRound.Slot slot,
      PartitionProduceResponse answer,
      ProduceResponseData response,
      LocalPartitions partitions,
      String listenerName) {
    Leader leader = slot.id().map(partitions::leaderOf).orElse(Leader.UNKNOWN);
    answer.currentLeader().setLeaderId(leader.leaderId()).setLeaderEpoch(leader.leaderEpoch());
    if (response.nodeEndpoints().find(leader.leaderId()) != null) {
      return;
    }
    ClusterView cluster = partitions.cluster();
    cluster
        .node(cluster.image(), leader.leaderId(), listenerName)
        .ifPresent(node ->
            response
                .nodeEndpoints()
                .add(
                    new NodeEndpoint()
                        .setNodeId(node.id())
                        .setHost(node.host())
                        .setPort(node.port())
                        .setRack(node.rack())));
  }
}
