package io.tidemark.bench.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerHomeTest {
  @TempDir private Path folder;

  @Test
  void membersOfAClusterKnowEachOtherAndShareNothing() throws IOException {
    List<ServerHome> homes = ServerHome.freshCluster(folder, 3);

    assertThat(homes).extracting(ServerHome::nodeId).containsExactly(1, 2, 3);
    assertThat(homes).extracting(ServerHome::folder).doesNotHaveDuplicates();
    assertThat(homes).extracting(ServerHome::quorum).containsOnly(homes.getFirst().quorum());
    assertThat(homes.getFirst().quorum().voters().split(",", -1))
        .containsExactly(homes.stream().map(ServerHomeTest::voter).toArray(String[]::new));
    assertThat(homes.stream().map(ServerHome::ports).flatMap(ServerHomeTest::numbers))
        .hasSize(12)
        .doesNotHaveDuplicates();
  }

  @Test
  void aServerAloneIsItsOwnQuorumInAnEmptyFolder() throws IOException {
    Path left = Files.writeString(folder.resolve("left"), "of the one before");
    ServerHome home = ServerHome.fresh(folder);

    assertThat(left).doesNotExist();
    assertThat(home.quorum().voters()).isEqualTo(voter(home));
    assertThat(home.quorum().size()).isEqualTo(1);
  }

  private static String voter(ServerHome home) {
    return home.nodeId() + "@127.0.0.1:" + home.ports().quorum();
  }

  private static Stream<Integer> numbers(ServerHome.Ports ports) {
    return Stream.of(ports.kafka(), ports.quorum(), ports.http(), ports.controller());
  }
}
