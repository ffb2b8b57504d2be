package io.tidemark.tiering.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.scenario.Scenario;
import io.tidemark.tiering.store.ObjectKeys;
import io.tidemark.tiering.store.SimulatedObjectStore;
import io.tidemark.tiering.upload.BoundedWait;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TopicSweepTest {
  private static final Uuid GONE = new Uuid(1, 1);
  private static final Uuid KEPT = new Uuid(2, 2);

  private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
  private final SimulatedObjectStore store = new SimulatedObjectStore();
  private final ObjectKeys keys = new ObjectKeys("cluster");
  private final List<DeletedTopic> pending = new ArrayList<>();
  private final TopicSweep sweep =
      new TopicSweep(store, keys, new Pending(), new BoundedWait(timers, 1_000), 100);

  private final class Pending implements DeletedTopics {
    @Override
    public List<DeletedTopic> pending() {
      return List.copyOf(pending);
    }

    @Override
    public CompletableFuture<?> emptied(Uuid topicId) {
      pending.removeIf(topic -> topic.topicId().equals(topicId));
      return CompletableFuture.completedFuture(null);
    }
  }

  @AfterEach
  void stop() {
    timers.shutdownNow();
  }

  private void put(String key) {
    store.replace(key, new byte[] {1});
  }

  private String segment(Uuid topic, int partition, int number) {
    return keys.segment(topic, partition, new ObjectKeys.SegmentName(number, 1, new Uuid(9, 9)));
  }

  private void putTopic(Uuid topic, int segments) {
    for (int i = 0; i < segments; i++) {
      put(segment(topic, i % 3, i));
    }
    put(keys.manifest(topic, 1, 4, new Uuid(3, 3)));
    put(keys.leaf(topic, 2, 0, new Uuid(4, 4)));
    put(keys.topic(topic, 12));
  }

  @Test
  @Scenario("S-118")
  void aDeletedTopicIsEmptiedInPassesAndOthersStay() throws Exception {
    putTopic(GONE, 2_500);
    putTopic(KEPT, 5);
    pending.add(new DeletedTopic(GONE, "gone", 3));
    assertThat(sweep.pass(0)).isZero();
    assertThat(sweep.pass(99)).isZero();
    assertThat(sweep.pass(100)).isEqualTo(2_503);
    assertThat(store.keys()).noneMatch(key -> key.contains(GONE.toString())).hasSize(8);
    assertThat(pending).hasSize(1);
  }

  @Test
  @Scenario("S-118")
  void aLateUploadIsFoundBeforeTheTopicIsForgotten() throws Exception {
    putTopic(GONE, 2);
    pending.add(new DeletedTopic(GONE, "gone", 3));
    sweep.pass(0);
    sweep.pass(100);
    assertThat(sweep.pass(200)).isZero();
    put(segment(GONE, 2, 77));
    assertThat(sweep.pass(300)).isOne();
    assertThat(sweep.pass(400)).isZero();
    assertThat(pending).hasSize(1);
    assertThat(sweep.pass(500)).isZero();
    assertThat(pending).isEmpty();
    assertThat(store.keys()).isEmpty();
  }
}
