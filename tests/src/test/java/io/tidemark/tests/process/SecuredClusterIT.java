package io.tidemark.tests.process;

import static io.tidemark.tests.process.Patience.patiently;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.gateway.security.tls.TestAuthority;
import io.tidemark.scenario.Scenario;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes as processes that encrypt what they say to each other, in the quorum too, and know
 * each other by certificates or passwords. Rules are on, so only nodes may act as nodes; clients
 * come in plain text and are a super user.
 */
@Tag("long")
class SecuredClusterIT {
  private static final String DISTRUST = "do not trust each other";
  private static final String PLAIN_USERS = "plain.sasl.jaas.config";

  @TempDir Path home;
  private TestAuthority authority;

  @BeforeEach
  void setUp() throws Exception {
    authority = TestAuthority.named("Test authority");
    authority.writePem(home.resolve("authority.pem"));
    for (int id = 1; id <= 4; id++) {
      authority.issue("node-" + id, "127.0.0.1").writePem(keys(id));
    }
  }

  private Path keys(int id) {
    return home.resolve("node-" + id + ".pem");
  }

  private Map<String, String> settings(String protocol) {
    return Map.ofEntries(
        Map.entry(
            "listener.security.protocol.map",
            "PLAINTEXT:PLAINTEXT,NODES:%s,CONTROLLER:%s".formatted(protocol, protocol)),
        Map.entry("ssl.keystore.type", "PEM"),
        Map.entry("ssl.truststore.type", "PEM"),
        Map.entry("ssl.truststore.location", home.resolve("authority.pem").toString()),
        Map.entry("ssl.principal.mapping.rules", "RULE:^CN=([^,]+).*$/$1/"),
        Map.entry("authorizer.class.name", "StandardAuthorizer"),
        Map.entry("super.users", "User:node-1;User:node-2;User:node-3;User:node-4;User:ANONYMOUS"),
        Map.entry("broker.session.timeout.ms", "3000"));
  }

  private ClusterProcesses cluster(String protocol) throws Exception {
    ClusterProcesses cluster =
        new ClusterProcesses(home, 3)
            .withListenerOfNodes("NODES")
            .withEach("ssl.keystore.location", id -> keys(Integer.parseInt(id)).toString());
    settings(protocol).forEach(cluster::with);
    return cluster;
  }

  private static void losesALeader(ClusterProcesses cluster) throws Exception {
    try (CheckedTopic topic = new CheckedTopic(cluster, "secured", Map.of()).start(1)) {
      int leader = topic.leader();
      cluster.node(leader).kill();
      topic.makesProgress();
      cluster.node(leader).start();
      topic.verify();
    }
  }

  private static boolean isThere(ClusterProcesses cluster, int id) throws Exception {
    try (Admin admin = cluster.admin()) {
      return admin.describeCluster().nodes().get().stream().anyMatch(node -> node.id() == id);
    }
  }

  @Test
  @Scenario({"S-09", "S-182", "S-190"})
  void certificatesCarryAClusterAndKeepStrangersOut() throws Exception {
    try (ClusterProcesses cluster = cluster("SSL").with("ssl.client.auth", "required").start()) {
      losesALeader(cluster);

      TestAuthority.named("Another").issue("node-4", "127.0.0.1").writePem(keys(4));
      try (NodeProcess fourth = fourth(cluster)) {
        fourth.startUntilLogged(DISTRUST);
        assertThat(fourth.isAlive()).isTrue();
        assertThat(isThere(cluster, 4)).isFalse();
        fourth.kill();

        authority.issue("node-4", "127.0.0.1").writePem(keys(4));
        fourth.start();
        await().atMost(CheckedTopic.PATIENCE).until(() -> isThere(cluster, 4));
      }
    }
  }

  /** A node without a vote, which finds the controllers where they listen. */
  private NodeProcess fourth(ClusterProcesses cluster) throws Exception {
    List<Integer> ports = NodeProcess.freePorts(2);
    NodeProcess node =
        new NodeProcess(Files.createDirectories(home.resolve("fourth")), ports.get(0), ports.get(1))
            .withHeap("256m")
            .with("node.id", "4")
            .with("process.roles", "broker")
            .with(
                "listeners", "PLAINTEXT://127.0.0.1:%d,NODES://127.0.0.1:0".formatted(ports.get(0)))
            .with("inter.broker.listener.name", "NODES")
            .with("controller.listener.names", "CONTROLLER")
            .with("controller.quorum.bootstrap.servers", cluster.controllers())
            .with("tidemark.log.dir.min.free.bytes", "0")
            .with("ssl.client.auth", "required")
            .with("ssl.keystore.location", keys(4).toString());
    settings("SSL").forEach(node::with);
    return node;
  }

  @Test
  @Scenario({"S-09", "S-182", "S-186"})
  void passwordsCarryAClusterAndKeepStrangersOut() throws Exception {
    try (ClusterProcesses cluster =
        cluster("SASL_SSL")
            .with("sasl.enabled.mechanisms", "PLAIN")
            .with("sasl.mechanism.inter.broker.protocol", "PLAIN")
            .with("sasl.mechanism.controller.protocol", "PLAIN")
            .withEach("listener.name.nodes." + PLAIN_USERS, id -> users(id, "secret-" + id))
            .withEach("listener.name.controller." + PLAIN_USERS, id -> users(id, "secret-" + id))
            .start()) {
      losesALeader(cluster);

      NodeProcess third = cluster.node(3);
      third.stop();
      third.with("listener.name.nodes." + PLAIN_USERS, users("3", "guessed"));
      third.with("listener.name.controller." + PLAIN_USERS, users("3", "guessed"));
      third.startUntilLogged(DISTRUST);
      assertThat(third.isAlive()).isTrue();
      patiently().until(() -> !isThere(cluster, 3));
    }
  }

  /** All nodes' passwords, and by which this one logs in. */
  private static String users(String id, String password) {
    return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"node-%s\" password=\"%s\" %s;"
        .formatted(
            id,
            password,
            IntStream.rangeClosed(1, 3)
                .mapToObj(each -> "user_node-%d=\"secret-%d\"".formatted(each, each))
                .collect(Collectors.joining(" ")));
  }
}
