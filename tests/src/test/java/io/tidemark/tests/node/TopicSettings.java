package io.tidemark.tests.node;

import io.tidemark.gateway.node.NodeFixture;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;

/** Changes settings with the Java client. */
final class TopicSettings {
  private TopicSettings() {}

  static void set(NodeFixture node, String topic, String... settings) throws Exception {
    set(node, new ConfigResource(ConfigResource.Type.TOPIC, topic), settings);
  }

  static void set(NodeFixture node, ConfigResource resource, String... settings) throws Exception {
    List<AlterConfigOp> changes = new ArrayList<>();
    for (int index = 0; index < settings.length; index += 2) {
      ConfigEntry entry = new ConfigEntry(settings[index], settings[index + 1]);
      changes.add(new AlterConfigOp(entry, AlterConfigOp.OpType.SET));
    }
    Map<ConfigResource, Collection<AlterConfigOp>> all = Map.of(resource, changes);
    try (Admin admin = node.admin()) {
      admin.incrementalAlterConfigs(all).all().get();
    }
  }
}
