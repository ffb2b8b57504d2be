package io.tidemark.metadata.controller;

import java.util.function.Supplier;
import org.apache.kafka.common.utils.Time;

/** A clock that moves when the test says so. */
public final class ManualTime implements Time {
  private long nowNs = 1_000_000_000L;
  private long wallOffMs;

  /** Sets the wall clock forward or back; no time passes. */
  public void jumpMs(long ms) {
    wallOffMs += ms;
  }

  @Override
  public long milliseconds() {
    return wallOffMs + nowNs / 1_000_000;
  }

  @Override
  public long nanoseconds() {
    return nowNs;
  }

  @Override
  public void sleep(long ms) {
    nowNs += ms * 1_000_000;
  }

  @Override
  public void waitObject(Object object, Supplier<Boolean> condition, long deadlineMs) {
    throw new UnsupportedOperationException();
  }
}
