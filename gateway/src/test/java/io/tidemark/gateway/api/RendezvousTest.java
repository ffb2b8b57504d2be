package io.tidemark.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class RendezvousTest {
  private static final Uuid TOPIC = new Uuid(3, 4);
  private static final int PARTITIONS = 3_000;

  private static List<Node> nodes(int... ids) {
    return IntStream.of(ids).mapToObj(id -> new Node(id, "host", id)).toList();
  }

  private static int chosen(int partition, List<Node> nodes) {
    return Rendezvous.choose(TOPIC, partition, nodes).orElseThrow().id();
  }

  @Test
  void nobodyStandsForAPartitionWhereThereIsNobody() {
    assertThat(Rendezvous.choose(TOPIC, 0, List.of())).isEmpty();
  }

  @Test
  void whoeverAsksInWhateverOrderHearsTheSame() {
    List<Node> nodes = nodes(11, 12, 13);
    for (int partition = 0; partition < 100; partition++) {
      assertThat(chosen(partition, nodes.reversed())).isEqualTo(chosen(partition, nodes));
    }
  }

  @Test
  void partitionsAreSpreadEvenly() {
    Map<Integer, Integer> counts = new HashMap<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      counts.merge(chosen(partition, nodes(11, 12, 13)), 1, Integer::sum);
    }
    assertThat(counts.values())
        .hasSize(3)
        .allMatch(count -> Math.abs(count - PARTITIONS / 3) < PARTITIONS / 10);
  }

  @Test
  void aNodeThatGoesMovesItsOwnPartitionsAlone() {
    for (int partition = 0; partition < PARTITIONS; partition++) {
      int before = chosen(partition, nodes(11, 12, 13));
      if (before != 12) {
        assertThat(chosen(partition, nodes(11, 13))).isEqualTo(before);
      }
    }
  }
}
