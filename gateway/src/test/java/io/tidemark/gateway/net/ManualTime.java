package io.tidemark.gateway.net;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Time;

/** A clock that stands still until it is moved. */
public final class ManualTime implements Time {
  private final AtomicLong nowNs = new AtomicLong(1_000_000_000L);

  public void advanceMs(long ms) {
    nowNs.addAndGet(ms * 1_000_000);
  }

  @Override
  public long milliseconds() {
    return nowNs.get() / 1_000_000;
  }

  @Override
  public long nanoseconds() {
    return nowNs.get();
  }

  @Override
  public void sleep(long ms) {
    advanceMs(ms);
  }

  @Override
  public void waitObject(Object object, Supplier<Boolean> condition, long deadlineMs) {
    throw new UnsupportedOperationException();
  }
}
