package io.tidemark.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.scenario.Scenario;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodePrincipalsTest {
  private static KafkaPrincipal user(String name) {
    return new KafkaPrincipal(KafkaPrincipal.USER_TYPE, name);
  }

  @Test
  @Scenario("S-182")
  void anIdBelongsToOnePrincipalAlone() {
    NodePrincipals nodes = NodePrincipals.parse("User:node-{id}.example");

    assertThat(nodes.of(12)).isEqualTo("User:node-12.example");
    assertThat(nodes.isNode(user("node-12.example"), 12)).isTrue();
    assertThat(nodes.isNode(user("node-12.example"), 1)).isFalse();
    assertThat(nodes.isNode(user("node-12xexample"), 12)).isFalse();
    assertThat(nodes.isNode(new KafkaPrincipal("Group", "node-12.example"), 12)).isFalse();
    assertThat(nodes.isNode(KafkaPrincipal.ANONYMOUS, 12)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"node-", "node-01", "node--1", "node-1x", "xnode-1", "node-1\n", "admin"})
  void whoIsCalledOtherwiseIsNoNode(String name) {
    assertThat(NodePrincipals.parse("User:node-{id}").isSomeNode(user(name))).isFalse();
  }

  @Test
  void wholeDistinguishedNamesWillDo() {
    NodePrincipals nodes = NodePrincipals.parse("User:CN=node-{id},O=Example");

    assertThat(nodes.isSomeNode(user("CN=node-0,O=Example"))).isTrue();
    assertThat(nodes.isNode(user("CN=node-7,O=Example"), 7)).isTrue();
  }

  @Test
  void whereNothingIsBoundEverybodyIsBelieved() {
    NodePrincipals nodes = NodePrincipals.parse("");

    assertThat(nodes.areBound()).isFalse();
    assertThat(nodes.isNode(user("anybody"), 3)).isTrue();
    assertThat(nodes.isSomeNode(KafkaPrincipal.ANONYMOUS)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"User:node", "User:{id}-{id}", "node-{id}", "{id}:node"})
  void whatNamesNoIdIsRefused(String text) {
    assertThatThrownBy(() -> NodePrincipals.parse(text)).isInstanceOf(ConfigException.class);
  }
}
