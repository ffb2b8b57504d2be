package io.tidemark.bench.load;

import io.tidemark.bench.machine.PageCache;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * Reads a topic from its beginning, again and again, on a thread of its own. Before each time it
 * drops the topic's files from the page cache, so that the server has to fetch them from the disk.
 */
public final class OldDataReader implements AutoCloseable {
  private final CheapReadLoad load;
  private final String topic;
  private final Path data;
  private final Failure failure = new Failure();
  private final CountDownLatch isReading = new CountDownLatch(1);
  private final Thread thread;
  private volatile boolean isClosed;

  /** Returns when the reading has begun. */
  public OldDataReader(String bootstrap, String topic, int partitions, Path data) throws Exception {
    this.load = new CheapReadLoad(bootstrap, topic, partitions);
    this.topic = topic;
    this.data = data;
    this.thread = Thread.ofPlatform().name("old-data-reader").start(this::read);
    isReading.await();
  }

  private void read() {
    try {
      while (!isClosed) {
        PageCache.drop(data, topic);
        isReading.countDown();
        load.pass();
      }
    } catch (Exception e) {
      failure.keep(e);
    } finally {
      isReading.countDown();
    }
  }

  /** Fails when a read did. */
  public void check() {
    failure.check();
  }

  @Override
  public void close() {
    isClosed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
