package io.tidemark.log.replica;

import io.tidemark.log.AppendOrigin;
import io.tidemark.log.validate.ValidatedBatches;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Time;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A stall check takes waiting appends from under the writer that drains them. */
@JCStressTest
@Outcome(id = "2, 0", expect = Expect.ACCEPTABLE, desc = "the drain had both")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "one each")
@Outcome(id = "0, 2", expect = Expect.ACCEPTABLE, desc = "the stall check had both")
@Outcome(expect = Expect.FORBIDDEN, desc = "an append without an answer, or with two")
@State
public class StallCheckStress {
  private static final ValidatedBatches BATCHES =
      new ValidatedBatches(ByteBuffer.allocate(1), AppendOrigin.CLIENT, 1, 1);

  private final AtomicInteger drained = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private final Queue<Runnable> writer = new ConcurrentLinkedQueue<>();
  private final PartitionQueue queue;

  public StallCheckStress() {
    DirectoryPace pace = new DirectoryPace(Path.of("data"), writer::add);
    queue =
        new PartitionQueue(
            () -> pace,
            Time.SYSTEM,
            appends -> appends.forEach(append -> append.refuse(Errors.NONE, null, 0)));
    pace.stalled(Time.SYSTEM.nanoseconds());
    queue.append(new PendingAppend(BATCHES, Acks.ALL, -1, null, new Counting()));
    queue.append(new PendingAppend(BATCHES, Acks.ALL, -1, null, new Counting()));
  }

  @Actor
  public void writer() {
    runWriter();
  }

  @Actor
  public void stallCheck() {
    queue.takeWaiting().forEach(append -> append.refuse(Errors.KAFKA_STORAGE_ERROR, "stalled", 0));
  }

  @Arbiter
  public void result(II_Result result) {
    runWriter();
    result.r1 = drained.get();
    result.r2 = refused.get();
  }

  private void runWriter() {
    for (Runnable task = writer.poll(); task != null; task = writer.poll()) {
      task.run();
    }
  }

  private final class Counting implements AppendListener {
    @Override
    public void appended() {}

    @Override
    public void completed(AppendOutcome outcome) {
      boolean wasDrained = ((AppendOutcome.Refused) outcome).error() == Errors.NONE;
      (wasDrained ? drained : refused).incrementAndGet();
    }
  }
}
