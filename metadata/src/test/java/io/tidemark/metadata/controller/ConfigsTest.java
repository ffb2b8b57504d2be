package io.tidemark.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** IncrementalAlterConfigs and AlterConfigs as Kafka answers them. */
class ConfigsTest {
  private final ControlledCluster cluster = new ControlledCluster(1);

  private Errors alter(
      ConfigResource.Type type, String name, OpType operation, String key, @Nullable String value) {
    return alter(
        type,
        name,
        false,
        new AlterableConfig().setName(key).setConfigOperation(operation.id()).setValue(value));
  }

  private Errors alter(
      ConfigResource.Type type, String name, boolean validateOnly, AlterableConfig... configs) {
    IncrementalAlterConfigsRequestData request =
        new IncrementalAlterConfigsRequestData().setValidateOnly(validateOnly);
    var resource =
        new IncrementalAlterConfigsRequestData.AlterConfigsResource()
            .setResourceType(type.id())
            .setResourceName(name);
    for (AlterableConfig config : configs) {
      resource.configs().mustAdd(config);
    }
    request.resources().add(resource);
    return Errors.forCode(
        cluster
            .done(cluster.controller.incrementalAlterConfigs(request))
            .responses()
            .getFirst()
            .errorCode());
  }

  private Map<String, String> topicConfigs() {
    return cluster.image().configs().ofTopic("t");
  }

  @Test
  void valuesAreSetAndDeletedAndListsGrowAndShrink() {
    cluster.create("t", 1, 1);
    assertThat(alter(ConfigResource.Type.TOPIC, "t", OpType.SET, "retention.ms", "5"))
        .isEqualTo(Errors.NONE);
    assertThat(topicConfigs()).isEqualTo(Map.of("retention.ms", "5"));
    alter(ConfigResource.Type.TOPIC, "t", OpType.DELETE, "retention.ms", null);
    assertThat(topicConfigs()).isEmpty();
    alter(ConfigResource.Type.TOPIC, "t", OpType.APPEND, "cleanup.policy", "compact");
    assertThat(topicConfigs()).isEqualTo(Map.of("cleanup.policy", "delete,compact"));
    alter(ConfigResource.Type.TOPIC, "t", OpType.SUBTRACT, "cleanup.policy", "delete");
    assertThat(topicConfigs()).isEqualTo(Map.of("cleanup.policy", "compact"));
  }

  @Test
  void whatCannotBeIsRefused() {
    cluster.create("t", 1, 1);
    assertThat(alter(ConfigResource.Type.TOPIC, "u", OpType.SET, "retention.ms", "5"))
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    assertThat(alter(ConfigResource.Type.TOPIC, "t", OpType.SET, "nonsense", "5"))
        .isEqualTo(Errors.INVALID_CONFIG);
    assertThat(alter(ConfigResource.Type.TOPIC, "t", OpType.APPEND, "retention.ms", "5"))
        .isEqualTo(Errors.INVALID_CONFIG);
    assertThat(alter(ConfigResource.Type.TOPIC, "t", OpType.SET, "retention.ms", null))
        .isEqualTo(Errors.INVALID_REQUEST);
    assertThat(alter(ConfigResource.Type.BROKER, "x", OpType.SET, "a", "5"))
        .isEqualTo(Errors.INVALID_REQUEST);
    assertThat(alter(ConfigResource.Type.BROKER, "9", OpType.SET, "a", "5"))
        .isEqualTo(Errors.BROKER_ID_NOT_REGISTERED);
    assertThat(alter(ConfigResource.Type.BROKER_LOGGER, "1", OpType.SET, "a", "5"))
        .isEqualTo(Errors.INVALID_REQUEST);
    assertThat(alter(ConfigResource.Type.GROUP, "", OpType.SET, "a", "5"))
        .isEqualTo(Errors.INVALID_REQUEST);
    AlterableConfig set = new AlterableConfig().setName("retention.ms").setValue("5");
    AlterableConfig delete =
        new AlterableConfig().setName("retention.ms").setConfigOperation(OpType.DELETE.id());
    assertThat(alter(ConfigResource.Type.TOPIC, "t", false, set, delete))
        .isEqualTo(Errors.INVALID_REQUEST);
    AlterableConfig strange = set.duplicate().setConfigOperation((byte) 7);
    assertThat(alter(ConfigResource.Type.TOPIC, "t", false, strange))
        .isEqualTo(Errors.INVALID_REQUEST);
    assertThat(topicConfigs()).isEmpty();
  }

  @Test
  void nodesTheClusterGroupsAndClientMetricsAreConfigured() {
    for (ConfigResource resource :
        new ConfigResource[] {
          new ConfigResource(ConfigResource.Type.BROKER, "1"),
          new ConfigResource(ConfigResource.Type.BROKER, ""),
          new ConfigResource(ConfigResource.Type.GROUP, "g"),
          new ConfigResource(ConfigResource.Type.CLIENT_METRICS, "m")
        }) {
      assertThat(alter(resource.type(), resource.name(), OpType.SET, "k", "v"))
          .isEqualTo(Errors.NONE);
      assertThat(cluster.image().configs().of(resource)).isEqualTo(Map.of("k", "v"));
    }
  }

  @Test
  void validatingOnlyChangesNothing() {
    cluster.create("t", 1, 1);
    AlterableConfig set = new AlterableConfig().setName("retention.ms").setValue("5");
    assertThat(alter(ConfigResource.Type.TOPIC, "t", true, set)).isEqualTo(Errors.NONE);
    assertThat(topicConfigs()).isEmpty();
  }

  @Test
  void theOlderRequestReplacesEverything() {
    cluster.create("t", 1, 1, "retention.ms", "5", "segment.bytes", "4096");
    AlterConfigsRequestData request = new AlterConfigsRequestData();
    AlterConfigsResource resource =
        new AlterConfigsResource()
            .setResourceType(ConfigResource.Type.TOPIC.id())
            .setResourceName("t");
    resource
        .configs()
        .add(new AlterConfigsRequestData.AlterableConfig().setName("retention.ms").setValue("7"));
    request.resources().add(resource);
    assertThat(
            cluster
                .done(cluster.controller.alterConfigs(request))
                .responses()
                .getFirst()
                .errorCode())
        .isZero();
    assertThat(topicConfigs()).isEqualTo(Map.of("retention.ms", "7"));
  }
}
