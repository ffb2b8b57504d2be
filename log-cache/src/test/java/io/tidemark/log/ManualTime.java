package io.tidemark.log;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.utils.Time;

/** A clock that stands until a test moves it, or waits for what does not come. */
public final class ManualTime implements Time {
  private final AtomicLong nowNs;
  private final long startMs;
  private volatile Runnable whileWaiting = () -> {};

  public ManualTime(long startMs) {
    this.startMs = startMs;
    this.nowNs = new AtomicLong();
  }

  public void advanceMs(long ms) {
    nowNs.addAndGet(ms * 1_000_000);
  }

  @Override
  public long milliseconds() {
    return startMs + nowNs.get() / 1_000_000;
  }

  @Override
  public long nanoseconds() {
    return nowNs.get();
  }

  /** What others would do while this thread waits for them, in a test that has no others. */
  public void whileWaiting(Runnable others) {
    whileWaiting = others;
  }

  /** Lets the others go on, then moves to the deadline when that was not enough. */
  @Override
  public <T> T waitForFuture(Future<T> future, long deadlineNs)
      throws TimeoutException, InterruptedException, ExecutionException {
    whileWaiting.run();
    if (future.isDone()) {
      return future.get();
    }
    nowNs.accumulateAndGet(deadlineNs, Math::max);
    throw new TimeoutException("Not done by " + deadlineNs);
  }

  @Override
  public void sleep(long ms) {
    advanceMs(ms);
  }
}
