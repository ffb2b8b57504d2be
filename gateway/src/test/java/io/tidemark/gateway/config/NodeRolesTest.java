package io.tidemark.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which roles, voters and listeners of controllers go together. */
class NodeRolesTest {

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
}
