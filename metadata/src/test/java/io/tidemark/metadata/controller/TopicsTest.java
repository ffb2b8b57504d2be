package io.tidemark.metadata.controller;

import static io.tidemark.metadata.controller.ControlledCluster.topic;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.TopicImage;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** CreateTopics, DeleteTopics and CreatePartitions as Kafka answers them. */
class TopicsTest {
  private final ControlledCluster cluster = new ControlledCluster(3);

  @Test
  void aCreatedTopicHasItsPartitionsLeadersAndConfigs() {
    CreatableTopicResult result = cluster.create(topic("orders", 6, 3, "retention.ms", "1000"));
    assertThat(result.errorCode()).isZero();
    assertThat(result.numPartitions()).isEqualTo(6);
    assertThat(result.replicationFactor()).isEqualTo((short) 3);
    TopicImage topic = cluster.topic("orders");
    assertThat(topic.id()).isEqualTo(result.topicId());
    assertThat(cluster.image().configs().ofTopic("orders")).containsEntry("retention.ms", "1000");
    assertThat(cluster.image().topics().partitionCount()).isEqualTo(6);
    for (PartitionImage partition : topic.partitions()) {
      assertThat(partition.replicas()).containsExactlyInAnyOrder(1, 2, 3);
      assertThat(partition.isr()).isEqualTo(partition.replicas());
      assertThat(partition.leader()).isEqualTo(partition.replicas().getFirst());
      assertThat(partition.leaderEpoch()).isZero();
      assertThat(partition.partitionEpoch()).isZero();
    }
    assertThat(topic.partitions().stream().filter(p -> p.leader() == 1)).hasSize(2);
  }

  @Test
  void defaultsAreTheSettingsAndAtMostThreeReplicas() {
    ControlledCluster five = new ControlledCluster(5);
    CreatableTopicResult result = five.create(topic("t", -1, -1));
    assertThat(result.numPartitions()).isEqualTo(1);
    assertThat(result.replicationFactor()).isEqualTo((short) 3);
    ControlledCluster one = new ControlledCluster(1);
    assertThat(one.create(topic("t", -1, -1)).replicationFactor()).isEqualTo((short) 1);
  }

  @Test
  void replicasSpreadOverRacksAndLoad() {
    ControlledCluster six = new ControlledCluster(6);
    six.create("t", 12, 3);
    int[] leaders = new int[7];
    for (PartitionImage partition : six.topic("t").partitions()) {
      Set<Integer> racks = new HashSet<>();
      partition.replicas().forEach(id -> racks.add(id % 3));
      assertThat(racks).hasSize(3);
      leaders[partition.leader()]++;
    }
    assertThat(leaders).containsExactly(0, 2, 2, 2, 2, 2, 2);
  }

  @Test
  void fencedNodesGetReplicasOnlyWhereThereAreNotEnoughOthers() {
    cluster.fence(2);
    TopicIdPartition two = cluster.create("two", 4, 2);
    assertThat(cluster.partition(two).replicas()).containsExactlyInAnyOrder(1, 3);
    TopicIdPartition three = cluster.create("three", 1, 3);
    assertThat(cluster.partition(three).replicas()).hasSize(3).endsWith(2);
    assertThat(cluster.partition(three).isr()).containsExactlyInAnyOrder(1, 3);
  }

  static Stream<Arguments> refusedTopics() {
    return Stream.of(
        Arguments.of(topic("", 1, 1), Errors.INVALID_TOPIC_EXCEPTION),
        Arguments.of(topic("..", 1, 1), Errors.INVALID_TOPIC_EXCEPTION),
        Arguments.of(topic("../a", 1, 1), Errors.INVALID_TOPIC_EXCEPTION),
        Arguments.of(topic("é", 1, 1), Errors.INVALID_TOPIC_EXCEPTION),
        Arguments.of(topic("x".repeat(250), 1, 1), Errors.INVALID_TOPIC_EXCEPTION),
        Arguments.of(topic("a_b", 1, 1), Errors.INVALID_TOPIC_EXCEPTION),
        Arguments.of(topic("c.d.e.f.g.h.i.j_k", 1, 1), Errors.INVALID_TOPIC_EXCEPTION),
        Arguments.of(topic("there", 1, 1), Errors.TOPIC_ALREADY_EXISTS),
        Arguments.of(topic("__cluster_metadata", 1, 1), Errors.TOPIC_AUTHORIZATION_FAILED),
        Arguments.of(topic("t", 0, 1), Errors.INVALID_PARTITIONS),
        Arguments.of(topic("t", -2, 1), Errors.INVALID_PARTITIONS),
        Arguments.of(topic("t", 1_000_000, 1), Errors.INVALID_PARTITIONS),
        Arguments.of(topic("t", 1, 0), Errors.INVALID_REPLICATION_FACTOR),
        Arguments.of(topic("t", 1, 4), Errors.INVALID_REPLICATION_FACTOR),
        Arguments.of(topic("t", 1, 1, "nonsense", "1"), Errors.INVALID_CONFIG),
        Arguments.of(topic("t", 1, 1, "segment.bytes", "1"), Errors.INVALID_CONFIG),
        Arguments.of(manual(1, 1, List.of(1)), Errors.INVALID_REQUEST),
        Arguments.of(manual(-1, 2, List.of(1)), Errors.INVALID_REQUEST),
        Arguments.of(manual(-1, -1, List.of(9)), Errors.INVALID_REPLICA_ASSIGNMENT),
        Arguments.of(manual(-1, -1, List.of(1, 1)), Errors.INVALID_REPLICA_ASSIGNMENT),
        Arguments.of(manual(-1, -1, List.of()), Errors.INVALID_REPLICA_ASSIGNMENT),
        Arguments.of(manual(-1, -1, List.of(1), List.of(1, 2)), Errors.INVALID_REPLICA_ASSIGNMENT));
  }

