package io.tidemark.gateway.config;

import static io.tidemark.gateway.config.ConfigProblems.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeConfigTest {
  @TempDir Path folder;

  @Test
  void nothingNeedsToBeSet() {
    NodeConfig config = NodeConfig.of(Map.of());
    assertThat(config.nodeId()).isEqualTo(1);
    assertThat(config.roles()).isEqualTo(Set.of(Role.BROKER, Role.CONTROLLER));
    assertThat(config.quorumVoters()).hasToString("[1@localhost:9093]");
    assertThat(config.listeners()).hasToString("[PLAINTEXT://localhost:9092]");
    assertThat(config.advertisedListeners()).isEqualTo(config.listeners());
    assertThat(config.httpListener()).hasToString("localhost:9094");
    assertThat(config.logDirs()).containsExactly(Path.of("./tidemark-data"));
    assertThat(config.metadataLogDir()).isEqualTo(Path.of("./tidemark-data/quorum"));
    assertThat(config.tieringStore()).isEmpty();
    assertThat(config.interBrokerListenerName()).isEqualTo("PLAINTEXT");
    assertThat(config.getLong(TopicDefaultKeys.LOG_LOCAL_RETENTION_MS)).isEqualTo(3_600_000);
    assertThat(config.warnings()).isEmpty();
  }

  @Test
  void theCommandLineTakesPrecedenceOverTheFile() throws Exception {
    Path file = folder.resolve("node.properties");
    Files.writeString(file, "# a node\nnode.id=7\nnum.partitions = 3\n");
    NodeConfig config = NodeConfig.load(file, List.of("node.id=8"));
    assertThat(config.nodeId()).isEqualTo(8);
    assertThat(config.getInt(TopicDefaultKeys.NUM_PARTITIONS)).isEqualTo(3);
    assertThat(config.isSet(TopicDefaultKeys.NUM_PARTITIONS)).isTrue();
    assertThat(config.quorumVoters()).hasToString("[8@localhost:9093]");
  }

  @Test
  void everythingThatIsWrongIsToldAtOnceWithItsPlace() throws Exception {
    Path file = folder.resolve("bad.properties");
    Files.writeString(
        file,
        """
        node.id=one

        log.retenion.ms=5
        num.partitions=0
        auth\\
        orizer.class.name=org.example.Guard
        """);
    List<String> problems = problems(file, "zzz=1", "log.segment.bytes=10", "nonsense");
    assertThat(problems)
        .anySatisfy(p -> assertThat(p).contains("bad.properties:1: ").contains("node.id"))
        .anySatisfy(p ->
            assertThat(p)
                .contains("bad.properties:3: unknown setting log.retenion.ms")
                .contains("did you mean log.retention.ms?"))
        .anySatisfy(p -> assertThat(p).contains("bad.properties:4: ").contains("num.partitions"))
        .anySatisfy(
            p -> assertThat(p).contains("bad.properties:5: ").contains("authorizer.class.name"))
        .anySatisfy(p -> assertThat(p).isEqualTo("--set: unknown setting zzz"))
        .anySatisfy(p -> assertThat(p).contains("--set: ").contains("log.segment.bytes"))
        .anySatisfy(p -> assertThat(p).contains("--set nonsense: must be of the form key=value"))
        .hasSize(7);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          listeners=SSL://localhost:9092; needs a key and certificate
          super.users=User:root; nobody is held back unless authorizer.class.name
          super.users=root; is not of the form User:NAME
          ssl.client.auth=maybe; ssl.client.auth
          ssl.principal.mapping.rules=NONSENSE; ssl.principal.mapping.rules
          listeners=CLIENTS://localhost:9092; has no protocol; add CLIENTS:PLAINTEXT
          listeners=PLAINTEXT//localhost; is not of the form NAME://host:port
          listeners=PLAINTEXT://localhost:70000; is not a number from 0 to 65535
          listeners=PLAINTEXT://localhost:9094; uses the same port
          listeners=; needs one
          security.inter.broker.protocol=SASL; is none of
          tidemark.node.principal=User:node; must hold {id}
          advertised.listeners=PLAINTEXT://0.0.0.0:9092; no address that a client can reach
          advertised.listeners=OTHER://host:9092; is not among listeners
          inter.broker.listener.name=OTHER; is not among listeners
          process.roles=broker,gateway,controller; name one of them
          process.roles=brokr; is none of broker, gateway, controller
          process.roles=gateway; a gateway needs the name of the listener where brokers serve
          process.roles=gateway,controller; run them as two nodes
          process.roles=controller; needs a listener named by
          process.roles=controller; is for clients
          process.roles=broker; needs at least one controller's listener
          controller.quorum.voters=2@localhost:9093; must be among
          controller.quorum.bootstrap.servers=localhost; is not of the form host:port
          controller.quorum.voters=1@localhost; is not of the form host:port
          log.dirs=/a,/b,/a; is there twice
          log.retention.hours=0; must be -1 or at least 1
          log.cleanup.policy=shred; delete, compact, both or nothing
          group.min.session.timeout.ms=2000000; must not be above
          tiering.store=/tmp/store; file:///folder or s3://bucket/prefix
          tidemark.http.listener=9094; is not of the form host:port
          tidemark.http.security.protocol=SSL; the listener HTTP speaks SSL and needs a key
          tidemark.http.auth.users=ops; each must be user:password
          tidemark.http.auth.token=short; at least 16 characters
          tidemark.http.anonymous=nothing; must be probes, metrics or all
          tidemark.http.ssl.principal.mapping.rules=DEFAULT; unknown setting
          max.connections.per.ip.overrides=a; is not of the form host:number
          max.connections.per.ip=0; lets somebody in
          max.connection.creation.rate=-1; max.connection.creation.rate
          listener.name.plaintext.max.connections=-1; listener.name.plaintext.max.connections
          queued.max.request.bytes=5; at least 1 MiB
          compression.type=brotli; producer
          cordoned.log.dirs=*; cordon the node while it runs
          cordoned.log.dirs=/a; must be empty or *
          """)
  void settingsThatCannotBeAreRefused(String setting, String message) {
    assertThat(problems(null, setting)).anySatisfy(p -> assertThat(p).contains(message));
  }

  @Test
  void settingsOfKafkaWithoutEffectAreNamedInOneWarning() {
    NodeConfig config =
        NodeConfig.load(null, List.of("num.io.threads=8", "log.cleaner.io.buffer.size=2"));
    assertThat(config.warnings()).hasSize(1);
    assertThat(config.warnings().getFirst())
        .contains("num.io.threads (event loops")
        .contains("log.cleaner.io.buffer.size (the cleaner's buffers");
  }

  @Test
  void aKafkaConfigurationCanBeBroughtAlong() throws Exception {
    Path file = folder.resolve("server.properties");
    Files.writeString(
        file,
        """
        process.roles=broker,controller
        node.id=1
        controller.quorum.voters=1@localhost:9093
        listeners=PLAINTEXT://:9092,CONTROLLER://:9093
        inter.broker.listener.name=PLAINTEXT
        advertised.listeners=PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093
        controller.listener.names=CONTROLLER
        listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL
        num.network.threads=3
        num.io.threads=8
        socket.send.buffer.bytes=102400
        socket.receive.buffer.bytes=102400
        socket.request.max.bytes=104857600
        log.dirs=/tmp/kraft-combined-logs
        num.partitions=1
        num.recovery.threads.per.data.dir=2
        offsets.topic.replication.factor=1
        share.coordinator.state.topic.replication.factor=1
        share.coordinator.state.topic.min.isr=1
        transaction.state.log.replication.factor=1
        transaction.state.log.min.isr=1
        log.retention.hours=168
        log.segment.bytes=1073741824
        log.retention.check.interval.ms=300000
        """);
    NodeConfig config = NodeConfig.load(file, List.of());
    assertThat(config.listeners()).hasToString("[PLAINTEXT://:9092]");
    assertThat(config.controllerListeners()).hasToString("[CONTROLLER://:9093]");
    assertThat(config.advertisedControllerListeners()).hasToString("[CONTROLLER://localhost:9093]");
    assertThat(config.advertisedListeners()).hasToString("[PLAINTEXT://localhost:9092]");
    assertThat(config.warnings()).anySatisfy(w -> assertThat(w).contains("other machines"));
  }

  @Test
  void olderNamesAreUnderstood() {
    NodeConfig config = NodeConfig.of(Map.of("broker.id", "4", "log.dir", "/data"));
    assertThat(config.nodeId()).isEqualTo(4);
    assertThat(config.logDirs()).containsExactly(Path.of("/data"));
  }

  @Test
  void aSettingGivenTwiceIsWarnedOf() throws Exception {
    Path file = folder.resolve("twice.properties");
    Files.writeString(file, "node.id=1\nnode.id=2\n");
    NodeConfig config = NodeConfig.load(file, List.of());
    assertThat(config.nodeId()).isEqualTo(2);
    assertThat(config.warnings().getFirst())
        .contains("twice.properties:2: node.id was already set at")
        .contains("twice.properties:1");
  }

  @Test
  void dynamicSettingsStandAboveTheOthers() {
    NodeConfig config = NodeConfig.of(Map.of("message.max.bytes", "1000"));
    NodeConfig changed =
        config.with(
            new NodeOverrides(
                Map.of("log.retention.ms", "5"),
                Map.of("message.max.bytes", "2000", "log.retention.ms", "6", "node.id", "9")));
    assertThat(changed.getInt(TopicDefaultKeys.MESSAGE_MAX_BYTES)).isEqualTo(2_000);
    assertThat(changed.getLong(TopicDefaultKeys.LOG_RETENTION_MS)).isEqualTo(5);
    assertThat(changed.nodeId()).isEqualTo(1);
    assertThat(changed.with(NodeOverrides.NONE).getInt(TopicDefaultKeys.MESSAGE_MAX_BYTES))
        .isEqualTo(1_000);
  }

  @Test
  void everySettingSaysWhatItMeans() {
    assertThat(NodeDefinition.keys().values())
        .allSatisfy(key -> assertThat(key.documentation).as(key.name).endsWith("."));
    assertThat(TopicDefinition.keys().values())
        .allSatisfy(key -> assertThat(key.documentation).as(key.name).endsWith("."));
  }

  @Test
  void noSettingIsBothKnownAndIgnoredOrRefused() {
    assertThat(NodeDefinition.keys().keySet())
        .doesNotContainAnyElementsOf(IgnoredSettings.all().keySet())
        .doesNotContainAnyElementsOf(RefusedSettings.all().keySet());
  }
}
