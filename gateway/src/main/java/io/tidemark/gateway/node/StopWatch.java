package io.tidemark.gateway.node;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process when its orderly stop hangs: a disk that does not answer, a store's client that
 * does not close. Nothing is lost by it, for a directory counts as cleanly closed only once its
 * mark is written, which is the last thing; the next start checks the others. Closed when the stop
 * is over.
 */
public final class StopWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StopWatch.class);
  private static final long LIMIT_MS = 9_300;

  /** What a shell shows of a process that SIGTERM has ended. */
  private static final int EXIT_CODE = 143;

  private final CountDownLatch stopped = new CountDownLatch(1);

  private StopWatch() {}

  /** The stop begins now. */
  public static StopWatch start() {
    StopWatch watch = new StopWatch();
    Thread.ofPlatform().daemon().name("stop-watch").start(watch::watch);
    return watch;
  }

  private void watch() {
    try {
      if (!stopped.await(LIMIT_MS, TimeUnit.MILLISECONDS)) {
        log.error(
            "Closing has not ended after {} ms: the process ends as it is, what was not closed is"
                + " checked at the next start",
            LIMIT_MS);
        Runtime.getRuntime().halt(EXIT_CODE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stopped.countDown();
  }
}
