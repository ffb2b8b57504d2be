package io.tidemark.log.clean;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.AppendOrigin;
import io.tidemark.log.LogConfig;
import io.tidemark.log.clean.CleanerNode.Found;
import io.tidemark.log.clean.CleanerNode.KeyValue;
import io.tidemark.log.disk.SimulatedDisk.Call;
import io.tidemark.log.record.CompressionSpec;
import io.tidemark.log.replica.Replica;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A random life of one compacted log beside a model of it: appends with and without producers,
 * tombstones, rolls, cleanings with maps that are too small, truncations, stops, and deaths of the
 * process and of the machine at any change of the disk. A reader that began at the start goes on
 * between any two steps and never sees an offset go back.
 */
final class CleaningHistory {
  private static final int KEYS = 60;

  private final SplittableRandom random;
  private final CleanerNode node;
  private final ModelStates model = new ModelStates();
  private final Map<Long, Integer> nextSequence = new HashMap<>();
  private final List<String> trace = new ArrayList<>();
  private final List<Found> seen = new ArrayList<>();
  private Replica log;
  private long readerAt;
  private int counter;
  private boolean dies;

  /** The process is gone; nobody catches it. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  CleaningHistory(long seed) {
    random = new SplittableRandom(seed);
    node = new CleanerNode(random.nextLong());
    node.config =
        LogConfig.builder()
            .compact(true)
            .delete(false)
            .segmentBytes(600 + random.nextInt(4000))
            .indexIntervalBytes(random.nextInt(600))
            .fileDeleteDelayMs(random.nextInt(2_000))
            .minCleanableDirtyRatio(random.nextBoolean() ? 0.01 : 0.5)
            .deleteRetentionMs(random.nextInt(200_000))
            .minCompactionLagMs(random.nextInt(4) == 0 ? 5_000 : 0)
            .build();
    int slots = random.nextBoolean() ? 10_000 : 3 + random.nextInt(KEYS);
    node.settings =
        new CleanerSettings(true, 1, (long) slots * OffsetMap.SLOT_BYTES, 0.9, 1e5, 1_000);
    node.start();
    log = node.lead(0);
  }

  List<String> trace() {
    return trace;
  }

  void run(int steps) {
    for (int i = 0; i < steps; i++) {
      step();
    }
    note("the end");
    log.roll().join();
    node.timers().advanceMs(300_000);
    assertThat(log.compaction().cleanedTo()).isPositive();
    model.check(log);
    restart();
  }

  private void note(String what) {
    trace.add(
        "%s end=%d clean=%d"
            .formatted(what, log.view().logEndOffset(), log.compaction().cleanedTo()));
  }

  private void step() {
    int choice = random.nextInt(100);
    if (choice < 55) {
      append();
    } else if (choice < 65) {
      note("roll");
      log.roll().join();
    } else if (choice < 82) {
      note("time");
      node.timers()
          .advanceMs(random.nextInt(4) == 0 ? random.nextInt(100_000) : random.nextInt(50));
    } else if (choice < 88) {
      readOn();
    } else if (choice < 90) {
      truncate();
    } else if (choice < 92) {
      note("check");
      model.check(log);
    } else if (choice < 94) {
      restart();
    } else {
      die();
    }
  }

  private void append() {
    KeyValue[] records = new KeyValue[1 + random.nextInt(6)];
    for (int i = 0; i < records.length; i++) {
      String value =
          random.nextInt(6) == 0 ? null : counter++ + "-" + "v".repeat(random.nextInt(80));
      records[i] = KeyValue.keyed("key-" + random.nextInt(KEYS), value);
    }
    note("append " + records.length);
    long producerId = random.nextLong(6) - 3;
    if (producerId < 0) {
      CompressionSpec codec =
          random.nextInt(5) == 0 ? CompressionSpec.lz4(1) : CompressionSpec.NONE;
      ByteBuffer batch = CleanerNode.batch(codec, node.time.milliseconds(), records);
      model.wrote(node.append(log, batch, AppendOrigin.CLIENT), records);
      return;
    }
    int sequence = nextSequence.getOrDefault(producerId, 0);
    ByteBuffer batch =
        CleanerNode.batchOf(producerId, sequence, false, node.time.milliseconds(), records);
    model.wrote(node.append(log, batch, AppendOrigin.CLIENT), records);
    nextSequence.put(producerId, sequence + records.length);
  }

  private void readOn() {
    note("read on from " + readerAt);
    if (readerAt < log.view().highWatermark()) {
      int before = seen.size();
      readerAt = CleanerNode.readOn(log, readerAt, seen);
      model.checkIsSomeOfIt(seen.subList(before, seen.size()));
    } else {
      readerAt = 0;
      seen.clear();
    }
  }

  /** Within what is not closed: what was compacted, as committed, is never cut. */
  private void truncate() {
    long end = log.view().logEndOffset();
    long target = Math.max(durableEnd(), end - random.nextInt(30));
    note("truncate to " + target);
    log.truncateTo(target).join();
    shortened();
  }

  /** After the log may have lost its end: sequences go on from what is left. */
  private void shortened() {
    model.truncate(log.view().logEndOffset());
    readerAt = 0;
    seen.clear();
    nextSequence.clear();
    log.producers()
        .forEach(producer -> nextSequence.put(producer.producerId(), producer.lastSequence() + 1));
    model.check(log);
  }

  private void restart() {
    note("restart");
    long end = log.view().logEndOffset();
    node.stop();
    node.start();
    log = node.lead(0);
    assertThat(log.view().logEndOffset()).isEqualTo(end);
    model.check(log);
  }

  /** Now, or at a change of the disk while the cleaner is at work. */
  private void die() {
    boolean isPowerLoss = random.nextBoolean();
    note(isPowerLoss ? "power loss" : "kill");
    long mustHave = isPowerLoss ? durableEnd() : log.view().logEndOffset();
    dieAtSomeCall();
    if (isPowerLoss) {
      node.disk.crash();
    } else {
      node.disk.killProcess();
    }
    node.start();
    log = node.lead(0);
    assertThat(log.view().logEndOffset()).isBetween(mustHave, model.endOffset());
    shortened();
  }

  /** Closed segments are forced as they are closed. */
  private long durableEnd() {
    return log.activeSegment().baseOffset();
  }

  private void dieAtSomeCall() {
    int[] left = {random.nextInt(60)};
    dies = false;
    for (Call call : List.of(Call.WRITE, Call.TRUNCATE, Call.FORCE, Call.MOVE, Call.DELETE)) {
      node.disk.slow(
          call,
          file -> true,
          () -> {
            if (dies || --left[0] < 0) {
              dies = true;
              throw new Killed();
            }
          });
    }
    node.timers().advanceMs(random.nextInt(20_000));
  }
}
