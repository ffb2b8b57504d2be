package io.tidemark.gateway.fetch;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Random;
import org.apache.kafka.common.utils.Time;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** Sessions that several connections' loops look for, open and evict at once. */
public final class FetchSessionStress {
  private FetchSessionStress() {}

  private static FetchSessionCache cacheFor(int sessions) {
    return new FetchSessionCache(
        sessions, 0, Time.SYSTEM, new Random(1), new SimpleMeterRegistry());
  }

  private static FetchSession session(StressedLoop loop, boolean isReplica) {
    return new FetchSession(loop, new LoopWatches(loop), true, isReplica);
  }

  /** Two clients want the one place that is left. */
  @JCStressTest
  @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "one got it, and is found")
  @Outcome(expect = Expect.FORBIDDEN, desc = "both or none got it, or it is not found")
  @State
  public static class LastPlace {
    private final FetchSessionCache cache =
        new FetchSessionCache(
            1, Long.MAX_VALUE, Time.SYSTEM, new Random(1), new SimpleMeterRegistry());
    private final StressedLoop loop = new StressedLoop();
    private final FetchSession first = session(loop, false);
    private final FetchSession second = session(loop, false);

    @Actor
    public void firstOpens() {
      cache.add(first);
    }

    @Actor
    public void secondOpens() {
      cache.add(second);
    }

    @Arbiter
    public void result(II_Result result) {
      result.r1 = (first.id() > 0 ? 1 : 0) + (second.id() > 0 ? 1 : 0);
      FetchSession kept = first.id() > 0 ? first : second;
      result.r2 = cache.find(kept.id()).filter(kept::equals).isPresent() ? 1 : 0;
    }
  }

  /**
   * A replica's session takes the place of a consumer's whose next request is on its way from
   * another connection: the request is served before the session is closed, or told that it is
   * gone, and never uses a closed one.
   */
  @JCStressTest
  @Outcome(id = "1, 0, 1", expect = Expect.ACCEPTABLE, desc = "served, then closed")
  @Outcome(id = "0, 1, 1", expect = Expect.ACCEPTABLE, desc = "told that it is gone")
  @Outcome(expect = Expect.FORBIDDEN, desc = "without an answer, or served by a closed session")
  @State
  public static class EvictedBeforeItsNextRequest {
    private final FetchSessionCache cache = cacheFor(1);
    private final StressedLoop loop = new StressedLoop();
    private final FetchSession consumer = session(loop, false);
    private int served;
    private int gone;

    public EvictedBeforeItsNextRequest() {
      cache.add(consumer);
      StressedLoop.partition(consumer, 0);
    }

    @Actor
    public void request() {
      cache
          .find(consumer.id())
          .ifPresentOrElse(found -> found.loop().execute(() -> serve(found)), () -> gone++);
    }

    @Actor
    public void replica() {
      cache.add(session(loop, true));
    }

    @Arbiter
    public void result(III_Result result) {
      loop.runAll();
      result.r1 = served;
      result.r2 = gone;
      result.r3 = consumer.isClosed() && consumer.isEmpty() ? 1 : 0;
    }

    private void serve(FetchSession found) {
      if (found.isClosed()) {
        gone++;
      } else {
        served += found.partitions().size();
      }
    }
  }
}
