package io.tidemark.log.replica;

import static io.tidemark.log.replica.ReplicaNode.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.log.disk.SimulatedDisk.Call;
import io.tidemark.log.replica.ReplicaNode.Told;
import io.tidemark.scenario.Scenario;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.Test;

/**
 * Stops the process, or the machine, or lets a disk fail, before each single change of the disks
 * that a move makes. With flush.messages=1, so that nothing acknowledged may be missing.
 */
class ReplicaMoveCrashTest {
  private static final Path ONE = Path.of("/one");
  private static final Path TWO = Path.of("/two");
  private static final List<Call> CHANGES =
      List.of(Call.WRITE, Call.TRUNCATE, Call.FORCE, Call.MOVE, Call.DELETE, Call.SYNC_DIRECTORY);

  /** The process is gone; nobody catches it. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  /** A node with one replica, and what was sent to it. */
  private static final class Life {
    private final ReplicaNode node;
    private final Map<String, Told> sent = new LinkedHashMap<>();
    private int changesLeft;
    private boolean isDead;
    private int leaderEpoch = 1;

    Life(long seed) {
      node = new ReplicaNode(seed, ONE, TWO);
      node.opensBeforeStart = true;
      node.config = node.config.toBuilder().flushMessages(1).segmentBytes(4096).build();
    }

    private void append(Replica replica) {
      String value = "v" + sent.size() + "-".repeat(200);
      sent.put(value, node.append(replica, Acks.ALL, batch(value)));
    }

    /** Moves to the other directory under load, up to so many changes of the disks. */
    private void moveUntil(int changes) {
      Replica replica = node.start().leadAlone(leaderEpoch++);
      for (int i = 0; i < 25; i++) {
        append(replica);
        node.runWriter();
      }
      changesLeft = changes;
      CHANGES.forEach(call -> node.disk.slow(call, path -> true, this::change));
      try {
        node.set().moves().move(replica, TWO).isDone();
        for (int i = 0; i < 8 && !isDead; i++) {
          append(replica);
          node.timers().advanceMs(1);
          node.runWriter();
        }
        if (!isDead) {
          node.timers().advanceMs(60_001);
        }
      } catch (Killed e) {
        assertThat(isDead).isTrue();
      }
      node.disk.heal();
    }

    private void change() {
      if (isDead || --changesLeft < 0) {
        isDead = true;
        throw new Killed();
      }
    }

    private Replica again() {
      // What the dead process had still to do.
      node.writer.clear();
      Replica replica = node.start().leadAlone(leaderEpoch++);
      node.runWriter();
      return replica;
    }

    /** What was acknowledged is there, in order, and nothing else than what was sent. */
    private void nothingIsLost(Replica replica) {
      List<String> acknowledged =
          sent.entrySet().stream()
              .filter(each -> each.getValue().isDone())
              .filter(each -> each.getValue().outcome() instanceof AppendOutcome.Appended)
              .map(Map.Entry::getKey)
              .toList();
      List<String> found = ReplicaNode.values(replica, 0);
      assertThat(found).containsAll(acknowledged);
      assertThat(new ArrayList<>(sent.keySet())).containsSubsequence(found);
    }

    private void goesOn() {
      Replica replica = again();
      assertThat(replica.view().isLeader()).isTrue();
      nothingIsLost(replica);
      for (int i = 0; i < 5; i++) {
        append(replica);
        node.timers().advanceMs(1);
        node.runWriter();
      }
      node.timers().advanceMs(60_001);
      node.runWriter();
      nothingIsLost(replica);
      node.stop();
      Replica last = again();
      nothingIsLost(last);
      assertThat(sent.values()).last().satisfies(told -> assertThat(told.ok()).isNotNull());
      assertThat(folders()).containsExactly(last.view().logDirectory());
    }

    private List<Path> folders() {
      return List.of(ONE, TWO).stream()
          .filter(directory -> node.disk.exists(directory.resolve("orders-0")))
          .toList();
    }

