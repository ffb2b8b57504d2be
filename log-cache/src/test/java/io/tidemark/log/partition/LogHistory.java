package io.tidemark.log.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.AppendOrigin;
import io.tidemark.log.LogConfig;
import io.tidemark.log.disk.DiskFile;
import io.tidemark.log.disk.OpenMode;
import io.tidemark.log.epoch.EpochEntry;
import io.tidemark.log.epoch.EpochLineage;
import io.tidemark.log.producer.ProducerState;
import io.tidemark.log.record.CompressionSpec;
import io.tidemark.log.record.RecordBatchBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.record.TimestampType;

/**
 * A random life of one log beside a model of it: appends, rolls, flushes, truncations, deletions,
 * clean stops, deaths of the process and of the machine. After each start everything that must have
 * survived is there: all of it while the machine ran on, what was flushed otherwise; and nothing is
 * there that was not written.
 */
final class LogHistory {
  private final SplittableRandom random;
  private final LogNode node;
  private final ModelLog model = new ModelLog();
  private final Map<Long, Integer> nextSequence = new HashMap<>();
  private PartitionLog log;
  private long durableEnd;
  private long lastDrainStart;
  private int epoch;
  private int counter;
  private final List<String> trace = new ArrayList<>();

  LogHistory(long seed) {
    random = new SplittableRandom(seed);
    node = new LogNode(random.nextLong(), LogNode.DATA);
    node.config =
        LogConfig.builder()
            .segmentBytes(1000 + random.nextInt(3000))
            .indexIntervalBytes(random.nextInt(600))
            .segmentIndexBytes(random.nextBoolean() ? 100 : 10_000)
            .fileDeleteDelayMs(1000)
            .build();
    node.recover();
    log = node.log();
  }

  List<String> trace() {
    return trace;
  }

  void run(int steps) {
    for (int i = 0; i < steps; i++) {
      step();
    }
    restart();
  }

  private void step() {
    int choice = random.nextInt(100);
    if (choice < 60) {
      append();
    } else if (choice < 66) {
      flush();
    } else if (choice < 69) {
      note("roll");
      log.roll();
    } else if (choice < 74) {
      truncate();
    } else if (choice < 77) {
      deleteOld();
    } else if (choice < 80) {
      note("checkpoint");
      node.directories().checkpoint();
    } else if (choice < 83) {
      node.timer().advanceMs(random.nextInt(70_000));
    } else if (choice < 84) {
      startAt();
    } else if (choice < 87) {
      appendToFullDisk();
    } else if (choice < 90) {
      checkLookups();
    } else if (choice < 92) {
      vandalise();
      restart();
    } else if (choice < 95) {
      vandalise();
      killProcess();
    } else if (choice < 97) {
      killProcessInWrite();
    } else {
      crash();
    }
  }

  private void note(String what) {
    trace.add(what + " leo=" + log.offsets().logEndOffset());
  }

  // ---- steps

  private void append() {
    if (random.nextInt(20) == 0) {
      epoch++;
    }
    AppendPlan plan = log.plan(0);
    List<ModelLog.Batch> planned = planned(plan);
    note("append " + planned.size());
    long start = log.offsets().logEndOffset();
    log.append(plan);
    lastDrainStart = start;
    planned.forEach(this::remember);
  }

