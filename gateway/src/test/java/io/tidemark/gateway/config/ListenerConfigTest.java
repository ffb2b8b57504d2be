package io.tidemark.gateway.config;

import static io.tidemark.gateway.config.ConfigProblems.problems;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.gateway.net.ConnectionQuotas;
import io.tidemark.gateway.net.ConnectionQuotas.Quota;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What each listener, and the HTTP port, needs and allows. */
class ListenerConfigTest {

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
}
