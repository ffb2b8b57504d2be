package io.tidemark.log.replica;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Who looks while a replica changes either sees the change or is woken by it. {@code published}
 * stands for the replica's view, which is volatile too.
 */
@JCStressTest
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "seen")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "woken")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "seen, and woken for nothing")
@Outcome(expect = Expect.FORBIDDEN, desc = "a change that nobody will ever look at")
@State
public class WatchersStress {
  private final Watchers watchers = new Watchers(StressedReplica.first());
  private final ReplicaWatch watch;
  private volatile int published;
  private volatile int wakeUps;

  public WatchersStress() {
    watch = watchers.add(replica -> wakeUps++);
    // From now on it is not woken before it has looked.
    watchers.wake();
    wakeUps = 0;
  }

  @Actor
  public void drainer() {
    published = 1;
    watchers.wake();
  }

  @Actor
  public void reader(II_Result result) {
    watch.look();
    result.r1 = published;
  }

  @Arbiter
  public void result(II_Result result) {
    result.r2 = wakeUps;
  }
}
