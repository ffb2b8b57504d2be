package io.tidemark.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.gateway.cli.ClusterState.Member;
import io.tidemark.gateway.cli.ClusterState.Placed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which nodes commands choose for the partitions they move. */
class MovePlanTest {

  private static Member node(int id, @Nullable String rack) {
    return new Member(id, "localhost:" + id, rack, false, false, "broker");
  }

  private static Placed placed(int partition, Integer... replicas) {
    List<Integer> all = List.of(replicas);
    return new Placed(new TopicPartition("t", partition), all, all, false, all.getFirst());
  }

  @Test
  void aNodeThatLeavesIsReplacedInItsPlaceByTheEmptiestNodeOfAnUnusedRack() {
    ClusterState state =
        new ClusterState(
            List.of(node(1, "a"), node(2, "b"), node(3, "b"), node(4, "c"), node(5, "c")),
            List.of(placed(0, 1, 2), placed(1, 4, 1), placed(2, 2, 4)));
    MovePlan plan = new MovePlan(state);

    assertThat(plan.without(placed(0, 1, 2), 1)).contains(List.of(5, 2));
    assertThat(plan.without(placed(1, 4, 1), 1)).contains(List.of(4, 3));
  }

  @Test
  void whatADrainMovesIsSpread() {
    List<Placed> partitions = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      partitions.add(placed(i, 1));
    }
    ClusterState state =
        new ClusterState(
            List.of(node(1, null), node(2, null), node(3, null), node(4, null)), partitions);
    Map<Integer, Integer> counts = new HashMap<>();
    Drain.plan(state, 1).values().forEach(t -> counts.merge(t.getFirst(), 1, Integer::sum));

    assertThat(counts).isEqualTo(Map.of(2, 4, 3, 4, 4, 4));
  }

  @Test
  void fencedAndCordonedNodesGetNothingAndADrainThatCannotEndIsRefused() {
    List<Member> nodes =
        List.of(
            node(1, null),
            node(2, null),
            new Member(3, "localhost:3", null, true, false, null),
            new Member(4, "localhost:4", null, false, true, "broker"));
    ClusterState state = new ClusterState(nodes, List.of(placed(0, 1), placed(1, 1, 2)));

    assertThat(new MovePlan(state).without(placed(0, 1), 1)).contains(List.of(2));
    assertThatThrownBy(() -> Drain.plan(state, 1))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("t-1")
        .hasMessageContaining("uncordon");
  }

  @Test
  void aPartitionOnItsWayFromTheNodeIsNotPlannedAgain() {
    Placed leaving = new Placed(new TopicPartition("t", 0), List.of(2, 1), List.of(2), true, 1);
    ClusterState state = new ClusterState(List.of(node(1, null), node(2, null)), List.of(leaving));

    assertThat(Drain.plan(state, 1)).isEmpty();
    assertThat(state.on(1)).containsExactly(leaving);
  }

  @Test
  void aReplicationFactorGrowsOverRacksAndShrinksWithoutItsLeader() {
    ClusterState state =
        new ClusterState(
            List.of(node(1, "a"), node(2, "a"), node(3, "b"), node(4, "c")),
            List.of(placed(0, 1), placed(1, 3, 4, 1)));
    MovePlan plan = new MovePlan(state);

    assertThat(plan.withFactor(placed(0, 1), 3)).contains(List.of(1, 3, 4));
    assertThat(plan.withFactor(placed(0, 1), 5)).isEmpty();
    assertThat(plan.withFactor(placed(1, 3, 4, 1), 1)).contains(List.of(3));
  }
}
