package io.tidemark.gateway.fetch;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A session hears of every replica that changes, and its loop is woken no more than needed. */
public final class LoopWatchesStress {
  private LoopWatchesStress() {}

  /** Two replicas change while the loop works off what it was woken for. */
  @JCStressTest
  @Outcome(id = "3, 1", expect = Expect.ACCEPTABLE, desc = "both, by one task")
  @Outcome(id = "3, 2", expect = Expect.ACCEPTABLE, desc = "both, by a task each")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a change that the session never hears of")
  @State
  public static class ChangesWhileTheLoopWorks {
    private final WatchedSession session = new WatchedSession();

    @Actor
    public void drainer() {
      session.changeFirst();
      session.changeSecond();
    }

    @Actor
    public void loop() {
      session.runLoop();
    }

    @Arbiter
    public void result(II_Result result) {
      session.runLoop();
      result.r1 = session.heardOf();
      result.r2 = session.wakeUps();
      session.close();
    }
  }

  /** Two replicas change at once, drained by two threads. */
  @JCStressTest
  @Outcome(id = "3, 1", expect = Expect.ACCEPTABLE, desc = "both, by one task")
  @Outcome(expect = Expect.FORBIDDEN, desc = "a change that the session never hears of")
  @State
  public static class ChangesAtOnce {
    private final WatchedSession session = new WatchedSession();

    @Actor
    public void firstDrainer() {
      session.changeFirst();
    }

    @Actor
    public void secondDrainer() {
      session.changeSecond();
    }

    @Arbiter
    public void result(II_Result result) {
      session.runLoop();
      result.r1 = session.heardOf();
      result.r2 = session.wakeUps();
      session.close();
    }
  }
}
