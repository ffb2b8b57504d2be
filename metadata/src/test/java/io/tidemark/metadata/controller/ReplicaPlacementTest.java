package io.tidemark.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.event.ImageFold;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.NodeImage;
import io.tidemark.metadata.image.PartitionImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Where new replicas go. */
class ReplicaPlacementTest {

  private static NodeImage node(int id, @Nullable String rack, boolean fenced) {
    return new NodeImage(
        id,
        new Uuid(1, id),
        Event.EPOCH_IS_INDEX,
        List.of(),
        rack,
        fenced,
        false,
        List.of(),
        Map.of());
  }

  private static ClusterImage image(NodeImage... nodes) {
    ImageFold fold = new ImageFold(ClusterImage.EMPTY);
    for (NodeImage node : nodes) {
      fold.apply(new Event.NodeRegistered(node, -1), 1);
    }
    return fold.image(1);
  }

  private static ClusterImage with(ClusterImage image, Event... events) {
    ImageFold fold = new ImageFold(image);
    assertThat(fold.applyAll(List.of(events), 2)).isZero();
    return fold.image(2);
  }

  private static List<PartitionImage> place(ClusterImage image, int partitions, int factor) {
    return new ReplicaPlacement(image, new Random(7)).place(partitions, factor);
  }

  private static Map<Integer, Integer> replicasByNode(List<PartitionImage> partitions) {
    Map<Integer, Integer> counts = new HashMap<>();
    partitions.forEach(
        partition -> partition.replicas().forEach(id -> counts.merge(id, 1, Integer::sum)));
    return counts;
  }

  @Test
  void replicasSpreadOverRacksOfUnequalSizeAndLoadWithinThem() {
    ClusterImage image =
        image(
            node(1, "a", false),
            node(2, "b", false),
            node(3, "b", false),
            node(4, "c", false),
            node(5, "c", false),
            node(6, "c", false));
    List<PartitionImage> placed = place(image, 60, 3);
    Map<Integer, String> racks = Map.of(1, "a", 2, "b", 3, "b", 4, "c", 5, "c", 6, "c");
    for (PartitionImage partition : placed) {
      Set<String> used = new HashSet<>();
      partition.replicas().forEach(id -> used.add(racks.getOrDefault(id, "")));
      assertThat(used).hasSize(3);
    }
    Map<Integer, Integer> counts = replicasByNode(placed);
    assertThat(counts.get(1)).isEqualTo(60);
    assertThat(counts.get(2)).isEqualTo(30);
    assertThat(counts.get(3)).isEqualTo(30);
    assertThat(counts.get(4)).isEqualTo(20);
    Map<Integer, Integer> leaders = new HashMap<>();
    placed.forEach(partition -> leaders.merge(partition.leader(), 1, Integer::sum));
    assertThat(leaders.values()).allMatch(count -> count == 10);
  }

  @Test
  void moreReplicasThanRacksDoubleUpOnlyWhereTheyMust() {
    ClusterImage image =
        image(node(1, "a", false), node(2, "b", false), node(3, "b", false), node(4, "b", false));
    for (PartitionImage partition : place(image, 12, 3)) {
      assertThat(partition.replicas()).contains(1);
    }
  }

  @Test
  void fencedNodesAreTakenOnlyWhereNoOtherIsLeftAndCordonedOnesNever() {
    ClusterImage image =
        image(
            node(1, null, false), node(2, null, true), node(3, null, false), node(4, null, false));
    assertThat(replicasByNode(place(image, 8, 3))).doesNotContainKey(2);
    ClusterImage cordoned =
        with(
            image,
            new Event.ConfigsChanged(
                new ConfigResource(ConfigResource.Type.BROKER, "4"),
                Map.of(Cordon.CORDONED_LOG_DIRS, "*")));
    assertThat(replicasByNode(place(cordoned, 8, 2))).containsOnlyKeys(1, 3);
    assertThat(place(cordoned, 1, 3).getFirst().isr()).doesNotContain(2);
    assertThat(replicasByNode(place(cordoned, 1, 3))).containsOnlyKeys(1, 2, 3);
    assertThatThrownBy(() -> place(cordoned, 1, 4))
        .isInstanceOf(InvalidReplicationFactorException.class);
  }

  @Test
  void aNewNodeIsFilledFirst() {
    ClusterImage image = image(node(1, null, false), node(2, null, false), node(3, null, false));
    List<PartitionImage> present = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      List<Integer> replicas = List.of(1 + i % 2, 2 - i % 2);
      present.add(PartitionImage.created(replicas, replicas));
    }
    ClusterImage grown = with(image, new Event.TopicCreated(new Uuid(5, 5), "t", present));
    for (PartitionImage partition : place(grown, 4, 2)) {
      assertThat(partition.replicas()).contains(3);
    }
  }
}
