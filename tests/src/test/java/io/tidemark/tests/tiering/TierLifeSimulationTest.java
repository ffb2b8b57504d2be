package io.tidemark.tests.tiering;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.LogConfig;
import io.tidemark.log.ManySeeds;
import io.tidemark.log.replica.ReplicaView;
import io.tidemark.tiering.manifest.ModelManifestCommits.Fate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.TopicIdPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole lives of tiered partitions, drawn from a seed: appends, uploads, kills, power losses, clean
 * stops, outages of store and quorum, lost answers, local deletion, retention, DeleteRecords,
 * switching tiering off and on, compaction in both tiers, topic deletion. First everything goes
 * wrong and safety is checked, then all heals and the store must come to rest. (S-97 to S-119,
 * S-125, S-130, S-136 to S-138)
 */
class TierLifeSimulationTest {
  private static final int STEPS = 120;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 625739, 20261142, 20261145, 20261343})
  void tieredDataSurvivesEverythingAndNothingElseStays(long seed) {
    live(seed);
  }

  @Test
  void aSeedReplaysIdentically() {
    assertThat(live(42)).isEqualTo(live(42));
  }

  @Test
  @Tag("long")
  void manySeeds() {
    ManySeeds.run("TierLifeSimulationTest", 120, 3, TierLifeSimulationTest::live);
  }

  private static long live(long seed) {
    try {
      return new Life(seed).run();
    } catch (Throwable e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
  }

  private static final class Life {
    private static final List<Fate> FAILURES =
        List.of(Fate.REQUEST_LOST, Fate.ANSWER_LOST, Fate.SILENT);

    private static final int KEYS = 40;

    private final TierWorld world;
    private final Random random;
    private final List<TopicIdPartition> ids = new ArrayList<>();
    private int topics;
    private int values;

    Life(long seed) {
      world = new TierWorld(seed);
      random = new Random(seed);
    }

    long run() {
      create();
      create();
      create();
      for (int step = 0; step < STEPS; step++) {
        act();
        world.runFor(random.nextInt(1_500));
        if (step % 10 == 0) {
          world.check();
        }
      }
      world.check();
      world.heal();
      world.runFor(120_000);
      world.checkQuiet();
      ids.forEach(this::checkIsCompacted);
      return world.simulation().trace();
    }

    private void checkIsCompacted(TopicIdPartition id) {
      ColdLog cold = ColdLog.of(world, id);
      boolean mustBe =
          world.isCompacted(id)
              && world.config(id.topic()).remoteStorageEnable()
              && !cold.segments().isEmpty();
      assertThat(!mustBe || cold.manifest().compactedTo() > 0).as("%s is compacted", id).isTrue();
    }

    private void create() {
      LogConfig kind = topics % 2 == 0 ? TierWorld.TIERED : TierWorld.COMPACTED;
      LogConfig config =
          kind.toBuilder().flushMessages(random.nextBoolean() ? 1 : 1_000_000).build();
      ids.add(world.create("topic-" + topics++, config));
    }

    private TopicIdPartition any() {
      return ids.get(random.nextInt(ids.size()));
    }

    private void act() {
      switch (random.nextInt(34)) {
        case 0 -> world.killAndRestart();
        case 1 -> world.crashAndRestart();
        case 2 -> world.stopAndRestart();
        case 3 -> world.storeOfNode().away(random.nextInt(3) == 0);
        case 4 -> world.storeOfNode().failureRate(random.nextInt(3) * 0.15);
        case 5 -> quorumFaults();
        case 6 -> deleteRecords();
        case 7 -> retention();
        case 8 -> switchTiering();
        case 9 -> deleteTopic();
        case 10 -> world.heal();
        case 11 -> world.elect(any());
        case 12 -> world.rival(any());
        case 13 -> loseDisk();
        default -> append();
      }
    }

    private void append() {
      TopicIdPartition id = any();
      int batches = 1 + random.nextInt(6);
      for (int i = 0; i < batches; i++) {
        List<String> batch = new ArrayList<>();
        for (int j = 0; j <= random.nextInt(4); j++) {
          String value = "value " + values++ + " " + "x".repeat(random.nextInt(200));
          batch.add(world.isCompacted(id) ? keyed(value) : value);
        }
        world.node().append(id, batch, world.time().milliseconds());
      }
    }

    /** A few keys change often, some are deleted. */
    private String keyed(String value) {
      int key = random.nextInt(random.nextBoolean() ? 5 : KEYS);
      return new KeyedValue("key-" + key, random.nextInt(8) == 0 ? null : value).toString();
    }

    private void quorumFaults() {
      int rate = random.nextInt(3) * 15;
      world
          .quorum()
          .faults(() ->
              world.random().nextInt(100) >= rate
                  ? Fate.ANSWERED
                  : FAILURES.get(world.random().nextInt(FAILURES.size())));
    }

    private void deleteRecords() {
      TopicIdPartition id = any();
      if (world.node().leads(id)) {
        ReplicaView view = world.node().replica(id).view();
        long span = view.highWatermark() - view.logStartOffset();
        world.node().deleteRecords(id, view.logStartOffset() + random.nextLong(span + 1));
      }
    }

    private void retention() {
      TopicIdPartition id = any();
      LogConfig config = world.config(id.topic());
      world.configure(
          id.topic(),
          config.toBuilder()
              .retentionMs(random.nextBoolean() ? -1 : 10_000 + random.nextInt(20_000))
              .retentionBytes(random.nextBoolean() ? -1 : 2_000 + random.nextInt(20_000))
              .localRetentionMs(random.nextInt(4_000))
              .localRetentionBytes(random.nextBoolean() ? -1 : random.nextInt(4_000))
              .build());
    }

    private void switchTiering() {
      TopicIdPartition id = any();
      boolean on = random.nextInt(3) > 0;
      world.configure(
          id.topic(),
          world.config(id.topic()).toBuilder()
              .remoteStorageEnable(on)
              .remoteDeleteOnDisable(random.nextBoolean())
              .remoteCopyDisable(random.nextInt(5) == 0)
              .build());
    }

    /** Only where everything is in the bucket, but for what was not uploaded yet. */
    private void loseDisk() {
      if (ids.stream().allMatch(id -> world.quorum().pointer(id) != null)) {
        world.wipeAndRestart();
      }
    }

    private void deleteTopic() {
      if (random.nextInt(3) == 0) {
        TopicIdPartition id = any();
        ids.remove(id);
        world.delete(id);
        create();
      }
    }
  }
}
