package io.tidemark.gateway.security.audit;

import static io.tidemark.gateway.security.audit.Changes.NOTHING;
import static io.tidemark.gateway.security.audit.Changes.answered;

import io.tidemark.gateway.security.audit.Changes.Asked;
import io.tidemark.gateway.security.audit.Changes.Changed;
import io.tidemark.gateway.security.audit.Changes.Readers;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AlterReplicaLogDirsRequest;
import org.jspecify.annotations.Nullable;

/** Changes of topics and their partitions. */
final class TopicChanges {
  private TopicChanges() {}

  static void addTo(Readers readers) {
    readers.add(ApiKeys.CREATE_TOPICS, CreateTopicsRequestData.class, TopicChanges::creation);
    readers.add(ApiKeys.DELETE_TOPICS, DeleteTopicsRequestData.class, _ -> deletion());
    readers.add(
        ApiKeys.CREATE_PARTITIONS, CreatePartitionsRequestData.class, TopicChanges::partitions);
    readers.add(ApiKeys.DELETE_RECORDS, DeleteRecordsRequestData.class, _ -> records());
    readers.add(
        ApiKeys.ALTER_REPLICA_LOG_DIRS,
        AlterReplicaLogDirsRequestData.class,
        TopicChanges::directories);
    readers.add(
        ApiKeys.ALTER_PARTITION_REASSIGNMENTS,
        AlterPartitionReassignmentsRequestData.class,
        _ -> reassignments());
    readers.add(ApiKeys.ELECT_LEADERS, ElectLeadersRequestData.class, _ -> elections());
  }

  private static Asked creation(CreateTopicsRequestData request) {
    return request.validateOnly()
        ? NOTHING
        : answered(
            CreateTopicsResponseData.class,
            answer ->
                answer.topics().stream()
                    .map(topic ->
                        topic(
                            topic.name(),
                            "create, partitions=%d, replication.factor=%d"
                                .formatted(topic.numPartitions(), topic.replicationFactor()),
                            topic.errorCode())));
  }

  private static Asked deletion() {
    return answered(
        DeleteTopicsResponseData.class,
        answer ->
            answer.responses().stream()
                .map(topic ->
                    topic(nameOr(topic.name(), topic.topicId()), "delete", topic.errorCode())));
  }

  private static String nameOr(@Nullable String name, Uuid id) {
    return name == null ? id.toString() : name;
  }

  private static Asked partitions(CreatePartitionsRequestData request) {
    if (request.validateOnly()) {
      return NOTHING;
    }
    Map<String, String> details = new HashMap<>();
    request.topics().forEach(topic -> details.put(topic.name(), "partitions=" + topic.count()));
    return answered(
        CreatePartitionsResponseData.class,
        answer ->
            answer.results().stream()
                .map(topic ->
                    topic(
                        topic.name(), details.getOrDefault(topic.name(), ""), topic.errorCode())));
  }

  private static Asked records() {
    return answered(
        DeleteRecordsResponseData.class,
        answer ->
            answer.topics().stream()
                .flatMap(topic ->
                    topic.partitions().stream()
                        .map(partition ->
                            partition(
                                topic.name(),
                                partition.partitionIndex(),
                                "delete records below " + partition.lowWatermark(),
                                partition.errorCode()))));
  }

  private static Asked directories(AlterReplicaLogDirsRequestData request) {
    Map<TopicPartition, String> details =
        new AlterReplicaLogDirsRequest(request, (short) 2).partitionDirs();
    return answered(
        AlterReplicaLogDirsResponseData.class,
        answer ->
            answer.results().stream()
                .flatMap(topic ->
                    topic.partitions().stream()
                        .map(partition ->
                            partition(
                                topic.topicName(),
                                partition.partitionIndex(),
                                "move to "
                                    + details.getOrDefault(
                                        new TopicPartition(
                                            topic.topicName(), partition.partitionIndex()),
                                        ""),
                                partition.errorCode()))));
  }

  private static Asked reassignments() {
    return answered(
        AlterPartitionReassignmentsResponseData.class,
        answer ->
            answer.responses().stream()
                .flatMap(topic ->
                    topic.partitions().stream()
                        .map(partition ->
                            partition(
                                topic.name(),
                                partition.partitionIndex(),
                                "reassign",
                                partition.errorCode()))));
  }

  private static Asked elections() {
    return answered(
        ElectLeadersResponseData.class,
        answer ->
            answer.replicaElectionResults().stream()
                .flatMap(topic ->
                    topic.partitionResult().stream()
                        .map(partition ->
                            partition(
                                topic.topic(),
                                partition.partitionId(),
                                "elect a leader",
                                partition.errorCode()))));
  }

  private static Changed topic(String name, String detail, short errorCode) {
    return Changed.of("topic", name, detail, errorCode);
  }

  private static Changed partition(String topic, int index, String detail, short errorCode) {
    return Changed.of("partition", topic + "-" + index, detail, errorCode);
  }
}
