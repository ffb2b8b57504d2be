package io.tidemark.gateway.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.gateway.console.ClusterEvents.Event;
import io.tidemark.log.ManualTime;
import io.tidemark.metadata.event.ImageDifference;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.LeaderRecovery;
import io.tidemark.metadata.image.ManifestPointer;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.Reassignment;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class ClusterEventsTest {
  private final ManualTime time = new ManualTime(1_000);
  private final ClusterEvents events = new ClusterEvents(time);
  private final SmallCluster cluster =
      new SmallCluster().node(1, "a", false).node(2, "b", false).topic("t", 1, 2);

  private List<String> told() {
    return events.after(0, 100).stream().map(Event::text).toList();
  }

  private static PartitionImage ledBy(PartitionImage old, int leader) {
    return new PartitionImage(
        old.replicas(),
        Reassignment.NONE,
        List.of(leader),
        List.of(),
        PartitionImage.NO_LEADER,
        leader,
        old.leaderEpoch() + 1,
        old.partitionEpoch() + 1,
        LeaderRecovery.RECOVERED,
        old.manifest(),
        old.logStartOffset());
  }

  @Test
  void whatWasThereBeforeTheNodeLookedIsNoEvent() {
    ClusterImage image = cluster.image();

    events.changed(ClusterImage.EMPTY, image, ImageDifference.between(ClusterImage.EMPTY, image));

    assertThat(told()).isEmpty();
  }

  @Test
  void nodesThatComeAreFencedAndServeAgainAreTold() {
    cluster.step(events, () -> cluster.node(3, "c", true));
    cluster.step(events, () -> cluster.node(2, "b", true));
    cluster.step(events, () -> cluster.node(3, "c", false));

    assertThat(told())
        .containsExactly(
            "Node 3 serves", "Node 2 was fenced: it leads nothing", "Node 3 joined the cluster");
  }

  @Test
  void leadersUploadsAndDeletionsAreToldByPartition() {
    cluster.step(events, () -> cluster.change("t", 0, old -> ledBy(old, 2)));
    cluster.step(
        events,
        () ->
            cluster.change(
                "t",
                1,
                old -> old.withManifest(new ManifestPointer(1, new Uuid(1, 1), 500, 9, 9))));
    cluster.step(events, () -> cluster.change("t", 1, old -> old.withLogStartOffset(120)));

    assertThat(told())
        .containsExactly(
            "t-1 begins at offset 120",
            "t-1 is in the store up to offset 500",
            "t-0 is led by node 2, epoch 1");
  }

  @Test
  void topicsThatComeAndGoAreTold() {
    cluster.step(events, () -> cluster.topic("u", 1, 1, 2));
    cluster.step(events, () -> cluster.withoutTopic("u"));

    assertThat(told())
        .containsExactly(
            "Topic u with 3 partitions was deleted", "Topic u with 3 partitions was created");
  }

  @Test
  void manyChangesAtOnceAreCountedNotListed() {
    cluster.topic("wide", IntStream.range(0, 40).map(i -> 1).boxed().toArray(Integer[]::new));

    cluster.step(
        events,
        () ->
            IntStream.range(0, 40)
                .forEach(index -> cluster.change("wide", index, old -> ledBy(old, 2))));

    assertThat(told())
        .hasSize(ClusterEvents.MOST_AT_ONCE + 1)
        .first()
        .isEqualTo("… and 32 more like it");
  }

  @Test
  void onlyTheNewestAreKeptAndTheirNumbersGoOn() {
    for (int round = 0; round < ClusterEvents.CAPACITY + 20; round++) {
      boolean isFenced = round % 2 == 0;
      time.advanceMs(1);
      cluster.step(events, () -> cluster.node(2, "b", isFenced));
    }

    List<Event> kept = events.after(0, Integer.MAX_VALUE);

    assertThat(kept).hasSize(ClusterEvents.CAPACITY);
    assertThat(kept.getFirst().sequence()).isEqualTo(ClusterEvents.CAPACITY + 20);
    assertThat(kept.getFirst().timeMs()).isEqualTo(time.milliseconds());
    assertThat(events.after(kept.get(3).sequence(), 100)).hasSize(3);
    assertThat(events.after(0, 5)).isEqualTo(kept.subList(0, 5));
  }
}