  @SafeVarargs
  private static CreatableTopic manual(
      int partitions, int replicationFactor, List<Integer>... replicas) {
    CreatableTopic topic = topic("t", partitions, replicationFactor);
    for (int i = 0; i < replicas.length; i++) {
      topic
          .assignments()
          .add(new CreatableReplicaAssignment().setPartitionIndex(i).setBrokerIds(replicas[i]));
    }
    return topic;
  }

  @ParameterizedTest
  @MethodSource("refusedTopics")
  void aTopicThatCannotBeIsRefusedAndNothingIsWritten(CreatableTopic refused, Errors error) {
    cluster.create("there", 1, 1);
    cluster.create("a.b", 1, 1);
    cluster.create("c.d.e.f.g.h.i.j.k", 1, 1);
    long version = cluster.image().version();
    CreatableTopicResult result = cluster.create(refused.duplicate());
    assertThat(Errors.forCode(result.errorCode())).isEqualTo(error);
    assertThat(result.errorMessage()).isNotBlank();
    assertThat(cluster.image().version()).isEqualTo(version);
  }

  @Test
  void manualAssignmentsAreTaken() {
    CreatableTopicResult result = cluster.create(manual(-1, -1, List.of(2, 3), List.of(3, 1)));
    assertThat(result.errorCode()).isZero();
    assertThat(cluster.topic("t").partitions().get(1).replicas()).containsExactly(3, 1);
    assertThat(cluster.topic("t").partitions().get(1).leader()).isEqualTo(3);
  }

  @Test
  void collisionsWithinARequestAndDoubledNamesAreRefused() {
    CreateTopicsRequestData request = new CreateTopicsRequestData();
    request.topics().add(topic("x.y", 1, 1));
    request.topics().add(topic("x_y", 1, 1));
    request.topics().mustAdd(topic("z", 1, 1));
    request.topics().mustAdd(topic("z", 2, 1));
    var results = cluster.done(cluster.controller.createTopics(request)).topics();
    assertThat(results.find("x.y").errorCode()).isZero();
    assertThat(results.find("x_y").errorCode()).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION.code());
    assertThat(results.find("z").errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
    assertThat(results).hasSize(3);
  }

  @Test
  void validatingOnlyCreatesNothing() {
    CreateTopicsRequestData request = new CreateTopicsRequestData().setValidateOnly(true);
    request.topics().add(topic("t", 3, 2));
    request.topics().add(topic("u", 0, 2));
    var results = cluster.done(cluster.controller.createTopics(request)).topics();
    assertThat(results.find("t").errorCode()).isZero();
    assertThat(results.find("t").numPartitions()).isEqualTo(3);
    assertThat(results.find("u").errorCode()).isEqualTo(Errors.INVALID_PARTITIONS.code());
    assertThat(cluster.image().topics().size()).isZero();
  }

  @Test
  void aRequestForTooManyPartitionsIsRefusedFromWhereItIsTooMuch() {
    CreateTopicsRequestData request = new CreateTopicsRequestData();
    request.topics().add(topic("big", 8_000, 1));
    request.topics().add(topic("more", 3_000, 1));
    request.topics().add(topic("small", 3, 1));
    var results = cluster.done(cluster.controller.createTopics(request)).topics();
    assertThat(results.find("big").errorCode()).isZero();
    assertThat(results.find("more").errorCode()).isEqualTo(Errors.POLICY_VIOLATION.code());
    assertThat(results.find("small").errorCode()).isZero();
    assertThat(cluster.image().topics().partitionCount()).isEqualTo(8_003);
  }

  private DeletableTopicResult delete(DeleteTopicState topic) {
    DeleteTopicsRequestData request = new DeleteTopicsRequestData().setTopics(List.of(topic));
    return cluster.done(cluster.controller.deleteTopics(request)).responses().iterator().next();
  }

