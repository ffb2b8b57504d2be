package io.tidemark.metadata.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.metadata.coordinator.ModelCoordinatorLog.Fault;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The shell around a core that adds numbers. */
final class CoordinatorShellTest {
  private static final int PARTITION = 3;
  private static final long TIMEOUT_MS = 5_000;

  /** The sum of what its records say. */
  private static final class AddingCore implements CoordinatorCore {
    long sum;
    long nextMs = Long.MAX_VALUE;
    boolean dropped;

    void add(Turn turn, int number) {
      CoordinatorRecord record = record(number);
      replay(record);
      turn.append(record);
    }

    @Override
    public void replay(CoordinatorRecord record) {
      sum += record.key().getInt(0);
    }

    @Override
    public void loaded(Turn turn) {}

    @Override
    public void wake(Turn turn) {
      nextMs = Long.MAX_VALUE;
      add(turn, 1_000);
    }

    @Override
    public long nextDeadlineMs() {
      return nextMs;
    }

    @Override
    public void dropped() {
      dropped = true;
    }
  }

  private static CoordinatorRecord record(int number) {
    return new CoordinatorRecord(ByteBuffer.allocate(4).putInt(0, number), null, 0);
  }

  private final ModelClock clock = new ModelClock();
  private final ModelCoordinatorLog log = new ModelCoordinatorLog(1_000);
  private final List<AddingCore> cores = new ArrayList<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final CoordinatorShell<AddingCore> shell =
      new CoordinatorShell<>(
          "Adding coordinator",
          PARTITION,
          TIMEOUT_MS,
          log,
          new CoordinatorPlatform(clock, clock, clock, new Random(1), meters),
          new CoordinatorMeters(meters, "adding"),
          leaderEpoch -> {
            AddingCore core = new AddingCore();
            cores.add(core);
            return core;
          });

  @BeforeEach
  void lead() {
    elect(1);
  }

  private void elect(int epoch) {
    log.lead(PARTITION, epoch);
    shell.elected(epoch);
    clock.run();
  }

  private CompletableFuture<String> add(int number) {
    return ask((core, turn, answer) -> {
      core.add(turn, number);
      turn.answer(answer, "sum " + core.sum);
    });
  }

  private CompletableFuture<String> read() {
    return ask((core, turn, answer) -> turn.answer(answer, "sum " + core.sum));
  }

  private CompletableFuture<String> ask(CoordinatorShell.Question<AddingCore, String> question) {
    CompletableFuture<String> answer = shell.ask(new Answer<>(Errors::name), question);
    clock.run();
    return answer;
  }

  @Test
  void answersWhatIsCommitted() {
    assertThat(add(2)).isCompletedWithValue("sum 2");
    assertThat(add(3)).isCompletedWithValue("sum 5");
    assertThat(read()).isCompletedWithValue("sum 5");
  }

  @Test
  void noAnswerLeavesBeforeWhatItSaysIsCommitted() {
    log.holdCommits();
    CompletableFuture<String> added = add(2);
    CompletableFuture<String> read = read();
    CompletableFuture<String> refused =
        ask((core, turn, answer) -> {
          throw new InvalidRequestException("because the sum is " + core.sum);
        });

    assertThat(List.of(added, read, refused)).noneMatch(CompletableFuture::isDone);
    log.releaseCommits();
    clock.run();

    assertThat(added).isCompletedWithValue("sum 2");
    assertThat(read).isCompletedWithValue("sum 2");
    assertThat(refused).isCompletedWithValue("INVALID_REQUEST");
  }

  @Test
  void anAppendInFlightGathersTheNext() {
    log.holdAppends();
    List<CompletableFuture<String>> answers = new ArrayList<>();
    for (int i = 1; i <= 10; i++) {
      answers.add(add(i));
    }
    assertThat(answers).noneMatch(CompletableFuture::isDone);

    log.releaseAppends();
    clock.run();

    assertThat(log.batchSizes(PARTITION)).containsExactly(1, 9);
    assertThat(answers.getLast()).isCompletedWithValue("sum 55");
  }

  @Test
  void batchesAreNoLargerThanTheLogTakes() {
    CompletableFuture<String> answer =
        ask((core, turn, to) -> {
          for (int i = 0; i < 100; i++) {
            core.add(turn, 1);
          }
          turn.answer(to, "sum " + core.sum);
        });

    assertThat(answer).isCompletedWithValue("sum 100");
    assertThat(log.batchSizes(PARTITION)).hasSizeGreaterThan(1);
    assertThat(log.records(PARTITION)).hasSize(100);
  }

  @Test
  void oneDecisionsRecordsAreNotTornApartWhenTheyFit() {
    log.holdAppends();
    add(1);
    for (int i = 0; i < 20; i++) {
      ask((core, turn, to) -> {
        core.add(turn, 1);
        core.add(turn, 1);
        core.add(turn, 1);
      });
    }
    log.releaseAppends();
    clock.run();

    assertThat(log.batchSizes(PARTITION).stream().skip(1)).allMatch(size -> size % 3 == 0);
  }

  @Test
  void nobodyIsAnsweredByWhoeverDoesNotLead() {
    shell.resigned(1);
    assertThat(read()).isCompletedWithValue("NOT_COORDINATOR");
    assertThat(cores.getFirst().dropped).isTrue();
  }

  @Test
  void whileItLoadsItSaysSo() {
    shell.resigned(1);
    log.holdLoads();
    elect(2);
    assertThat(read()).isCompletedWithValue("COORDINATOR_LOAD_IN_PROGRESS");

    log.releaseLoads();
    clock.run();

    assertThat(read()).isCompletedWithValue("sum 0");
  }