  private List<ModelLog.Batch> planned(AppendPlan plan) {
    List<ModelLog.Batch> planned = new ArrayList<>();
    Map<Long, Integer> sequences = new HashMap<>(nextSequence);
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      ModelLog.Batch batch = randomBatch(plan.nextOffset(), sequences);
      ByteBuffer bytes = bytes(batch);
      if (plan.hasRoomFor(bytes.remaining())) {
        assertThat(plan.add(bytes, epoch, AppendOrigin.CLIENT, null))
            .isEqualTo(new Admission.Admitted(batch.baseOffset(), batch.nextOffset() - 1));
        planned.add(batch);
        if (batch.producerId() >= 0) {
          sequences.put(batch.producerId(), batch.baseSequence() + batch.values().size());
        }
      }
    }
    return planned;
  }

  private void remember(ModelLog.Batch batch) {
    model.add(batch);
    if (batch.producerId() >= 0) {
      nextSequence.put(batch.producerId(), batch.baseSequence() + batch.values().size());
    }
  }

  private ModelLog.Batch randomBatch(long baseOffset, Map<Long, Integer> sequences) {
    counter++;
    List<String> values = new ArrayList<>();
    int records = 1 + random.nextInt(5);
    for (int i = 0; i < records; i++) {
      values.add(counter + "." + i + "-" + "v".repeat(random.nextInt(200)));
    }
    long producerId = random.nextLong(4) - 1;
    int sequence = producerId < 0 ? -1 : sequences.getOrDefault(producerId, 0);
    return new ModelLog.Batch(baseOffset, epoch, 1000L + counter, values, producerId, sequence);
  }

  private static ByteBuffer bytes(ModelLog.Batch batch) {
    short producerEpoch = (short) (batch.producerId() < 0 ? -1 : 0);
    RecordBatchBuilder builder =
        new RecordBatchBuilder(
            CompressionSpec.NONE,
            TimestampType.CREATE_TIME,
            -1,
            batch.producerId(),
            producerEpoch,
            batch.baseSequence(),
            false);
    for (String value : batch.values()) {
      builder.append(batch.timestampMs(), null, value.getBytes(StandardCharsets.UTF_8));
    }
    return builder.build();
  }

  private void appendToFullDisk() {
    AppendPlan plan = log.plan(0);
    List<ModelLog.Batch> planned = planned(plan);
    node.disk.capacityBytes(node.disk.usedBytes() + random.nextLong(2000));
    note("append to a full disk");
    long start = log.offsets().logEndOffset();
    try {
      log.append(plan);
      lastDrainStart = start;
      planned.forEach(this::remember);
    } catch (KafkaStorageException e) {
      assertThat(log.offsets().logEndOffset()).isEqualTo(model.endOffset());
      assertThat(log.offlineReason()).isNull();
    }
    node.disk.freed();
  }

  private void flush() {
    note("flush");
    assertThat(log.flush()).isEqualTo(log.offsets().logEndOffset());
    durableEnd = log.offsets().logEndOffset();
  }

  private void truncate() {
    long start = log.offsets().localLogStartOffset();
    long end = log.offsets().logEndOffset();
    long back = Math.min(end - start, random.nextInt(random.nextInt(4) == 0 ? 1000 : 30));
    long target = end - back;
    note("truncate to " + target);
    log.truncateTo(target);
    model.truncate(Math.max(start, target));
    forget();
    assertThat(log.offsets().logEndOffset()).isEqualTo(model.endOffset());
    check();
  }

  /** After the log lost its end: sequences go on from what is left. */
  private void forget() {
    durableEnd = Math.min(durableEnd, model.endOffset());
    lastDrainStart = Math.min(lastDrainStart, model.endOffset());
    nextSequence.clear();
    model.producers().forEach((id, own) -> nextSequence.put(id, own.getLast().lastSequence() + 1));
  }

  private void deleteOld() {
    long start = log.offsets().localLogStartOffset();
    long below = start + random.nextLong(log.offsets().logEndOffset() - start + 1);
    note("delete below " + below);
    log.deleteLocalSegmentsBelow(below);
    assertThat(log.offsets().localLogStartOffset()).isLessThanOrEqualTo(Math.max(start, below));
    check();
  }

  private void startAt() {
    long end = log.offsets().logEndOffset();
    long offset = Math.max(0, end - 20 + random.nextInt(100));
    note("start at " + offset);
    List<EpochEntry> entries = offset == 0 ? List.of() : List.of(new EpochEntry(epoch++, 0));
    log.truncateFullyAndStartAt(offset, EpochLineage.of(entries), null);
    model.startAt(offset);
    durableEnd = offset;
    lastDrainStart = offset;
    nextSequence.clear();
    check();
  }

  private void restart() {
    note("restart");
    node.restart();
    durableEnd = model.endOffset();
    started(model.endOffset());
  }

  /** Indexes, lineage and checkpoints that are damaged or gone are made again. */
  private void vandalise() {
    try {
      List<Path> victims = new ArrayList<>();
      if (node.disk.exists(LogNode.DATA.resolve("orders-0"))) {
        victims.addAll(node.disk.list(LogNode.DATA.resolve("orders-0")));
      }
      victims.removeIf(file -> !file.toString().matches(".*index|.*epoch-checkpoint"));
      victims.add(LogNode.DATA.resolve("recovery-point-offset-checkpoint"));
      victims.removeIf(file -> !node.disk.exists(file) || isEmpty(file));
      if (victims.isEmpty()) {
        return;
      }
      Path victim = victims.get(random.nextInt(victims.size()));
      long sizeBytes = node.disk.sizeBytes(victim);
      note("damage " + victim.getFileName());
      if (random.nextBoolean()) {
        node.disk.rot(victim, random.nextLong(sizeBytes));
      } else if (random.nextBoolean()) {
        node.disk.delete(victim);
      } else {
        DiskFile file = node.disk.open(victim, OpenMode.READ_WRITE);
        file.truncate(random.nextLong(sizeBytes));
        file.close();
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private boolean isEmpty(Path file) {
    try {
      return node.disk.sizeBytes(file) == 0;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void killProcess() {
    note("kill");
    node.disk.killProcess();
    node.start();
    started(model.endOffset());
  }

  private void killProcessInWrite() {
    note("kill in write");
    node.disk.killProcessInWrite();
    node.start();
    started(Math.max(durableEnd, Math.min(lastDrainStart, model.endOffset())));
  }

  private void crash() {
    note("crash, durable " + durableEnd);
    node.disk.crash();
    node.start();
    started(durableEnd);
  }

  // ---- checks

  private void started(long mustHave) {
    assertThat(node.directories().directories().getFirst().offlineLogs()).isEmpty();
    log = node.log();
    long end = log.offsets().logEndOffset();
    assertThat(end).isBetween(mustHave, model.endOffset());
    assertThat(end).as("batches are cut as a whole").isEqualTo(model.boundary(end));
    model.truncate(end);
    forget();
    check();
  }

  private void check() {
    long start = log.offsets().localLogStartOffset();
    assertThat(log.offsets().logEndOffset()).isEqualTo(model.endOffset());
    assertThat(LogNode.recordValues(log)).isEqualTo(model.valuesFrom(start));
    for (ModelLog.Batch batch : model.from(start)) {
      assertThat(log.lineage().epochOf(batch.baseOffset())).hasValue(batch.epoch());
    }
    assertThat(
            log.producers().stream()
                .collect(Collectors.toMap(ProducerState::producerId, ProducerState::batches)))
        .isEqualTo(model.producers());
  }

  private void checkLookups() {
    List<ModelLog.Batch> batches = model.from(log.offsets().localLogStartOffset());
    if (batches.isEmpty()) {
      return;
    }
    ModelLog.Batch batch = batches.get(random.nextInt(batches.size()));
    assertThat(log.offsetForTimestamp(batch.timestampMs(), Long.MAX_VALUE))
        .contains(new TimestampedOffset(batch.baseOffset(), batch.timestampMs(), batch.epoch()));
    ModelLog.Batch last = batches.getLast();
    assertThat(log.maxTimestamp())
        .contains(new TimestampedOffset(last.baseOffset(), last.timestampMs(), last.epoch()));
    LogSlice slice = log.read(batch.nextOffset() - 1, 10_000, batch.nextOffset(), true);
    assertThat(slice.sizeBytes()).isEqualTo(bytes(batch).remaining());
    slice.release();
  }
}