    /** Whether there was a change to fail. */
    private boolean moveWithAFailure(int changes, Path failing) {
      Replica replica = node.start().leadAlone(leaderEpoch++);
      for (int i = 0; i < 25; i++) {
        append(replica);
        node.runWriter();
      }
      boolean[] hasFailed = {false};
      changesLeft = changes;
      for (Call call : CHANGES) {
        node.disk.slow(
            call,
            path -> path.startsWith(failing),
            () -> {
              if (changesLeft-- == 0) {
                hasFailed[0] = true;
                node.disk.fail(call, path -> path.startsWith(failing), 1);
              }
            });
      }
      node.set().moves().move(replica, TWO).isDone();
      for (int i = 0; i < 8; i++) {
        append(replica);
        node.timers().advanceMs(1);
        node.runWriter();
      }
      node.timers().advanceMs(60_001);
      node.runWriter();
      return hasFailed[0];
    }

    /** Up to the moment when both folders are there and only the mark tells which is the log. */
    private void moveToTheRename() {
      Replica replica = node.start().leadAlone(leaderEpoch++);
      for (int i = 0; i < 5; i++) {
        append(replica);
        node.runWriter();
      }
      node.set().moves().move(replica, TWO).isDone();
      for (int i = 0; i < 5; i++) {
        node.timers().advanceMs(1);
        node.runWriter();
      }
      append(replica);
      node.runWriter();
      assertThat(replica.view().logDirectory()).isEqualTo(TWO);
      assertThat(folders()).containsExactly(ONE, TWO);
    }
  }

  @Test
  @Scenario({"S-72", "S-94"})
  void aMoveMayStopAnywhere() {
    boolean isDone = false;
    for (int changes = 0; !isDone; changes++) {
      for (boolean isPowerLoss : List.of(false, true)) {
        Life life = new Life(changes);
        life.moveUntil(changes);
        isDone = !life.isDead;
        life.isDead = false;
        if (isPowerLoss) {
          life.node.disk.crash();
        } else {
          life.node.disk.killProcess();
        }
        life.goesOn();
      }
      assertThat(changes).isLessThan(2_000);
    }
  }

  @Test
  void whatAKillInterruptedIsMovedAfterAll() {
    Life life = new Life(72);
    life.moveUntil(12);
    assertThat(life.isDead).isTrue();
    life.isDead = false;
    life.node.disk.killProcess();
    life.goesOn();

    assertThat(life.folders()).containsExactly(TWO);
  }

  @Test
  @Scenario("S-96")
  void anyChangeMayFailAndNothingAcknowledgedIsLost() {
    boolean hasFailed = true;
    for (int changes = 0; hasFailed; changes++) {
      hasFailed = false;
      for (Path failing : List.of(ONE, TWO)) {
        Life life = new Life(changes);
        hasFailed |= life.moveWithAFailure(changes, failing);
        life.node.disk.heal();
        life.node.disk.killProcess();
        life.nothingIsLost(life.again());
      }
      assertThat(changes).isLessThan(2_000);
    }
  }

  @Test
  void aLogThatMayHaveMovedToADirectoryThatCannotBeReadIsNotUsed() {
    Life life = new Life(72);
    life.moveToTheRename();
    life.node.disk.killProcess();
    life.node.disk.fail(Call.LIST, path -> path.equals(TWO), Integer.MAX_VALUE);

    life.node.opensBeforeStart = false;
    life.node.start();
    assertThatThrownBy(life.node::open)
        .isInstanceOf(KafkaStorageException.class)
        .hasMessageContaining("may have moved");
    life.node.disk.heal();
    life.node.disk.killProcess();
    life.nothingIsLost(life.again());
  }

  @Test
  void theMarkIsReadable() throws IOException {
    Life life = new Life(72);
    life.moveToTheRename();
    String mark =
        new String(
            life.node.disk.readAll(ONE.resolve("orders-0/moving-to")), StandardCharsets.US_ASCII);
    assertThat(mark).matches("1\n1\ndirectory [A-Za-z0-9_-]{22}\ncrc32c [0-9a-f]{8}\n");
  }
}
