package io.tidemark.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.gateway.ComposeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code deploy/} sets are settings a node takes, and fit together. */
class ComposeFileTest {
  private static final Path DEPLOY = Path.of("..", "deploy");

  /** Inside, a container listens on all of its addresses; outside, its ports are published. */
  private static boolean isOfContainers(String warning) {
    return warning.contains("://0.0.0.0:") || warning.contains("listener 0.0.0.0:");
  }

  @Test
  void theThreeNodesOfTheComposeFileAreOneCluster() throws IOException {
    ComposeFile file = ComposeFile.read(DEPLOY.resolve("compose.yaml"));

    assertThat(file.services()).containsExactlyInAnyOrder("node-1", "node-2", "node-3");
    List<QuorumVoter> voters = NodeConfig.load(null, file.settings("node-1")).quorumVoters();
    for (int id = 1; id <= 3; id++) {
      String name = "node-" + id;
      NodeConfig node = NodeConfig.load(null, file.settings(name));
      assertThat(node.nodeId()).isEqualTo(id);
      assertThat(node.warnings()).allMatch(ComposeFileTest::isOfContainers);
      assertThat(node.quorumVoters()).isEqualTo(voters);
      assertThat(voters).anySatisfy(voter -> assertThat(voter.address().host()).isEqualTo(name));
      assertThat(node.tieringStore()).hasValue("s3://tidemark/history");
      assertThat(node.advertisedListeners())
          .extracting(Endpoint::toString)
          .containsExactly("PLAINTEXT://" + name + ":9092", "LOCAL://localhost:" + id + "9092");
      assertThat(Files.readString(DEPLOY.resolve("compose.yaml")))
          .contains("127.0.0.1:%d9092:%d9092".formatted(id, id));
    }
  }

  @Test
  void theSettingsOfAContainerAndOfTheArchiveAreTaken() {
    NodeConfig container = NodeConfig.load(DEPLOY.resolve("container.properties"), List.of());
    NodeConfig sample = NodeConfig.load(DEPLOY.resolve("src/config/node.properties"), List.of());

    assertThat(container.warnings()).allMatch(ComposeFileTest::isOfContainers);
    assertThat(container.advertisedListeners())
        .extracting(Endpoint::toString)
        .containsExactly("PLAINTEXT://localhost:9092");
    assertThat(sample.warnings()).isEmpty();
  }
}
