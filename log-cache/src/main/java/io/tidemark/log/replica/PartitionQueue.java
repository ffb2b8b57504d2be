package io.tidemark.log.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that changes one partition, in order of arrival, one thread at a time and without a
 * lock: whoever adds to an empty queue drains it, and who adds meanwhile leaves the work to the
 * drainer. So one appender's batches stay in order, and under load they gather into one write.
 *
 * <p>A drain is at most {@value #MAX_DRAIN_BYTES} bytes or {@value #MAX_DRAIN_APPENDS} entries;
 * then the directory's writer goes on, so that an event loop is not kept by one partition. While
 * the directory is slow its writer drains everything. Bounded by its callers: an entry is a request
 * in memory, and requests have a budget.
 */
final class PartitionQueue {
  static final int MAX_DRAIN_BYTES = 1 << 20;
  static final int MAX_DRAIN_APPENDS = 64;

  private static final Logger log = LoggerFactory.getLogger(PartitionQueue.class);

  private sealed interface Entry {
    record Append(PendingAppend append) implements Entry {}

    record Command(Runnable command) implements Entry {}

    record Hold(Consumer<Runnable> holder) implements Entry {}
  }

  private final Supplier<DirectoryPace> pace;
  private final Time time;
  private final Consumer<List<PendingAppend>> appender;
  private final ConcurrentLinkedQueue<Entry> entries = new ConcurrentLinkedQueue<>();
  // Entries added and not yet done. Whoever raises it from 0 drains; it orders the memory of one
  // drain before the next.
  private final AtomicInteger depth = new AtomicInteger();

  /**
   * A queue for one partition.
   *
   * @param pace of the directory it lies in now
   * @param appender carries out appends that came one after the other, and tells their listeners
   */
  PartitionQueue(Supplier<DirectoryPace> pace, Time time, Consumer<List<PendingAppend>> appender) {
    this.pace = pace;
    this.time = time;
    this.appender = appender;
  }

  void append(PendingAppend append) {
    add(new Entry.Append(append));
  }

  /** Runs the command in its turn; it must not throw. */
  void command(Runnable command) {
    add(new Entry.Command(command));
  }

  /**
   * Hands the partition over in its turn: nothing else happens to it until what the holder is given
   * is run, once, by any thread. The holder must not wait, nor throw.
   */
  void hold(Consumer<Runnable> holder) {
    add(new Entry.Hold(holder));
  }

  private void goOn() {
    if (depth.decrementAndGet() > 0) {
      pace.get().onWriter(() -> drain(true));
    }
  }

  private void add(Entry entry) {
    entries.add(entry);
    if (depth.getAndIncrement() == 0) {
      DirectoryPace now = pace.get();
      if (now.isPrompt(time.nanoseconds())) {
        drain(false);
      } else {
        now.onWriter(() -> drain(true));
      }
    }
  }

  /** Works through entries until none is left or the turn is over. */
  private void drain(boolean isOnWriter) {
    int bytes = 0;
    int done = 0;
    while (bytes < MAX_DRAIN_BYTES && done < MAX_DRAIN_APPENDS) {
      if (done > 0 && !isOnWriter && !pace.get().isPrompt(time.nanoseconds())) {
        break;
      }
      Entry entry = entries.remove();
      int count = 1;
      switch (entry) {
        case Entry.Command command -> run(command.command());
        case Entry.Hold hold -> {
          run(() -> hold.holder().accept(this::goOn));
          return;
        }
        case Entry.Append first -> {
          List<PendingAppend> gathered = gather(first.append(), bytes, done);
          count = gathered.size();
          bytes += sizeBytes(gathered);
          append(gathered);
        }
      }
      done += count;
      if (depth.addAndGet(-count) == 0) {
        return;
      }
    }
    pace.get().onWriter(() -> drain(true));
  }

  /**
   * The append with those right behind it, as far as this turn goes. At most as many as are
   * counted: one that is in the list but not counted yet may not be taken, or its adder would find
   * the queue idle.
   */
  private List<PendingAppend> gather(PendingAppend first, int bytesBefore, int doneBefore) {
    int most = Math.min(depth.get(), MAX_DRAIN_APPENDS - doneBefore);
    List<PendingAppend> gathered = new ArrayList<>();
    gathered.add(first);
    long bytes = (long) bytesBefore + first.sizeBytes();
    while (bytes < MAX_DRAIN_BYTES
        && gathered.size() < most
        && entries.peek() instanceof Entry.Append next) {
      entries.remove();
      gathered.add(next.append());
      bytes += next.append().sizeBytes();
    }
    return gathered;
  }

  private static int sizeBytes(List<PendingAppend> appends) {
    return (int)
        Math.min(MAX_DRAIN_BYTES, appends.stream().mapToLong(PendingAppend::sizeBytes).sum());
  }

  private void append(List<PendingAppend> gathered) {
    List<PendingAppend> taken = gathered.stream().filter(PendingAppend::take).toList();
    if (!taken.isEmpty()) {
      run(() -> appender.accept(taken));
    }
  }

  /**
   * The queue goes on whatever happens: a partition that never drains again would be a silent loss.
   */
  private static void run(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      log.error("A change of a partition failed in a way that was not foreseen", e);
    }
  }

  /**
   * Appends that wait and are not in anybody's hands yet; the caller tells their listeners. Safe
   * from any thread.
   */
  List<PendingAppend> takeWaiting() {
    List<PendingAppend> taken = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry instanceof Entry.Append append && append.append().take()) {
        taken.add(append.append());
      }
    }
    return taken;
  }
}