  @Test
  void aLoadThatIsOvertakenDoesNotCount() {
    log.put(PARTITION, record(7));
    log.holdLoads();
    elect(2);
    shell.resigned(2);
    clock.run();
    log.releaseLoads();
    clock.run();

    assertThat(read()).isCompletedWithValue("NOT_COORDINATOR");
  }

  @Test
  void anOlderElectionOrResignationDoesNotCount() {
    elect(5);
    shell.elected(4);
    shell.resigned(4);
    clock.run();

    assertThat(read()).isCompletedWithValue("sum 0");
  }

  @Test
  void aReplicaThatComesAfterOneThatLeftMayCountItsEpochsFromZero() {
    elect(5);
    shell.resigned(CoordinatorShell.NO_REPLICA);
    clock.run();
    assertThat(read()).isCompletedWithValue("NOT_COORDINATOR");
    elect(0);

    assertThat(read()).isCompletedWithValue("sum 0");
  }

  @Test
  void anAppendThatFailsDropsTheStateAndLoadsItAgain() {
    add(1);
    log.failNextAppend(Fault.REFUSED);
    assertThat(add(2)).isCompletedWithValue("NOT_COORDINATOR");
    assertThat(read()).isCompletedWithValue("COORDINATOR_LOAD_IN_PROGRESS");

    clock.advance(1_000);

    assertThat(read()).isCompletedWithValue("sum 1");
    assertThat(meters.get("tidemark.coordinator.resets").counter().count()).isEqualTo(1);
  }

  @Test
  void anAppendWhoseAnswerGotLostIsReadBack() {
    log.failNextAppend(Fault.LOST_ANSWER);
    assertThat(add(2)).isCompletedWithValue("NOT_COORDINATOR");

    clock.advance(1_000);

    assertThat(read()).isCompletedWithValue("sum 2");
  }

  @Test
  void whoeverWaitsWhenTheLeaderChangesIsSentAway() {
    log.holdCommits();
    CompletableFuture<String> written = add(2);
    CompletableFuture<String> read = read();
    CompletableFuture<String> waiting = ask((core, turn, answer) -> {});

    shell.resigned(1);
    clock.run();

    assertThat(written).isCompletedWithValue("NOT_COORDINATOR");
    assertThat(read).isCompletedWithValue("NOT_COORDINATOR");
    assertThat(waiting).isCompletedWithValue("NOT_COORDINATOR");
  }

  @Test
  void whatWasLoadedIsAnsweredOnlyOnceItIsCommitted() {
    log.holdCommits();
    add(2);
    elect(2);
    CompletableFuture<String> read = read();
    assertThat(read).isNotDone();

    log.releaseCommits();
    clock.run();

    assertThat(read).isCompletedWithValue("sum 2");
  }

  @Test
  void anAnswerThatWaitsTooLongForItsCommitSaysSo() {
    log.holdCommits();
    CompletableFuture<String> written = add(2);
    clock.advance(TIMEOUT_MS / 2);
    assertThat(written).isNotDone();
    clock.advance(TIMEOUT_MS);

    assertThat(written).isCompletedWithValue("REQUEST_TIMED_OUT");
    assertThat(read()).isCompletedWithValue("REQUEST_TIMED_OUT");
    log.releaseCommits();
    clock.run();
    assertThat(read()).isCompletedWithValue("sum 2");
  }

  @Test
  void whenTheLogDoesNotKeepUpRequestsAreTurnedAway() {
    log.holdCommits();
    List<CompletableFuture<String>> answers = new ArrayList<>();
    for (int i = 0; i < 2 * Pipeline.MAX_BATCHES; i++) {
      answers.add(add(1));
    }
    long refused =
        answers.stream()
            .filter(answer -> answer.getNow("").equals("COORDINATOR_NOT_AVAILABLE"))
            .count();
    assertThat(refused).isEqualTo(Pipeline.MAX_BATCHES);

    log.releaseCommits();
    clock.run();

    assertThat(read()).isCompletedWithValue("sum " + Pipeline.MAX_BATCHES);
  }

  @Test
  void aBugCostsTheStateButNotTheLog() {
    add(2);
    CompletableFuture<String> answer =
        ask((core, turn, to) -> {
          core.sum = 99;
          throw new IllegalStateException("bug");
        });
    assertThat(answer).isCompletedWithValue("NOT_COORDINATOR");

    clock.advance(1_000);

    assertThat(read()).isCompletedWithValue("sum 2");
  }

  @Test
  void aLoadThatFailsIsTriedAgainAtGrowingIntervals() {
    shell.resigned(1);
    log.failLoads(new IllegalStateException("unreadable"));
    elect(2);
    int atFirst = cores.size();
    clock.advance(60_000);
    assertThat(cores.size() - atFirst).isBetween(5, 30);
    assertThat(read()).isCompletedWithValue("COORDINATOR_LOAD_IN_PROGRESS");

    log.failLoads(null);
    clock.advance(60_000);

    assertThat(read()).isCompletedWithValue("sum 0");
  }

  @Test
  void theCoreIsWokenWhenItAskedTo() {
    ask((core, turn, answer) -> {
      core.nextMs = turn.monotonicMs() + 500;
    });
    clock.advance(499);
    assertThat(read()).isCompletedWithValue("sum 0");
    clock.advance(1);

    assertThat(read()).isCompletedWithValue("sum 1000");
    assertThat(clock.timersSet()).isZero();
  }

  @Test
  void afterCloseEverybodyIsSentAway() {
    CompletableFuture<String> waiting = ask((core, turn, answer) -> {});
    shell.close();
    clock.run();
    assertThat(waiting).isCompletedWithValue("NOT_COORDINATOR");
    elect(9);

    assertThat(read()).isCompletedWithValue("NOT_COORDINATOR");
    assertThat(clock.timersSet()).isZero();
  }
}
