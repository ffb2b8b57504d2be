package io.tidemark.metadata.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DeadlinesTest {
  private final Deadlines deadlines = new Deadlines();
  private final List<String> ran = new ArrayList<>();

  private Deadline deadline(String name) {
    return deadlines.create(turn -> ran.add(name + "@" + turn.monotonicMs()));
  }

  private void runAt(long nowMs) {
    deadlines.run(new Turn(0, nowMs));
  }

  @Test
  void dueOnesRunInOrderOfTimeThenOfSetting() {
    Deadline late = deadline("late");
    Deadline second = deadline("second");
    Deadline first = deadline("first");
    deadlines.set(late, 30);
    deadlines.set(first, 10);
    deadlines.set(second, 10);

    runAt(20);

    assertThat(ran).containsExactly("first@20", "second@20");
    assertThat(deadlines.nextMs()).isEqualTo(30);
  }

  @Test
  void onePutOffRunsOnceAtItsNewTime() {
    Deadline heartbeat = deadline("a");
    deadlines.set(heartbeat, 10);
    deadlines.set(heartbeat, 25);

    runAt(10);
    assertThat(ran).isEmpty();
    assertThat(deadlines.nextMs()).isEqualTo(25);
    runAt(25);
    runAt(100);

    assertThat(ran).containsExactly("a@25");
  }

  @Test
  void oneBroughtForwardRunsOnceAtTheEarlierTime() {
    Deadline moved = deadline("a");
    deadlines.set(moved, 50);
    deadlines.set(moved, 10);

    runAt(10);
    runAt(60);

    assertThat(ran).containsExactly("a@10");
  }

  @Test
  void cancelledOnesDoNotRunUnlessSetAgain() {
    Deadline cancelled = deadline("a");
    deadlines.set(cancelled, 10);
    deadlines.cancel(cancelled);
    runAt(20);
    assertThat(ran).isEmpty();
    assertThat(deadlines.nextMs()).isEqualTo(Deadline.NEVER);

    deadlines.set(cancelled, 30);
    runAt(30);

    assertThat(ran).containsExactly("a@30");
  }

  @Test
  void cancelledOnesDoNotPileUp() {
    List<Deadline> kept = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      Deadline deadline = deadline("d" + i);
      deadlines.set(deadline, 1_000_000 + i);
      if (i % 10_000 == 0) {
        kept.add(deadline);
      } else {
        deadlines.cancel(deadline);
      }
    }
    assertThat(deadlines.size()).isLessThan(5_000);
    Deadline again = deadline("again");
    deadlines.set(again, 5);
    deadlines.cancel(again);
    for (int i = 0; i < 5_000; i++) {
      Deadline other = deadline("other");
      deadlines.set(other, 10);
      deadlines.cancel(other);
    }
    deadlines.set(again, 20);

    runAt(2_000_000);

    assertThat(ran).hasSize(kept.size() + 1).contains("again@2000000");
  }

  @Test
  void oneMaySetItselfAgainWhileItRuns() {
    Deadline[] self = new Deadline[1];
    self[0] =
        deadlines.create(turn -> {
          ran.add("tick");
          deadlines.set(self[0], turn.monotonicMs() + 5);
        });
    deadlines.set(self[0], 5);

    runAt(5);
    runAt(10);

    assertThat(ran).hasSize(2);
    assertThat(deadlines.nextMs()).isEqualTo(15);
  }
}
