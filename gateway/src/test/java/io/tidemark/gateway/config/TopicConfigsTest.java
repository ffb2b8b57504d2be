package io.tidemark.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.log.LogConfig;
import io.tidemark.log.ProduceValidation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicConfigsTest {
  private static final Map<String, String> STORE = Map.of("tiering.store", "file:///tmp/store");

  private final TopicConfigs hot = new TopicConfigs(NodeConfig.of(Map.of()));
  private final TopicConfigs tiered = new TopicConfigs(NodeConfig.of(STORE));

  @Test
  void aTopicWithoutSettingsTakesTheNodes() {
    LogConfig log = tiered.logConfig(Map.of());
    assertThat(log.retentionMs()).isEqualTo(7L * 24 * 3_600_000);
    assertThat(log.segmentMs()).isEqualTo(7L * 24 * 3_600_000);
    assertThat(log.localRetentionMs()).isEqualTo(3_600_000);
    assertThat(log.remoteStorageEnable()).isTrue();
    assertThat(log.remoteCopyLagMs()).isZero();
    assertThat(log.flushMs()).isEqualTo(Long.MAX_VALUE);
    assertThat(log.delete()).isTrue();
    assertThat(log.compact()).isFalse();
    assertThat(hot.logConfig(Map.of()).remoteStorageEnable()).isFalse();
  }

  @Test
  void aTopicsOwnSettingsHold() {
    LogConfig log =
        hot.logConfig(
            Map.of(
                "retention.ms", "60000",
                "segment.bytes", "1048576",
                "message.timestamp.type", "LogAppendTime",
                "compression.type", "zstd",
                "tidemark.produce.validation", "header"));
    assertThat(log.retentionMs()).isEqualTo(60_000);
    assertThat(log.segmentBytes()).isEqualTo(1 << 20);
    assertThat(log.messageTimestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
    assertThat(log.compression()).hasToString("zstd");
    assertThat(log.validation()).isEqualTo(ProduceValidation.HEADER);
  }

  @Test
  void theNodesLocalRetentionGivesWayToAShorterRetention() {
    LogConfig log = tiered.logConfig(Map.of("retention.ms", "60000"));
    assertThat(log.localRetentionMs()).isEqualTo(LogConfig.LIKE_RETENTION);
    assertThat(log.effectiveLocalRetentionMs()).isEqualTo(60_000);
    assertThatCode(() -> tiered.validate("t", Map.of("retention.ms", "60000")))
        .doesNotThrowAnyException();
  }

  @Test
  void theFinestUnitOfTheNodesRetentionHolds() {
    Map<String, String> node = new HashMap<>(Map.of("log.retention.hours", "2"));
    assertThat(retention(node)).isEqualTo(7_200_000);
    node.put("log.retention.minutes", "3");
    assertThat(retention(node)).isEqualTo(180_000);
    node.put("log.retention.ms", "-1");
    assertThat(retention(node)).isEqualTo(-1);
  }

  private static long retention(Map<String, String> node) {
    return new TopicConfigs(NodeConfig.of(node)).logConfig(Map.of()).retentionMs();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          segment.bytes=1; segment.bytes
          retention.ms=-5; retention.ms
          retention.ms=soon; retention.ms
          cleanup.policy=shred; delete, compact, both or nothing
          min.insync.replicas=0; min.insync.replicas
          message.timestamp.type=Whenever; message.timestamp.type
          compression.gzip.level=11; from 1 to 9
          no.such.key=1; Unknown topic config name: no.such.key
          local.retention.ms=900000000000; must not be more than retention.ms
          local.retention.ms=-1; must not be more than retention.ms
          remote.copy.lag.ms=7200000; must not be more than the effective local.retention.ms
          """)
  void settingsThatCannotBeAreRefused(String setting, String message) {
    String[] parts = setting.split("=", 2);
    assertThatThrownBy(() -> tiered.validate("t", Map.of(parts[0], parts[1])))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining(message);
  }

  @Test
  void tieringNeedsAStore() {
    Map<String, String> settings = Map.of("remote.storage.enable", "true");
    assertThatThrownBy(() -> hot.validate("t", settings)).hasMessageContaining("tiering.store");
    assertThatCode(() -> tiered.validate("t", settings)).doesNotThrowAnyException();
  }

  @Test
  void internalTopicsMayBeCompacted() {
    assertThatCode(() -> hot.validate("__consumer_offsets", Map.of("cleanup.policy", "compact")))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          delete; false; true
          compact; true; false
          compact,delete; true; true
          ''; false; false
          """)
  void theCleanupPolicyIsAnyOfBothOrNeither(String policy, boolean compact, boolean delete) {
    Map<String, String> settings = Map.of("cleanup.policy", policy);
    assertThatCode(() -> hot.validate("t", settings)).doesNotThrowAnyException();
    LogConfig log = hot.logConfig(settings);
    assertThat(log.compact()).isEqualTo(compact);
    assertThat(log.delete()).isEqualTo(delete);
    NodeConfig node = NodeConfig.of(Map.of("log.cleanup.policy", policy));
    assertThat(new TopicConfigs(node).logConfig(Map.of())).isEqualTo(log);
  }

  @Test
  void descriptionsTellWhereAValueComesFrom() {
    NodeConfig node =
        NodeConfig.of(Map.of("log.retention.hours", "1", "message.max.bytes", "5000"))
            .with(new NodeOverrides(Map.of(), Map.of("log.retention.ms", "9000")));
    List<ConfigEntry> entries = new TopicConfigs(node).describe(Map.of("retention.ms", "1000"));
    ConfigEntry retention = entry(entries, "retention.ms");
    assertThat(retention.value()).isEqualTo("1000");
    assertThat(retention.source()).isEqualTo(ConfigSource.DYNAMIC_TOPIC_CONFIG);
    assertThat(retention.synonyms())
        .extracting(s -> s.name() + "=" + s.value() + " " + s.source())
        .containsExactly(
            "retention.ms=1000 DYNAMIC_TOPIC_CONFIG",
            "log.retention.ms=9000 DYNAMIC_DEFAULT_BROKER_CONFIG",
            "log.retention.hours=1 STATIC_BROKER_CONFIG",
            "log.retention.hours=168 DEFAULT_CONFIG");
    ConfigEntry largest = entry(entries, "max.message.bytes");
    assertThat(largest.value()).isEqualTo("5000");
    assertThat(largest.source()).isEqualTo(ConfigSource.STATIC_BROKER_CONFIG);
    ConfigEntry segment = entry(entries, "segment.ms");
    assertThat(segment.value()).isEqualTo("604800000");
    assertThat(segment.source()).isEqualTo(ConfigSource.DEFAULT_CONFIG);
    assertThat(entries).extracting(ConfigEntry::name).isSorted().contains("cleanup.policy");
  }

  private static ConfigEntry entry(List<ConfigEntry> entries, String name) {
    return entries.stream().filter(e -> e.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void theControllerLearnsWhatItMustKnow() {
    DeclaredConfigPolicy policy = new DeclaredConfigPolicy(() -> NodeConfig.of(STORE));
    assertThat(policy.isList(ConfigResource.Type.TOPIC, "cleanup.policy")).isTrue();
    assertThat(policy.isList(ConfigResource.Type.TOPIC, "retention.ms")).isFalse();
    assertThat(policy.defaultValue(ConfigResource.Type.TOPIC, "retention.ms"))
        .isEqualTo("604800000");
    assertThat(policy.defaultValue(ConfigResource.Type.TOPIC, "nonsense")).isNull();
    assertThat(policy.isTiered(Map.of())).isTrue();
    assertThat(policy.isTiered(Map.of("remote.storage.enable", "false"))).isFalse();
  }

  @Test
  void tieringIsNotSwitchedOffWhileWhatIsInTheStoreIsKept() {
    DeclaredConfigPolicy policy = new DeclaredConfigPolicy(() -> NodeConfig.of(STORE));
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "t");
    Map<String, String> off = Map.of("remote.storage.enable", "false");
    Map<String, String> deletes =
        Map.of("remote.storage.enable", "false", "remote.log.delete.on.disable", "true");

    assertThatThrownBy(() -> policy.validateChange(topic, Map.of(), off))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("remote.log.copy.disable=true")
        .hasMessageContaining("remote.log.delete.on.disable=true");
    assertThatCode(() -> policy.validateChange(topic, Map.of(), deletes))
        .doesNotThrowAnyException();
    assertThatCode(() -> policy.validateChange(topic, deletes, off)).doesNotThrowAnyException();
    assertThatCode(() -> policy.validateChange(topic, off, Map.of())).doesNotThrowAnyException();
    assertThatCode(() -> policy.validate(topic, off)).doesNotThrowAnyException();
  }

  @Test
  void aNodeWithoutAStoreHasNothingToKeep() {
    DeclaredConfigPolicy policy = new DeclaredConfigPolicy(() -> NodeConfig.of(Map.of()));
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "t");
    assertThatCode(
            () -> policy.validateChange(topic, Map.of(), Map.of("remote.storage.enable", "false")))
        .doesNotThrowAnyException();
  }

  @Test
  void onlyDynamicNodeSettingsMayBeChanged() {
    DeclaredConfigPolicy policy = new DeclaredConfigPolicy(() -> NodeConfig.of(Map.of()));
    ConfigResource node = new ConfigResource(ConfigResource.Type.BROKER, "1");
    assertThatCode(() -> policy.validate(node, Map.of("log.retention.ms", "5")))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> policy.validate(node, Map.of("node.id", "5")))
        .hasMessageContaining("cannot be changed while a node runs");
    assertThatThrownBy(() -> policy.validate(node, Map.of("nonsense", "5")))
        .hasMessageContaining("Unknown node config name");
  }
}
