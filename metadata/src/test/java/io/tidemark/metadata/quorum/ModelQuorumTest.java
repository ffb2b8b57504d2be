package io.tidemark.metadata.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ModelQuorumTest extends QuorumContract {
  private final ModelLog log = new ModelLog(1);

  @Override
  Quorum openVoter() {
    return ModelQuorum.open(1, log, Runnable::run);
  }

  @Test
  void aLostAnswerLeavesTheEntryCommittedAndALostEntryDoesNot() throws Exception {
    ModelQuorum quorum = (ModelQuorum) open();
    long term = quorum.leadership().term();
    quorum.failNext(ModelQuorum.Fault.LOST_ANSWER);
    assertThat(quorum.append(term, List.of(config("a", "1")))).isCompletedExceptionally();
    assertThat(value(quorum.image(), "a")).isEqualTo("1");
    quorum.failNext(ModelQuorum.Fault.LOST_ENTRY);
    assertThat(quorum.append(term, List.of(config("a", "2")))).isCompletedExceptionally();
    assertThat(value(quorum.image(), "a")).isEqualTo("1");
  }

  @Test
  void aCrashLosesWhatIsPendingAndKeepsWhatIsCommitted() throws Exception {
    ModelQuorum quorum = (ModelQuorum) open();
    await(quorum.append(quorum.leadership().term(), List.of(config("a", "1"))));
    quorum.hold();
    CompletableFuture<Appended> pending =
        quorum.append(quorum.leadership().term(), List.of(config("a", "2")));
    quorum.crash();
    log.compact();

    Quorum again = open();
    assertThat(value(again.image(), "a")).isEqualTo("1");
    assertThat(pending).isNotDone();
  }

  @Test
  void aLaggingFollowerCatchesUpAndMayLead() throws Exception {
    ModelLog three = new ModelLog(3);
    Queue<Runnable> tasks = new ArrayDeque<>();
    ModelQuorum first = ModelQuorum.open(1, three, tasks::add);
    ModelQuorum second = ModelQuorum.open(2, three, tasks::add);
    three.elect(1);
    second.lag(true);
    CompletableFuture<Appended> answer =
        first.append(first.leadership().term(), List.of(config("a", "1")));
    while (!tasks.isEmpty()) {
      tasks.remove().run();
    }
    assertThat(answer).isCompleted();
    assertThat(value(second.image(), "a")).isNull();
    second.lag(false);
    three.elect(2);
    assertThat(second.image()).isEqualTo(first.image());
    assertThat(second.leadership().isSelf()).isTrue();
    assertThat(first.leadership().isSelf()).isFalse();
  }
}
