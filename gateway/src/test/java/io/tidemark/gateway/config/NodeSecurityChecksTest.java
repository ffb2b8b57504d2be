package io.tidemark.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.scenario.Scenario;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.Test;

/** What is refused at the start of what nodes would say to each other. */
class NodeSecurityChecksTest {
  private static final String PLAIN =
      "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"node-1\""
          + " password=\"one\" user_node-1=\"one\" user_node-2=\"two\";";

  private final Map<String, String> settings = new LinkedHashMap<>();

  /** Node 1 of three, each broker and voter. */
  private NodeSecurityChecksTest three(String protocolOfAll) {
    return with("node.id", "1")
        .with("listeners", "NODES://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093")
        .with(
            "listener.security.protocol.map",
            "NODES:%s,CONTROLLER:%s".formatted(protocolOfAll, protocolOfAll))
        .with("controller.listener.names", "CONTROLLER")
        .with("controller.quorum.voters", "1@127.0.0.1:9094,2@127.0.0.1:9095,3@127.0.0.1:9096")
        .with("ssl.keystore.location", "node.p12")
        .with("ssl.truststore.location", "ca.p12");
  }

  private NodeSecurityChecksTest with(String key, String value) {
    settings.put(key, value);
    return this;
  }

  private NodeConfig read() {
    return NodeConfig.of(settings);
  }

  private void assertRefused(String... told) {
    assertThatThrownBy(this::read)
        .isInstanceOf(ConfigurationException.class)
        .satisfies(e -> assertThat(e.getMessage()).contains(told));
  }

  @Test
  void certificatesWillDoOnAllListenersOfNodes() {
    NodeConfig config = three("SSL").with("ssl.client.auth", "required").read();

    assertThat(config.hasOtherNodes()).isTrue();
    assertThat(config.interBrokerListenerName()).isEqualTo("NODES");
    assertThat(config.controllerListener().orElseThrow().protocol())
        .isEqualTo(SecurityProtocol.SSL);
    assertThat(config.nodePrincipals().of(1)).isEqualTo("User:node-1");
  }

  @Test
  void theProtocolBetweenNodesNamesTheListenerThatIsCalledSo() {
    with("listeners", "PLAINTEXT://127.0.0.1:9092,SSL://127.0.0.1:9093")
        .with("ssl.keystore.location", "node.p12")
        .with("security.inter.broker.protocol", "SSL");

    assertThat(read().interBrokerListenerName()).isEqualTo("SSL");
    with("inter.broker.listener.name", "SSL").assertRefused("not both");
  }

  @Test
  void aListenerWhereNodesAreKnownByCertificatesMustAskForThem() {
    three("SSL")
        .assertRefused(
            "listener.name.nodes.ssl.client.auth", "listener.name.controller.ssl.client.auth");
    assertThat(with("tidemark.node.principal", "").read().nodePrincipals().areBound()).isFalse();
  }

  @Test
  void votersNeedTheAuthorityThatSignsTheirCertificates() {
    three("SSL").with("ssl.client.auth", "required").with("ssl.truststore.location", "");
    assertRefused("listener.name.controller.ssl.truststore.location");
  }

  @Test
  void aMechanismMustBeNamedWhereNodesLogIn() {
    three("SASL_SSL")
        .assertRefused(
            "sasl.mechanism.inter.broker.protocol: must be set",
            "sasl.mechanism.controller.protocol: must be set");
  }

  private NodeSecurityChecksTest threeByPlain() {
    return three("SASL_SSL")
        .with("sasl.enabled.mechanisms", "PLAIN")
        .with("sasl.mechanism.inter.broker.protocol", "PLAIN")
        .with("sasl.mechanism.controller.protocol", "PLAIN")
        .with("listener.name.nodes.plain.sasl.jaas.config", PLAIN)
        .with("listener.name.controller.plain.sasl.jaas.config", PLAIN);
  }

  @Test
  void passwordsWillDoWhereTheyAreTheNodesOwn() {
    NodeConfig config = threeByPlain().read();

    assertThat(NodeLogin.of(config.listener("NODES"), "PLAIN"))
        .isEqualTo(new NodeLogin.UserAndPassword("node-1", "one"))
        .hasToString("User:node-1");
    with("node.id", "2").assertRefused("this node logs in as User:node-1", "User:node-2");
  }

  @Test
  void aPasswordIsNeededToLogIn() {
    threeByPlain()
        .with(
            "listener.name.nodes.plain.sasl.jaas.config",
            "org.apache.kafka.common.security.plain.PlainLoginModule required user_a=\"b\";");
    assertRefused("listener.name.nodes.plain.sasl.jaas.config", "username and password");
  }

  @Test
  void scramIsRefusedForControllersWhoseMetadataHoldsItsUsers() {
    threeByPlain()
        .with("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-512")
        .with("sasl.mechanism.controller.protocol", "SCRAM-SHA-512");
    assertRefused(
        "sasl.mechanism.controller.protocol: SCRAM-SHA-512 has its users in the metadata");
  }

  @Test
  void scramWillDoBetweenReplicas() {
    threeByPlain()
        .with("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-512")
        .with("sasl.mechanism.inter.broker.protocol", "SCRAM-SHA-512")
        .with(
            "listener.name.nodes.scram-sha-512.sasl.jaas.config",
            "org.apache.kafka.common.security.scram.ScramLoginModule required"
                + " username=\"node-1\" password=\"one\";");
    assertThat(NodeLogin.of(read().listener("NODES"), "SCRAM-SHA-512"))
        .isEqualTo(new NodeLogin.UserAndPassword("node-1", "one"));
  }

  @Test
  void aMechanismThatTheListenerDoesNotTakeIsRefused() {
    threeByPlain()
        .with("listener.name.nodes.sasl.enabled.mechanisms", "SCRAM-SHA-256")
        .assertRefused("PLAIN is not among the mechanisms of the listener NODES");
  }

  @Test
  @Scenario("S-186")
  void severalVotersAreNotLeftWithoutCertificates() {
    threeByPlain()
        .with("listener.security.protocol.map", "NODES:SASL_SSL,CONTROLLER:SASL_PLAINTEXT");
    assertRefused("CONTROLLER is SASL_PLAINTEXT", "SASL_SSL or SSL");
  }

  @Test
  void tokensNeedAPlaceToComeFrom() {
    threeByPlain()
        .with("sasl.enabled.mechanisms", "PLAIN,OAUTHBEARER")
        .with("sasl.mechanism.inter.broker.protocol", "OAUTHBEARER");
    assertRefused("listener.name.nodes.sasl.oauthbearer.token.endpoint.url");

    with("sasl.oauthbearer.token.endpoint.url", "https://issuer/token")
        .with("sasl.oauthbearer.client.credentials.client.id", "node-1")
        .with("sasl.oauthbearer.client.credentials.client.secret", "hush")
        .with("sasl.oauthbearer.jwks.endpoint.url", "https://issuer/keys")
        .with("sasl.oauthbearer.expected.issuer", "https://issuer")
        .with("sasl.oauthbearer.expected.audience", "tidemark");
    assertThat(NodeLogin.of(read().listener("NODES"), "OAUTHBEARER"))
        .isEqualTo(new NodeLogin.Token("https://issuer/token", "node-1", "hush", ""))
        .hasToString("token of https://issuer/token");
  }

  @Test
  void aNodeThatIsAloneNeedsNothingOfIt() {
    with("listeners", "SASL_SSL://127.0.0.1:9092").with("ssl.keystore.location", "node.p12");

    assertThat(read().hasOtherNodes()).isFalse();
  }
}
