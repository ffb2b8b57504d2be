package io.tidemark.log.partition;

import static io.tidemark.log.partition.LogNode.append;
import static io.tidemark.log.partition.LogNode.batch;
import static io.tidemark.log.partition.LogNode.recordValues;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.disk.SimulatedDisk;
import io.tidemark.scenario.Scenario;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Stops the process, or the machine, before each single write of what takes several. */
class RollCrashTest {

  /** The process is gone; nobody catches it. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  private static LogNode node(long seed) {
    LogNode node = LogNode.started(seed);
    for (int i = 0; i < 25; i++) {
      append(node.log(), batch(i, 1, 300));
    }
    node.log().flush();
    node.directories().checkpoint();
    return node;
  }

  /** Does the work again and again, each time with one more write before the end. */
  private static void killedAtEachWrite(Consumer<LogNode> work, Consumer<LogNode> check) {
    boolean isDone = false;
    for (int writes = 0; !isDone; writes++) {
      for (boolean isPowerLoss : List.of(false, true)) {
        LogNode node = node(writes);
        isDone = isDoneBefore(node, writes, work);
        if (isPowerLoss) {
          node.disk.crash();
        } else {
          node.disk.killProcess();
        }
        node.start();
        assertThat(node.directories().directories().getFirst().offlineLogs()).isEmpty();
        check.accept(node);
        append(node.log(), batch(99, 1, 300));
        node.restart();
        assertThat(recordValues(node.log()).getLast()).startsWith("99:");
      }
    }
  }

  private static boolean isDoneBefore(LogNode node, int writes, Consumer<LogNode> work) {
    int[] left = {writes};
    for (SimulatedDisk.Call call :
        List.of(SimulatedDisk.Call.WRITE, SimulatedDisk.Call.TRUNCATE, SimulatedDisk.Call.FORCE)) {
      node.disk.slow(
          call,
          file -> true,
          () -> {
            if (--left[0] < 0) {
              throw new Killed();
            }
          });
    }
    try {
      work.accept(node);
      return true;
    } catch (Killed | CompletionException e) {
      assertThat(e instanceof Killed ? e : e.getCause()).isInstanceOf(Killed.class);
      return false;
    }
  }

  @Test
  @Scenario("S-72")
  void aRollMayStopAnywhere() {
    killedAtEachWrite(
        node -> node.log().roll(), node -> assertThat(recordValues(node.log())).hasSize(25));
  }

  @Test
  @Scenario("S-72")
  void aTruncationMayStopAnywhere() {
    killedAtEachWrite(
        node -> node.log().truncateTo(7),
        node -> assertThat(recordValues(node.log())).hasSizeBetween(7, 25));
  }

  @Test
  @Scenario("S-72")
  void aNewStartMayStopAnywhere() {
    killedAtEachWrite(
        node -> node.log().truncateFullyAndStartAt(500, node.log().lineage(), null),
        node -> {
          LogOffsets offsets = node.log().offsets();
          assertThat(offsets.logEndOffset()).isIn(25L, 500L);
          assertThat(recordValues(node.log())).hasSize(offsets.logEndOffset() == 500 ? 0 : 25);
        });
  }

  @Test
  @Scenario("S-72")
  void aNewStartInsideTheLogMayStopAnywhere() {
    killedAtEachWrite(
        node -> node.log().truncateFullyAndStartAt(15, node.log().lineage(), null),
        node -> {
          LogOffsets offsets = node.log().offsets();
          long left = offsets.logEndOffset() - offsets.localLogStartOffset();
          assertThat(recordValues(node.log())).hasSize((int) left);
          assertThat(offsets.logEndOffset()).isBetween(15L, 25L);
        });
  }

  @Test
  @Scenario({"S-72", "S-77"})
  void aCleanStopMayStopAnywhere() {
    killedAtEachWrite(
        node -> node.directories().close(),
        node -> assertThat(recordValues(node.log())).hasSize(25));
  }
}
