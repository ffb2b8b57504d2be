package io.tidemark.log.replica;

import io.tidemark.log.AppendOrigin;
import io.tidemark.log.validate.ValidatedBatches;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Time;

/**
 * A partition's queue whose drains leave traces in plain fields, as the partition's log does: what
 * two drains do at once, or one does without seeing the other, spoils them.
 *
 * <p>Appends are numbered from 0 for each appender. The directory's writer is whoever calls {@link
 * #runWriter}; one thread at a time, as the real one.
 */
final class QueueUnderTest {
  private static final ValidatedBatches BATCHES =
      new ValidatedBatches(ByteBuffer.allocate(1), AppendOrigin.CLIENT, 1, 1);

  private final Queue<Runnable> writer = new ConcurrentLinkedQueue<>();
  final DirectoryPace pace = new DirectoryPace(Path.of("data"), writer::add);
  final PartitionQueue queue =
      new PartitionQueue(
          () -> pace,
          Time.SYSTEM,
          appends -> appends.forEach(append -> append.refuse(Errors.NONE, null, 0)));

  // Plain on purpose: only the queue orders the drains.
  private final int[] next;
  private boolean isInside;
  private int wrong;

  QueueUnderTest(int appenders) {
    next = new int[appenders];
  }

  /** Makes the writer drain from now on. */
  void slowDown() {
    pace.wrote((DirectoryPace.SLOW_WRITE_MS + 1) * 1_000_000, Time.SYSTEM.nanoseconds());
  }

  void append(int appender, int number) {
    queue.append(new PendingAppend(BATCHES, Acks.LEADER, -1, null, new Numbered(appender, number)));
  }

  void command(int appender, int number) {
    queue.command(() -> done(appender, number));
  }

  void runWriter() {
    for (Runnable task = writer.poll(); task != null; task = writer.poll()) {
      task.run();
    }
  }

  /** The work done of each appender, and what went wrong. */
  int done(int appender) {
    return next[appender];
  }

  int wrong() {
    return wrong;
  }

  private void done(int appender, int number) {
    if (isInside || next[appender] != number) {
      wrong++;
    }
    isInside = true;
    next[appender]++;
    isInside = false;
  }

  private final class Numbered implements AppendListener {
    private final int appender;
    private final int number;

    Numbered(int appender, int number) {
      this.appender = appender;
      this.number = number;
    }

    @Override
    public void appended() {}

    @Override
    public void completed(AppendOutcome outcome) {
      done(appender, number);
    }
  }
}
