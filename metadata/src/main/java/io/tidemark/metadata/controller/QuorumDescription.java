package io.tidemark.metadata.controller;

import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.quorum.QuorumStatus;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.DescribeQuorumResponseData;
import org.apache.kafka.common.message.DescribeQuorumResponseData.Listener;
import org.apache.kafka.common.message.DescribeQuorumResponseData.Node;
import org.apache.kafka.common.message.DescribeQuorumResponseData.PartitionData;
import org.apache.kafka.common.message.DescribeQuorumResponseData.ReplicaState;
import org.apache.kafka.common.message.DescribeQuorumResponseData.TopicData;
import org.apache.kafka.common.protocol.Errors;

/** Answers DescribeQuorum from what the leader knows. Pure. */
final class QuorumDescription {
  private QuorumDescription() {}

  static DescribeQuorumResponseData of(
      DescribeQuorumRequestData request, QuorumStatus status, ClusterImage image) {
    DescribeQuorumResponseData response = new DescribeQuorumResponseData();
    for (DescribeQuorumRequestData.TopicData topic : request.topics()) {
      TopicData answer = new TopicData().setTopicName(topic.topicName());
      topic
          .partitions()
          .forEach(partition ->
              answer
                  .partitions()
                  .add(partition(topic.topicName(), partition.partitionIndex(), status)));
      response.topics().add(answer);
    }
    status.voters().forEach(voter -> addNode(response, voter.nodeId(), image));
    return response;
  }

  private static PartitionData partition(String topic, int index, QuorumStatus status) {
    PartitionData answer = new PartitionData().setPartitionIndex(index);
    if (!topic.equals(Topic.CLUSTER_METADATA_TOPIC_NAME) || index != 0) {
      return answer
          .setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code())
          .setErrorMessage(Errors.UNKNOWN_TOPIC_OR_PARTITION.message());
    }
    answer
        .setLeaderId(status.leadership().leaderId())
        .setLeaderEpoch((int) status.leadership().term())
        .setHighWatermark(status.highWatermark());
    for (QuorumStatus.Voter voter : status.voters()) {
      answer
          .currentVoters()
          .add(
              new ReplicaState()
                  .setReplicaId(voter.nodeId())
                  .setLogEndOffset(voter.logEndOffset())
                  .setLastFetchTimestamp(voter.lastContactMs())
                  .setLastCaughtUpTimestamp(voter.lastContactMs()));
    }
    return answer;
  }

  private static void addNode(DescribeQuorumResponseData response, int nodeId, ClusterImage image) {
    Node node = new Node().setNodeId(nodeId);
    image
        .nodes()
        .get(nodeId)
        .ifPresent(known ->
            known
                .listeners()
                .forEach(l ->
                    node.listeners()
                        .add(
                            new Listener()
                                .setName(l.listener())
                                .setHost(l.host())
                                .setPort(l.port()))));
    response.nodes().add(node);
  }
}
