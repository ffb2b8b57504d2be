package io.tidemark.log.producer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many producers all logs of a node may remember together. While they are more, a log that has
 * more than its share gives up the older half of its own when it is written to or looked at: so a
 * log with few producers keeps them, whatever others are sent. At most twice {@code max} are
 * remembered, and {@value #ALWAYS} a log. Safe from any thread.
 */
public final class ProducerBudget {
  /** What a log may remember in any case. */
  static final int ALWAYS = 16;

  private final int max;
  private final AtomicLong used = new AtomicLong();
  private final AtomicLong forgotten = new AtomicLong();
  private final AtomicInteger logs = new AtomicInteger();

  public ProducerBudget(int max) {
    this.max = max;
  }

  /** The part of one log, which closes it. */
  public Share open() {
    logs.incrementAndGet();
    return new Share();
  }

  /** Producers remembered now. */
  public long used() {
    return used.get();
  }

  /** Shows the budget and what is used of it. */
  public void register(MeterRegistry meters) {
    Gauge.builder("tidemark.log.producers", this, ProducerBudget::used)
        .description("Idempotent producers remembered, over all logs")
        .register(meters);
    Gauge.builder("tidemark.log.producers.limit", this, budget -> budget.max)
        .description("Idempotent producers that may be remembered")
        .register(meters);
    FunctionCounter.builder(
            "tidemark.log.producers.forgotten", this, budget -> budget.forgotten.get())
        .description("Idempotent producers forgotten before their time, because they were too many")
        .register(meters);
  }

  /** What one log has of the budget. */
  public final class Share implements AutoCloseable {
    private int counted;
    private boolean isClosed;

    private Share() {}

    /** Takes note of a log's producers; answers how many of them it has to forget. */
    public synchronized int over(int count) {
      if (isClosed) {
        return 0;
      }
      long usedNow = used.addAndGet(count - counted);
      counted = count;
      int share = Math.max(ALWAYS, max / logs.get());
      return usedNow > max && count > share ? count - count / 2 : 0;
    }

    /** Counts what was forgotten. */
    public void forgot(int count) {
      forgotten.addAndGet(count);
    }

    /** The log is gone, and with it what it remembered; idempotent. */
    @Override
    public synchronized void close() {
      if (!isClosed) {
        isClosed = true;
        logs.decrementAndGet();
        used.addAndGet(-counted);
      }
    }
  }
}
