package io.tidemark.log.clean;

import static io.tidemark.log.clean.CleanerNode.KeyValue.keyed;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.clean.CleanerNode.KeyValue;
import io.tidemark.log.disk.SimulatedDisk.Call;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.segment.SegmentFiles;
import io.tidemark.scenario.Scenario;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The process, or the machine, stops before each single change of a disk. */
@Scenario("S-131")
class CleaningCrashTest {

  /** The process is gone; nobody catches it. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  private final ModelStates model = new ModelStates();

  private CleanerNode node(long seed) {
    model.truncate(0);
    CleanerNode node = new CleanerNode(seed).start();
    Replica log = node.lead(0);
    for (int i = 0; i < 12; i++) {
      write(
          node,
          log,
          keyed("a", "a" + i),
          keyed("b" + i % 5, "b" + i),
          keyed("gone", i % 2 == 0 ? "v" : null));
      if (i % 3 == 2) {
        log.roll().join();
      }
    }
    write(node, log, keyed("b1", "active"));
    assertThat(log.closedSegments()).hasSize(4);
    return node;
  }

  private void write(CleanerNode node, Replica log, KeyValue... records) {
    model.wrote(node.append(log, records), records);
  }

  /** Cleans again and again, each time with one more change of the disk before the end. */
  private int cleanStoppedAtEachCall(boolean isPowerLoss) throws IOException {
    for (int calls = 0; ; calls++) {
      CleanerNode node = node(calls);
      boolean isDone = cleanedBefore(node, calls);
      if (isPowerLoss) {
        node.disk.crash();
      } else {
        node.disk.killProcess();
      }
      node.start();
      model.truncate(node.lead(0).view().logEndOffset());
      assertThat(model.endOffset()).isGreaterThanOrEqualTo(36);
      check(node);
      node.clean();
      check(node);
      assertThat(node.lead(0).compaction().cleanedTo()).isEqualTo(36);
      assertThat(CleanerNode.records(node.lead(0), 0))
          .as("after %d calls", calls)
          .hasSizeBetween(7, 8);
      node.stop();
      node.start();
      check(node);
      if (isDone) {
        return calls;
      }
    }
  }

  private void check(CleanerNode node) throws IOException {
    model.check(node.lead(0));
    assertThat(node.disk.list(CleanerNode.folder(0)))
        .noneMatch(file -> file.toString().endsWith(SegmentFiles.SWAP));
  }

  private static boolean cleanedBefore(CleanerNode node, int calls) {
    int[] left = {calls};
    for (Call call : List.of(Call.WRITE, Call.TRUNCATE, Call.FORCE, Call.MOVE, Call.DELETE)) {
      node.disk.slow(
          call,
          file -> true,
          () -> {
            if (--left[0] < 0) {
              throw new Killed();
            }
          });
    }
    node.clean();
    return left[0] >= 0;
  }

  @Test
  void theProcessMayStopAnywhere() throws IOException {
    assertThat(cleanStoppedAtEachCall(false)).isGreaterThan(20);
  }

  @Test
  void theMachineMayStopAnywhere() throws IOException {
    assertThat(cleanStoppedAtEachCall(true)).isGreaterThan(20);
  }
}
