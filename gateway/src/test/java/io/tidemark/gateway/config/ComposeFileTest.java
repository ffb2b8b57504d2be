package io.tidemark.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What {@code deploy/} sets are settings a node takes, and fit together. */
class ComposeFileTest {
  private static final Path DEPLOY = Path.of("..", "deploy");
  private static final Pattern SERVICE = Pattern.compile("^  ([a-z0-9-]+):$");
  private static final Pattern ITEM =
      Pattern.compile("^      - (?:&([a-z-]+) )?(--set=\\S+)$|^      - \\*([a-z-]+)$");

  /** The arguments of each service that has any, with what YAML's aliases stand for. */
  private static Map<String, List<String>> overrides() throws IOException {
    Map<String, List<String>> byService = new HashMap<>();
    Map<String, String> anchors = new HashMap<>();
    String service = "";
    for (String line : Files.readAllLines(DEPLOY.resolve("compose.yaml"))) {
      Matcher begins = SERVICE.matcher(line);
      service = begins.matches() ? begins.group(1) : service;
      Matcher item = ITEM.matcher(line);
      if (item.matches()) {
        String argument = item.group(2);
        if (argument == null) {
          argument = anchors.getOrDefault(item.group(3), "unknown alias");
        } else if (item.group(1) != null) {
          anchors.put(item.group(1), argument);
        }
        byService
            .computeIfAbsent(service, name -> new ArrayList<>())
            .add(argument.replace("--set=", ""));
      }
    }
    return byService;
  }

  /** Inside, a container listens on all of its addresses; outside, its ports are published. */
  private static boolean isOfContainers(String warning) {
    return warning.contains("://0.0.0.0:") || warning.contains("listener 0.0.0.0:");
  }

  @Test
  void theThreeNodesOfTheComposeFileAreOneCluster() throws IOException {
    Map<String, List<String>> overrides = overrides();

    assertThat(overrides).containsOnlyKeys("node-1", "node-2", "node-3");
    List<QuorumVoter> voters =
        NodeConfig.load(null, overrides.getOrDefault("node-1", List.of())).quorumVoters();
    for (int id = 1; id <= 3; id++) {
      String name = "node-" + id;
      NodeConfig node = NodeConfig.load(null, overrides.getOrDefault(name, List.of()));
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
