package io.tidemark.tests.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Java administrators that reach gateways alone hear of the brokers' directories. */
class GatewayLogDirsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int PARTITIONS = 6;

  @Test
  void gatewaysTogetherShowEachReplicaOnceAndEachAllDirectories(@TempDir Path home)
      throws Exception {
    try (GatewayCluster cluster = new GatewayCluster(home).start(2, 3);
        Admin ofGateways = cluster.admin();
        Admin ofBrokers = cluster.adminOf(1)) {
      ofGateways.createTopics(List.of(new NewTopic("t", PARTITIONS, (short) 2))).all().get();
      fill(cluster);

      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> {
            Map<String, Long> real = new TreeMap<>();
            directories(ofBrokers, List.of(1, 2))
                .forEach((id, dirs) -> sizes(dirs, "node-" + id + ":").forEach(real::put));
            assertThat(real)
                .hasSize(2 * PARTITIONS)
                .allSatisfy((replica, bytes) -> assertThat(bytes).isPositive());

            Map<Integer, Map<String, LogDirDescription>> shown =
                directories(ofGateways, List.of(11, 12, 13));
            Map<String, Long> seen = new TreeMap<>();
            shown
                .values()
                .forEach(dirs ->
                    sizes(dirs, "")
                        .forEach((replica, bytes) ->
                            assertThat(seen.put(replica, bytes)).as(replica).isNull()));
            assertThat(seen).isEqualTo(real);
            assertThat(shown.values())
                .allSatisfy(dirs ->
                    assertThat(local(dirs))
                        .isEqualTo(Set.of(directory(home, 1), directory(home, 2))));
          });
    }
  }

  private static String directory(Path home, int id) {
    return "node-" + id + ":" + home.resolve("node-" + id).toAbsolutePath();
  }

  private static void fill(GatewayCluster cluster) {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            cluster.client(Map.of("acks", "all")),
            new StringSerializer(),
            new StringSerializer())) {
      IntStream.range(0, PARTITIONS)
          .forEach(i -> producer.send(new ProducerRecord<>("t", i, null, "v" + i)));
    }
  }

  private static Map<Integer, Map<String, LogDirDescription>> directories(
      Admin admin, List<Integer> nodes) throws Exception {
    return admin.describeLogDirs(nodes).allDescriptions().get();
  }

  private static Set<String> local(Map<String, LogDirDescription> dirs) {
    return dirs.keySet().stream()
        .filter(name -> !name.startsWith("remote://"))
        .collect(Collectors.toSet());
  }

  /** Of the topic's replicas on disks, by directory and partition. */
  private static Map<String, Long> sizes(Map<String, LogDirDescription> dirs, String prefix) {
    Map<String, Long> sizes = new HashMap<>();
    for (String name : local(dirs)) {
      dirs.get(name)
          .replicaInfos()
          .forEach((partition, replica) -> {
            if (partition.topic().equals("t")) {
              sizes.put(prefix + name + " " + asText(partition), replica.size());
            }
          });
    }
    return sizes;
  }

  private static String asText(TopicPartition partition) {
    return partition.topic() + "-" + partition.partition();
  }
}
