package io.tidemark.log.partition;

import static io.tidemark.log.partition.LogNode.ORDERS;
import static io.tidemark.log.partition.LogNode.append;
import static io.tidemark.log.partition.LogNode.batch;
import static io.tidemark.log.partition.LogNode.recordValues;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.disk.DiskFullException;
import io.tidemark.log.disk.SimulatedDisk.Call;
import io.tidemark.log.disk.TooManyOpenFilesException;
import io.tidemark.scenario.Scenario;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A life of two logs in which one call of the disk fails, once for every call there is: whatever
 * the moment, the node goes on or its directory is offline, and the next start finds what was
 * appended.
 */
class FailingDiskTest {
  private static final TopicIdPartition PAYMENTS =
      new TopicIdPartition(new Uuid(8, 8), 3, "payments");

  /** One life, up to the step that failed. */
  private static final class Life {
    final LogNode node;

    /** What the log may hold: as before a step that failed, or as after it. */
    final Set<List<String>> possible = new HashSet<>();

    List<String> values = new ArrayList<>();
    boolean isDeleted;
    boolean hasFailed;

    Life(long seed) {
      node = new LogNode(seed, LogNode.DATA);
      node.idleFiles = 2;
      node.recover();
      for (int i = 0; i < 15; i++) {
        append(node.log(), batch(i, 1, 300));
        values.add(value(i));
      }
      node.log().flush();
      node.directories().checkpoint();
    }

    static String value(int number) {
      return number + ":0" + "x".repeat(300);
    }

    void run() {
      step(values, () -> append(node.directories().create(PAYMENTS, node.config), batch(1, "p")));
      for (int i = 15; i < 30; i++) {
        int number = i;
        step(with(number), () -> append(node.log(), batch(number, 1, 300)));
      }
      step(values, () -> node.log().flush());
      step(values, () -> node.directories().checkpoint());
      step(values, () -> node.log().roll());
      step(values.subList(0, values.size() - 8), () -> node.log().truncateTo(values.size() - 8));
      step(with(99), () -> append(node.log(), batch(99, 1, 300)));
      step(values, () -> node.log().deleteLocalSegmentsBelow(12));
      node.timer().advanceMs(node.config.fileDeleteDelayMs());
      step(values, () -> node.directories().checkpoint());
      isDeleted = true;
      step(values, () -> node.directories().delete(PAYMENTS));
      node.timer().advanceMs(node.config.fileDeleteDelayMs());
      step(values, () -> node.directories().close());
    }

    private List<String> with(int number) {
      List<String> longer = new ArrayList<>(values);
      longer.add(value(number));
      return longer;
    }

    private void step(List<String> after, Runnable work) {
      List<String> goal = List.copyOf(after);
      if (hasFailed) {
        return;
      }
      try {
        work.run();
        values = new ArrayList<>(goal);
      } catch (KafkaStorageException e) {
        hasFailed = true;
        possible.add(goal);
      }
    }

    /** As if the process were killed then and there, and the disk were well again. */
    void assertSurvives(String what) {
      possible.add(List.copyOf(values));
      node.disk.killProcess();
      node.start();
      LogDirectory directory = node.directories().directories().getFirst();
      assertThat(directory.failure()).as(what).isNull();
      assertThat(directory.offlineLogs()).as(what).isEmpty();
      assertHolds(what);
      long end = node.log().offsets().logEndOffset();
      assertThat(append(node.log(), batch(77, 1, 300))).as(what).isEqualTo(end);
      node.restart();
      assertThat(recordValues(node.log()).getLast()).as(what).isEqualTo(value(77));
    }

    void assertHolds(String what) {
      List<String> held = recordValues(node.log());
      int start = (int) node.log().offsets().localLogStartOffset();
      assertThat(possible.stream().map(all -> all.subList(Math.min(start, all.size()), all.size())))
          .as(what)
          .anyMatch(held::equals);
    }
  }

  private static boolean lives(
      Call call, int nth, Function<String, IOException> error, boolean isHarmless) {
    Life life = new Life(nth);
    int[] left = {nth};
    Predicate<Path> theNth = file -> left[0]-- == 0;
    life.node.disk.fail(call, theNth, 1, error);
    String what = "%s number %d fails".formatted(call, nth);
    life.run();
    boolean wasReached = left[0] < 0;
    if (isHarmless && life.hasFailed) {
      assertGoesOn(life, what);
    }
    life.assertSurvives(what);
    return wasReached;
  }

  /** Nothing is broken: the log is online, and what failed works when it is done again. */
  private static void assertGoesOn(Life life, String what) {
    LogDirectory directory = life.node.directories().directories().getFirst();
    assertThat(directory.failure()).as(what).isNull();
    life.possible.add(List.copyOf(life.values));
    life.assertHolds(what);
    assertThat(life.node.log().id()).as(what).isEqualTo(ORDERS);
    life.values = new ArrayList<>(life.with(55));
    append(life.node.log(), batch(55, 1, 300));
    life.possible.clear();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MEASURE")
  @Scenario({"S-82", "S-83", "S-94"})
  void everyCallMayFailForGood(Call call) {
    int nth = 0;
    while (lives(call, nth, what -> new IOException("Input/output error: " + what), false)) {
      nth++;
    }
    assertThat(nth).as("calls of %s", call).isPositive();
  }

  @ParameterizedTest
  @EnumSource(names = {"WRITE", "CREATE"})
  @Scenario({"S-81", "S-93"})
  void everyCallThatNeedsRoomMayFindNone(Call call) {
    int nth = 0;
    while (lives(call, nth, DiskFullException::new, true)) {
      nth++;
    }
  }

  @Test
  @Scenario("S-92")
  void everyOpeningOfAFileMayFindNoHandle() {
    int nth = 0;
    while (lives(Call.OPEN, nth, TooManyOpenFilesException::new, false)) {
      nth++;
    }
  }
}
