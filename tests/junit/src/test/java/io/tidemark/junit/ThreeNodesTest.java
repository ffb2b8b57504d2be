package io.tidemark.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Several nodes, from a field. */
class ThreeNodesTest {
  @RegisterExtension
  static final TidemarkExtension tidemark =
      TidemarkExtension.builder().nodes(3).topic("orders", 3).build();

  @Test
  void topicsHaveThreeReplicas(Admin admin) throws Exception {
    List<TopicPartitionInfo> partitions =
        admin.describeTopics(List.of("orders")).allTopicNames().get().values().stream()
            .flatMap(topic -> topic.partitions().stream())
            .toList();

    assertThat(partitions).hasSize(3);
    assertThat(partitions)
        .allSatisfy(partition ->
            assertThat(partition.replicas())
                .extracting(Node::id)
                .containsExactlyInAnyOrder(1, 2, 3));
  }

  @Test
  void recordsOutliveTheStopOfANode(TidemarkCluster cluster) throws Exception {
    cluster.createTopic("kept", 3);
    try (KafkaProducer<String, String> producer = cluster.producer()) {
      producer.send(new ProducerRecord<>("kept", 0, "a", "before")).get();
      cluster.stopNode(2);
      producer.send(new ProducerRecord<>("kept", 0, "a", "while one is away")).get();
      cluster.startNode(2);
      producer.send(new ProducerRecord<>("kept", 0, "a", "after")).get();
    }

    assertThat(cluster.read("kept", 3))
        .extracting(ConsumerRecord::value)
        .containsExactly("before", "while one is away", "after");
    assertThat(tidemark.bootstrapServers().split(",")).hasSize(3);
  }
}
