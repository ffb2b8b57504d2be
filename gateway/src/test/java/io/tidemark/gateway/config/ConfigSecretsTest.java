package io.tidemark.gateway.config;

import static io.tidemark.gateway.config.ConfigProblems.problems;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.scenario.Scenario;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets, what values refer to, and what cannot be reached from afar by changing them. */
class ConfigSecretsTest {
  @TempDir Path folder;

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

  /** So that a new one is not shown because nobody thought of it. */
  @Test
  void whatSoundsLikeASecretIsOne() {
    Predicate<String> sounds =
        Pattern.compile("password|secret|\\.token$|keystore\\.key$|jaas\\.config|auth\\.users")
            .asPredicate();
    assertThat(NodeDefinition.keys().values())
        .filteredOn(key -> sounds.test(key.name))
        .hasSizeGreaterThan(10)
        .allSatisfy(key -> assertThat(key.type).as(key.name).isEqualTo(ConfigDef.Type.PASSWORD));
    String ofAListener = "listener.name.clients.plain.sasl.jaas.config";
    assertThat(Objects.requireNonNull(NodeDefinition.key(ofAListener)).type)
        .isEqualTo(ConfigDef.Type.PASSWORD);
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
}
