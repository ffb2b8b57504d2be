package io.tidemark.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidemark.gateway.net.ConnectionQuotas;
import io.tidemark.gateway.net.ConnectionQuotas.Quota;
import io.tidemark.scenario.Scenario;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeConfigTest {
  @TempDir Path folder;

  @Test
  void aBrokerWithoutAVoteNeedsToFindAController() {
    NodeConfig config =
        NodeConfig.of(
            Map.of(
                "node.id", "4",
                "process.roles", "broker",
                "controller.quorum.bootstrap.servers", "a:9095,b:9095",
                "controller.listener.names", "CONTROLLER"));

    assertThat(config.quorumVoters()).isEmpty();
    assertThat(config.controllerListeners()).isEmpty();
    assertThat(config.bootstrapControllers()).hasToString("[a:9095, b:9095]");
  }

  @Test
  void onlyAControllerIsWarnedThatItHasNoListenerForNodes() {
    Map<String, String> settings =
        Map.of(
            "controller.quorum.voters", "1@a:9093,2@b:9093,3@c:9093",
            "controller.quorum.bootstrap.servers", "a:9095,b:9095",
            "controller.listener.names", "CONTROLLER");
    Map<String, String> voter = new HashMap<>(settings);
    voter.put("node.id", "1");
    Map<String, String> broker = new HashMap<>(settings);
    broker.put("node.id", "4");
    broker.put("process.roles", "broker");

    assertThat(NodeConfig.of(voter).warnings())
        .anySatisfy(warning -> assertThat(warning).contains("opens no listener here"));
    assertThat(NodeConfig.of(broker).warnings()).isEmpty();
  }

  @Test
  void aControllerAloneServesNoClients() {
    NodeConfig config =
        NodeConfig.of(
            Map.of(
                "node.id", "1",
                "process.roles", "controller",
                "listeners", "CONTROLLER://localhost:9095",
                "controller.listener.names", "CONTROLLER"));

    assertThat(config.listeners()).isEmpty();
    assertThat(config.controllerListeners()).hasToString("[CONTROLLER://localhost:9095]");
  }

  @Test
  void rolesAndListenersMustGoTogether() {
    assertThatThrownBy(() ->
            NodeConfig.of(
                Map.of(
                    "node.id", "4",
                    "process.roles", "broker",
                    "controller.quorum.bootstrap.servers", "a:9095",
                    "listeners", "PLAINTEXT://localhost:9092,CONTROLLER://localhost:9095",
                    "controller.listener.names", "CONTROLLER")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("this node has not the role controller");
    assertThatThrownBy(() ->
            NodeConfig.of(
                Map.of(
                    "node.id", "4",
                    "process.roles", "broker",
                    "controller.quorum.bootstrap.servers", "a:9095",
                    "controller.quorum.voters", "4@localhost:9093")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("must be a controller");
  }

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
  void valuesMayReferToFilesAndAreNotToldByDescriptions() throws Exception {
    Path secrets = Files.writeString(folder.resolve("secrets"), "store=changeit\nid=7\n");
    Path file = folder.resolve("node.properties");
    Files.writeString(file, "ssl.keystore.password=${file:%s:store}\n".formatted(secrets));
    NodeConfig config = NodeConfig.load(file, List.of("node.id=${file:" + secrets + ":id}"));
    assertThat(config.nodeId()).isEqualTo(7);
    assertThat(config.getString("ssl.keystore.password")).isEqualTo("changeit");
    assertThat(NodeConfigs.describe(config).toString() + config.layers())
        .contains("ssl.keystore.password")
        .doesNotContain("changeit");
  }

  @Test
  void aReferenceThatLeadsNowhereIsToldWithItsPlace() throws Exception {
    Path file = folder.resolve("node.properties");
    Files.writeString(file, "\nssl.keystore.password=${env:TIDEMARK_NO_SUCH_VARIABLE}\n");
    assertThat(problems(file, "broker.rack=${vault:a}"))
        .anySatisfy(p ->
            assertThat(p)
                .contains("node.properties:2: ssl.keystore.password: ${env:TIDEMARK_NO_SUCH")
                .contains("is not set"))
        .anySatisfy(p -> assertThat(p).contains("--set: broker.rack: ${vault:a} refers to nothing"))
        .hasSize(2);
  }

  @Test
  void whatAReferenceStandsForIsNotRepeatedInErrors() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "hunter2\n");
    assertThat(problems(null, "num.partitions=${file:" + secret + "}"))
        .singleElement()
        .asString()
        .contains("num.partitions: what ${file:" + secret + "} stands for is no int")
        .doesNotContain("hunter2");
  }

  @Test
  void aReferenceThatTheCommandLineReplacesIsNotFollowed() throws Exception {
    Path file = folder.resolve("node.properties");
    Files.writeString(file, "broker.rack=${file:/no/such/file}\n");
    assertThat(NodeConfig.load(file, List.of("broker.rack=a")).rack()).contains("a");
  }

  @Test
  void providersOfKafkaMayBeNamedAndOthersStopTheStart() {
    String kafkas = "org.apache.kafka.common.config.provider.EnvVarConfigProvider";
    assertThat(
            NodeConfig.load(
                    null, List.of("config.providers=env", "config.providers.env.class=" + kafkas))
                .warnings())
        .singleElement()
        .asString()
        .contains("are built in");
    assertThat(
            problems(
                null,
                "config.providers.vault.class=org.example.Vault",
                "config.providers.file.param.allowed.paths=/run/secrets"))
        .anySatisfy(p -> assertThat(p).contains("only Kafka's own providers are known"))
        .anySatisfy(p -> assertThat(p).contains("is not limited by parameters"));
  }

  @Test
  @Scenario("S-194")
  void whatIsChangedOverTheNetworkRefersToNoFileOrVariable() {
    String password = "listener.name.ssl.ssl.keystore.password";
    for (String reference : List.of("${file:/etc/passwd}", "a${env:HOME}", "${dir:/etc:passwd}")) {
      assertThatThrownBy(() -> NodeConfigs.validateDynamic(Map.of(password, reference)))
          .isInstanceOf(InvalidConfigurationException.class)
          .hasMessageContaining("are resolved only in the configuration");
      assertThatThrownBy(() ->
              new TopicConfigs(NodeConfig.of(Map.of()))
                  .validate("t", Map.of("retention.ms", reference)))
          .isInstanceOf(InvalidConfigurationException.class)
          .hasMessageContaining("are resolved only in the configuration");
    }
    NodeConfig changed =
        NodeConfig.of(Map.of())
            .with(new NodeOverrides(Map.of(password, "${file:/etc/passwd}"), Map.of()));
    assertThat(changed.getString(password)).isEqualTo("${file:/etc/passwd}");
  }

  @Test
  @Scenario("S-194")
  void onlyCertificatesAmongWhatNamesFilesAndClassesChangesWhileANodeRuns() {
    for (ConfigDef.ConfigKey key : NodeDefinition.keys().values()) {
      boolean namesOne =
          key.name.matches(
              ".*(\\.file|\\.location|\\.class|\\.class\\.name|\\.url|jaas.config|\\.dirs?)");
      if (namesOne && !key.name.equals(ReplicationKeys.CORDONED_LOG_DIRS)) {
        assertThat(NodeDefinition.isDynamic(key.name)).as(key.name).isFalse();
      }
    }
    for (String key :
        List.of(
            "plain.sasl.jaas.config",
            "oauthbearer.sasl.server.callback.handler.class",
            "sasl.oauthbearer.jwks.endpoint.url")) {
      assertThat(NodeDefinition.isDynamic("listener.name.a." + key)).as(key).isFalse();
    }
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

  @Test
  void anHttpPortThatOthersReachAsksForCredentialsOrIsSaidToBeOpen() {
    String open = "tidemark.http.listener=0.0.0.0:9094";
    assertThat(problems(null, open))
        .singleElement()
        .asString()
        .contains("nobody there is asked for credentials");
    NodeConfig probes = NodeConfig.load(null, List.of(open, "tidemark.http.anonymous=metrics"));
    assertThat(probes.http().anonymous()).isEqualTo("metrics");
    assertThat(probes.warnings()).isEmpty();
    assertThat(NodeConfig.load(null, List.of(open, "tidemark.http.anonymous=all")).warnings())
        .anySatisfy(w -> assertThat(w).contains("anybody may ask it for everything"));
    NodeConfig asked = NodeConfig.load(null, List.of(open, "tidemark.http.auth.users=a:b, c:d:e"));
    assertThat(asked.http().users()).containsExactly("a:b", "c:d:e");
    assertThat(asked.http().anonymous()).isEqualTo("probes");
    assertThat(asked.warnings())
        .singleElement()
        .asString()
        .contains("credentials are sent to it without encryption");
  }

  @Test
  void theHttpPortTakesTheListenersCertificatesOrItsOwn() {
    NodeConfig config =
        NodeConfig.of(
            Map.of(
                "tidemark.http.security.protocol", "SSL",
                "ssl.keystore.location", "/node.pem",
                "ssl.keystore.type", "PEM",
                "ssl.client.auth", "required",
                "tidemark.http.ssl.keystore.location", "/http.pem"));
    assertThat(config.http().encryption().tls())
        .containsEntry("ssl.keystore.location", "/http.pem")
        .containsEntry("ssl.keystore.type", "PEM")
        .containsEntry("ssl.client.auth", "none");
    assertThat(NodeDefinition.isDynamic("tidemark.http.ssl.keystore.location")).isFalse();
  }

  @Test
  void aSaslListenerNeedsWhatItsMechanismsNeed() {
    assertThat(ofSasl("GSSAPI,PLAIN,OAUTHBEARER"))
        .anySatisfy(p -> assertThat(p).contains("GSSAPI is not served"))
        .anySatisfy(p -> assertThat(p).contains("PLAIN has no users"))
        .anySatisfy(p -> assertThat(p).contains("cannot check a token without keys"))
        .anySatisfy(p -> assertThat(p).contains("sasl.oauthbearer.expected.issuer: must be set"))
        .anySatisfy(p -> assertThat(p).contains("sasl.oauthbearer.expected.audience: must be"));
  }

  private List<String> ofSasl(String mechanisms) {
    return problems(
        null, "listeners=SASL_PLAINTEXT://localhost:9092", "sasl.enabled.mechanisms=" + mechanisms);
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
  void votersDoNotShareTheirPortWithAControllersListener() {
    Map<String, String> settings = new HashMap<>();
    settings.put("controller.quorum.voters", "1@localhost:9093,2@other:9093");
    settings.put("listeners", "PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093");
    settings.put("controller.listener.names", "CONTROLLER");
    assertThat(
            catchThrowableOfType(ConfigurationException.class, () -> NodeConfig.of(settings))
                .problems())
        .anySatisfy(p -> assertThat(p).contains("give it another"));

    settings.put("listeners", "PLAINTEXT://localhost:9092,CONTROLLER://localhost:9095");
    assertThat(NodeConfig.of(settings).controllerListeners()).hasSize(1);
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
  void aListenerMayHaveLimitsOfItsOwn() {
    NodeConfig config =
        NodeConfig.of(
            Map.of(
                "listeners", "PLAINTEXT://localhost:9092,NODES://localhost:9095",
                "listener.security.protocol.map", "NODES:PLAINTEXT,PLAINTEXT:PLAINTEXT",
                "inter.broker.listener.name", "NODES",
                "max.connections", "100",
                "listener.name.plaintext.max.connections", "80",
                "listener.name.plaintext.max.connection.creation.rate", "20"));
    ConnectionQuotas quotas = config.connectionSettings().quotas();
    assertThat(quotas.node()).isEqualTo(new Quota(100, Integer.MAX_VALUE));
    assertThat(quotas.byListener())
        .isEqualTo(Map.of("PLAINTEXT", new Quota(80, 20), "NODES", Quota.NONE));
    assertThat(quotas.protectedListener()).isEqualTo("NODES");
    assertThat(config.warnings()).isEmpty();

    NodeConfig changed =
        config.with(
            new NodeOverrides(
                Map.of("listener.name.nodes.max.connections", "7"),
                Map.of("listener.name.plaintext.max.connections", "9")));
    assertThat(changed.connectionSettings().quotas().byListener())
        .isEqualTo(Map.of("PLAINTEXT", new Quota(9, 20), "NODES", new Quota(7, Integer.MAX_VALUE)));
    assertThat(NodeConfigs.describe(changed))
        .extracting(ConfigEntry::name)
        .contains("listener.name.nodes.max.connections");
  }

  @Test
  void theOnlyListenerIsNotProtected() {
    assertThat(NodeConfig.of(Map.of()).connectionSettings().quotas().protectedListener()).isNull();
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

  @Test
  void secretsAreNotShown() {
    NodeConfig config = NodeConfig.of(Map.of("tiering.s3.secret.access.key", "hush"));
    assertThat(config.getString(TieringKeys.S3_SECRET_ACCESS_KEY)).isEqualTo("hush");
    ConfigEntry entry =
        NodeConfigs.describe(config).stream()
            .filter(e -> e.name().equals("tiering.s3.secret.access.key"))
            .findFirst()
            .orElseThrow();
    assertThat(entry.toString()).doesNotContain("hush");
    assertThat(entry.isSensitive()).isTrue();
  }

  private List<String> problems(@Nullable Path file, String... overrides) {
    var thrown =
        catchThrowableOfType(
            ConfigurationException.class, () -> NodeConfig.load(file, List.of(overrides)));
    assertThat(thrown).as("refused").isNotNull();
    return thrown.problems();
  }
}
