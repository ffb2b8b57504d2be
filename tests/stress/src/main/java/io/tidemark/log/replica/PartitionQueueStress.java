package io.tidemark.log.replica;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * One change of a partition at a time, each once, each appender's in its order, whoever brings them
 * and whoever drains.
 */
public final class PartitionQueueStress {
  private PartitionQueueStress() {}

  /** Two event loops at one partition of a prompt directory. */
  @JCStressTest
  @Outcome(id = "3, 3, 0", expect = Expect.ACCEPTABLE, desc = "everything once and in order")
  @Outcome(expect = Expect.FORBIDDEN, desc = "lost, twice, out of order or two drains at once")
  @State
  public static class TwoAppenders {
    private final QueueUnderTest tested = new QueueUnderTest(2);

    @Actor
    public void first() {
      tested.append(0, 0);
      tested.append(0, 1);
      tested.command(0, 2);
    }

    @Actor
    public void second() {
      tested.command(1, 0);
      tested.append(1, 1);
      tested.append(1, 2);
    }

    @Arbiter
    public void result(III_Result result) {
      tested.runWriter();
      result.r1 = tested.done(0);
      result.r2 = tested.done(1);
      result.r3 = tested.wrong();
    }
  }

  /** The directory turns slow between appends: drains pass from a loop to its writer. */
  @JCStressTest
  @Outcome(id = "3, 2, 0", expect = Expect.ACCEPTABLE, desc = "everything once and in order")
  @Outcome(expect = Expect.FORBIDDEN, desc = "lost, twice, out of order or two drains at once")
  @State
  public static class HandedOver {
    private final QueueUnderTest tested = new QueueUnderTest(2);

    @Actor
    public void loop() {
      tested.append(0, 0);
      tested.slowDown();
      tested.append(0, 1);
      tested.append(0, 2);
    }

    @Actor
    public void writer() {
      tested.append(1, 0);
      tested.runWriter();
      tested.append(1, 1);
      tested.runWriter();
    }

    @Arbiter
    public void result(III_Result result) {
      tested.runWriter();
      result.r1 = tested.done(0);
      result.r2 = tested.done(1);
      result.r3 = tested.wrong();
    }
  }
}
