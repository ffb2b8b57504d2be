package io.tidemark.log;

import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.utils.Time;

/** A clock that stands until a test moves it. */
public final class ManualTime implements Time {
  private final AtomicLong nowNs;
  private final long startMs;

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

  @Override
  public void sleep(long ms) {
    advanceMs(ms);
  }
}
