package io.tidemark.tests.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.gateway.node.NodeFixture;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Defaults of topics, changed for the cluster or a node while it runs, hold at once. */
class DynamicDefaultsIT {
  @TempDir Path home = Path.of("");

  @Test
  void changedDefaultsHoldForTopicsThatSetNothing() throws Exception {
    try (NodeFixture node = new NodeFixture(home).withDirectoryStore(home).start()) {
      try (Admin admin = node.admin()) {
        admin.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all().get();
        send(node, "t", 100);

        ConfigResource cluster = new ConfigResource(ConfigResource.Type.BROKER, "");
        ConfigResource self = new ConfigResource(ConfigResource.Type.BROKER, "1");
        TopicSettings.set(node, cluster, "message.max.bytes", "5000");
        assertThatThrownBy(() -> send(node, "t", 8_000))
            .hasRootCauseInstanceOf(RecordTooLargeException.class);

        TopicSettings.set(node, self, "message.max.bytes", "20000");
        send(node, "t", 8_000);

        TopicSettings.set(node, cluster, "log.retention.ms", "10000");
        assertThatThrownBy(() -> TopicSettings.set(node, "t", "local.retention.ms", "20000"))
            .hasRootCauseInstanceOf(InvalidConfigurationException.class);
        TopicSettings.set(node, self, "log.retention.ms", "30000");
        TopicSettings.set(node, "t", "local.retention.ms", "20000");

        TopicSettings.set(node, cluster, "log.segment.bytes", "1048577");
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "t");
        assertThat(
                admin
                    .describeConfigs(List.of(topic))
                    .all()
                    .get()
                    .get(topic)
                    .get("segment.bytes")
                    .value())
            .isEqualTo("1048577");
      }
    }
  }

  private static void send(NodeFixture node, String topic, int bytes) throws Exception {
    Map<String, Object> config =
        node.clientConfig(
            Map.of("retries", 0, "enable.idempotence", false, "linger.ms", 0, "acks", "all"));
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>(topic, "v".repeat(bytes))).get();
    }
  }
}
