package io.tidemark.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** One cluster for all tests of a class, and what parameters get of it. */
@Tidemark(
    topics = {"orders:3", "greetings"},
    properties = "log.retention.hours=5")
class AnnotatedClassTest {
  private static String clusterOfClass = "";

  @BeforeAll
  static void remember(TidemarkCluster cluster) {
    clusterOfClass = cluster.clusterId();
  }

  @Test
  void topicsAreThereBeforeTheFirstTest(Admin admin) throws Exception {
    var topics = admin.describeTopics(List.of("orders", "greetings")).allTopicNames().get();

    assertThat(topics)
        .hasEntrySatisfying("orders", topic -> assertThat(topic.partitions()).hasSize(3))
        .hasEntrySatisfying("greetings", topic -> assertThat(topic.partitions()).hasSize(1));
  }

  @Test
  void producersAndConsumersComeWithTheTypesOfTheParameter(
      Producer<String, Long> producer, Consumer<String, Long> consumer) {
    producer.send(new ProducerRecord<>("orders", "apples", 3L));
    producer.flush();
    consumer.subscribe(List.of("orders"));

    List<ConsumerRecord<String, Long>> read = new ArrayList<>();
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> {
          consumer.poll(Duration.ofMillis(100)).forEach(read::add);
          return !read.isEmpty();
        });

    assertThat(read).extracting(ConsumerRecord::key).containsExactly("apples");
    assertThat(read).extracting(ConsumerRecord::value).containsExactly(3L);
  }

  @Test
  void recordsAreSentAndReadWithoutAClient(TidemarkCluster cluster) {
    cluster.send("greetings", "a", "hello");
    cluster.send("greetings", "b", "world");

    assertThat(cluster.read("greetings", 2))
        .extracting(ConsumerRecord::value)
        .containsExactly("hello", "world");
  }

  @Test
  void testsOfTheClassShareTheCluster(TidemarkCluster cluster) {
    assertThat(cluster.clusterId()).isEqualTo(clusterOfClass);
  }

  @Test
  @Tidemark(store = false)
  void anAnnotatedTestHasItsOwn(
      TidemarkCluster cluster, @BootstrapServers String bootstrapServers) {
    assertThat(cluster.clusterId()).isNotEqualTo(clusterOfClass);
    assertThat(cluster.store()).isEmpty();
    assertThat(bootstrapServers).isEqualTo(cluster.bootstrapServers());
  }

  @Nested
  class Inside {
    @Test
    void theClusterOfTheClassAroundIsUsed(TidemarkCluster cluster) {
      assertThat(cluster.clusterId()).isEqualTo(clusterOfClass);
    }
  }
}
