package io.tidemark.tiering;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private final Deque<Runnable> started = new ArrayDeque<>();
  private final List<String> taken = new ArrayList<>();
  private final Turns turns = new Turns(2, started::add);

  private final class Named extends Turns.Taker {
    private final String name;
    private int wants;

    Named(String name, int wants) {
      this.name = name;
      this.wants = wants;
    }

    @Override
    void takeTurn() {
      taken.add(name);
      if (--wants > 0) {
        turns.request(this);
      }
    }
  }

  private void runAll() {
    while (!started.isEmpty()) {
      started.remove().run();
    }
  }

  @Test
  void noMoreThanTheLimitRunAtOnceFirstComeFirstServed() {
    for (String name : List.of("a", "b", "c", "d")) {
      turns.request(new Named(name, 1));
    }
    assertThat(started).hasSize(2);
    assertThat(turns.queued()).isEqualTo(2);
    runAll();
    assertThat(taken).containsExactly("a", "b", "c", "d");
    assertThat(turns.running()).isZero();
  }

  @Test
  void aLongBacklogGoesToTheEndAfterEachTurn() {
    turns.request(new Named("a", 3));
    turns.request(new Named("b", 1));
    turns.request(new Named("c", 1));
    runAll();
    assertThat(taken).containsExactly("a", "b", "c", "a", "a");
  }

  @Test
  void askingTwiceGivesOneTurn() {
    Named a = new Named("a", 1);
    turns.request(a);
    turns.request(a);
    runAll();
    assertThat(taken).containsExactly("a");
  }

  @Test
  void afterCloseNobodyGetsATurn() {
    turns.request(new Named("a", 1));
    turns.request(new Named("b", 1));
    turns.request(new Named("c", 1));
    turns.close();
    turns.request(new Named("d", 1));
    runAll();
    assertThat(taken).containsExactly("a", "b");
  }

  @Test
  void aTurnThatThrowsFreesItsPlace() {
    Turns.Taker bad =
        new Turns.Taker() {
          @Override
          void takeTurn() {
            throw new IllegalStateException("bad");
          }
        };
    turns.request(bad);
    turns.request(new Named("a", 1));
    turns.request(new Named("b", 1));
    assertThat(started).hasSize(2);
    try {
      started.remove().run();
    } catch (IllegalStateException expected) {
      assertThat(expected).hasMessage("bad");
    }
    runAll();
    assertThat(taken).containsExactly("a", "b");
  }
}