  @Test
  void topicsAreDeletedByNameAndByIdAndTheirNameIsFreeAtOnce() {
    TopicIdPartition first = cluster.create("t", 2, 1, "retention.ms", "5");
    assertThat(delete(new DeleteTopicState().setName("t")).topicId()).isEqualTo(first.topicId());
    assertThat(cluster.image().topics().size()).isZero();
    assertThat(cluster.image().topics().partitionCount()).isZero();
    assertThat(cluster.image().configs().ofTopic("t")).isEmpty();

    TopicIdPartition second = cluster.create("t", 1, 1);
    assertThat(second.topicId()).isNotEqualTo(first.topicId());
    assertThat(cluster.image().configs().ofTopic("t")).isEmpty();
    assertThat(delete(new DeleteTopicState().setName(null).setTopicId(first.topicId())).errorCode())
        .isEqualTo(Errors.UNKNOWN_TOPIC_ID.code());
    DeletableTopicResult byId =
        delete(new DeleteTopicState().setName(null).setTopicId(second.topicId()));
    assertThat(byId.errorCode()).isZero();
    assertThat(byId.name()).isEqualTo("t");
  }

  @Test
  void deletionsThatCannotBeAreRefused() {
    cluster.create("t", 1, 1);
    assertThat(delete(new DeleteTopicState().setName("u")).errorCode())
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    assertThat(delete(new DeleteTopicState().setName(null)).errorCode())
        .isEqualTo(Errors.INVALID_REQUEST.code());
    assertThat(delete(new DeleteTopicState().setName("t").setTopicId(new Uuid(1, 1))).errorCode())
        .isEqualTo(Errors.INVALID_REQUEST.code());
    DeleteTopicsRequestData old =
        new DeleteTopicsRequestData().setTopicNames(List.of("t", "unknown"));
    assertThat(cluster.done(cluster.controller.deleteTopics(old)).responses().valuesList())
        .extracting(DeletableTopicResult::errorCode)
        .containsExactly((short) 0, Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
  }

  private CreatePartitionsTopicResult add(CreatePartitionsTopic topic, boolean validateOnly) {
    CreatePartitionsRequestData request =
        new CreatePartitionsRequestData().setValidateOnly(validateOnly);
    request.topics().add(topic);
    return cluster.done(cluster.controller.createPartitions(request)).results().getFirst();
  }

  private static CreatePartitionsTopic to(String topic, int count) {
    return new CreatePartitionsTopic().setName(topic).setCount(count).setAssignments(null);
  }

  @Test
  void partitionsAreAddedWithTheTopicsReplicationFactor() {
    cluster.create("t", 2, 2);
    assertThat(add(to("t", 4), true).errorCode()).isZero();
    assertThat(cluster.topic("t").partitionCount()).isEqualTo(2);
    assertThat(add(to("t", 4), false).errorCode()).isZero();
    assertThat(cluster.topic("t").partitionCount()).isEqualTo(4);
    assertThat(cluster.topic("t").partitions().get(3).replicas()).hasSize(2);
    CreatePartitionsTopic manual =
        to("t", 5)
            .setAssignments(List.of(new CreatePartitionsAssignment().setBrokerIds(List.of(3, 1))));
    assertThat(add(manual, false).errorCode()).isZero();
    assertThat(cluster.topic("t").partitions().get(4).leader()).isEqualTo(3);
  }

  @Test
  void partitionsThatCannotBeAddedAreRefused() {
    cluster.create("t", 2, 2);
    assertThat(add(to("u", 4), false).errorCode())
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    assertThat(add(to("t", 2), false).errorCode()).isEqualTo(Errors.INVALID_PARTITIONS.code());
    assertThat(add(to("t", 1), false).errorCode()).isEqualTo(Errors.INVALID_PARTITIONS.code());
    assertThat(add(to("t", 1_000_000), false).errorCode())
        .isEqualTo(Errors.INVALID_PARTITIONS.code());
    CreatePartitionsTopic manual =
        to("t", 5)
            .setAssignments(List.of(new CreatePartitionsAssignment().setBrokerIds(List.of(3, 1))));
    assertThat(add(manual, false).errorCode()).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT.code());
  }

  @Test
  void twentyThousandPartitionsAreCreatedInAMoment() {
    long startNs = System.nanoTime();
    for (int i = 0; i < 2_000; i++) {
      cluster.create("topic-" + i, 10, 1);
    }
    System.out.printf("20,000 partitions in %d ms%n", (System.nanoTime() - startNs) / 1_000_000);
    assertThat(cluster.image().topics().partitionCount()).isEqualTo(20_000);
    long restartNs = System.nanoTime();
    cluster.restart();
    cluster.register(1, new Uuid(5, 5), cluster.epoch(1));
    cluster.heartbeat(1);
    System.out.printf("taken over in %d ms%n", (System.nanoTime() - restartNs) / 1_000_000);
  }
}
