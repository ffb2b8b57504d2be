package io.tidemark.tests.simulation;

import static java.util.Objects.requireNonNull;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.encoder.Encoder;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Log lines on their way to standard error, written by a thread of its own, so that logging never
 * waits.
 *
 * <p>A simulated virtual thread must not wait for a lock that a thread outside the simulation may
 * hold, and the stream of a test's output is such a lock: the thread would be parked at a moment
 * that no seed decides, and were its process killed then, it would be the next in line for the lock
 * and never take it, so that everybody waits for ever.
 */
public final class QueuedLog extends UnsynchronizedAppenderBase<ILoggingEvent> {
  private final Queue<byte[]> lines = new ConcurrentLinkedQueue<>();
  private @Nullable Encoder<ILoggingEvent> encoder;
  private @Nullable Thread writer;

  /** Set by the configuration file. */
  public void setEncoder(Encoder<ILoggingEvent> encoder) {
    this.encoder = encoder;
  }

  @Override
  public void start() {
    writer = Thread.ofPlatform().daemon().name("log").start(this::write);
    super.start();
  }

  @Override
  protected void append(ILoggingEvent event) {
    lines.add(requireNonNull(encoder).encode(event));
    LockSupport.unpark(writer);
  }

  private void write() {
    while (true) {
      byte[] line = lines.poll();
      if (line == null) {
        System.err.flush();
        LockSupport.park(this);
      } else {
        System.err.write(line, 0, line.length);
      }
    }
  }
}
