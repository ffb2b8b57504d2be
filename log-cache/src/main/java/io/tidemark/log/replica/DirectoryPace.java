package io.tidemark.log.replica;

import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * How quickly one log directory takes writes, and so who may write to it. While it is prompt,
 * whoever brings an append writes it; after a write of more than {@value #SLOW_WRITE_MS} ms only
 * the directory's own writer does, until every write has been prompt for {@value #PROMPT_FACTOR}
 * times as long as the slow one took, 10 s at most: so an event loop loses about one part in fifty
 * of its time to a slow disk, and a single hiccup, as any busy machine has, does not send all
 * appends through another thread for long. Stalled: a write has not returned for so long that the
 * directory's requests are refused. Safe from any thread.
 *
 * <pre>
 *            a write took > 20 ms              a write has not returned after the stall time
 *   PROMPT ───────────────────────▶ SLOW ────────────────────────────────────────▶ STALLED
 *      ▲                              │ ▲                                               │
 *      └─ 50 times as long without ───┘ └───────────── no write hangs any more ─────────┘
 * </pre>
 */
final class DirectoryPace {
  static final long SLOW_WRITE_MS = 20;
  static final long PROMPT_FACTOR = 50;
  static final long MAX_PROMPT_AFTER_MS = 10_000;

  private final Path directory;
  private final Executor writer;
  // Volatile because any drainer of the directory writes them and any appender reads them; a lost
  // update between two slow writes at the same time changes little.
  private volatile boolean isSlow;
  private volatile long slowUntilNs;
  private volatile boolean isStalled;

  DirectoryPace(Path directory, Executor writer) {
    this.directory = directory;
    this.writer = writer;
  }

  Path directory() {
    return directory;
  }

  /** Takes note of a write that has returned. */
  void wrote(long durationNs, long nowNs) {
    if (durationNs > SLOW_WRITE_MS * 1_000_000) {
      slowFor(durationNs * PROMPT_FACTOR, nowNs);
    }
  }

  private void slowFor(long forNs, long nowNs) {
    long untilNs = nowNs + Math.min(forNs, MAX_PROMPT_AFTER_MS * 1_000_000);
    if (!isSlow || untilNs - slowUntilNs > 0) {
      slowUntilNs = untilNs;
    }
    isSlow = true;
  }

  boolean isPrompt(long nowNs) {
    if (isSlow && nowNs - slowUntilNs > 0) {
      isSlow = false;
    }
    return !isSlow && !isStalled;
  }

  boolean isStalled() {
    return isStalled;
  }

  /** A write hangs. Until it returns and time has passed only the writer writes. */
  void stalled(long nowNs) {
    slowFor(Long.MAX_VALUE, nowNs);
    isStalled = true;
  }

  /** No write hangs any more. */
  void resumed(long nowNs) {
    slowFor(Long.MAX_VALUE, nowNs);
    isStalled = false;
  }

  /** Runs on the directory's writer; here and now when that is closed already. */
  void onWriter(Runnable task) {
    try {
      writer.execute(task);
    } catch (RejectedExecutionException e) {
      task.run();
    }
  }
}
