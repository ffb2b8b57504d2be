package io.tidemark.gateway.fetch;

import io.tidemark.log.replica.StressedReplica;

/** A session with two partitions that has looked at both and waits for either to change. */
final class WatchedSession {
  private final StressedLoop loop = new StressedLoop();
  private final LoopWatches watches = new LoopWatches(loop);
  private final FetchSession session = new FetchSession(loop, watches, true, false);
  private final FetchedPartition first = clean(0);
  private final FetchedPartition second = clean(1);
  private final LoopWatches.SharedWatch firstWatch = watches.join(StressedReplica.first(), first);
  private final LoopWatches.SharedWatch secondWatch =
      watches.join(StressedReplica.second(), second);

  private FetchedPartition clean(int partition) {
    FetchedPartition fetched = StressedLoop.partition(session, partition);
    session.markClean(fetched);
    return fetched;
  }

  void changeFirst() {
    firstWatch.changed(StressedReplica.first());
  }

  void changeSecond() {
    secondWatch.changed(StressedReplica.second());
  }

  /** The loop does what it was woken for; one thread at a time. */
  void runLoop() {
    loop.runAll();
  }

  /** How often the loop was woken. */
  int wakeUps() {
    return loop.tasks();
  }

  /** Bit 0 when the session knows that the first has changed, bit 1 for the second. */
  int heardOf() {
    return (session.dirty().contains(first) ? 1 : 0) + (session.dirty().contains(second) ? 2 : 0);
  }

  void close() {
    session.close();
  }
}
