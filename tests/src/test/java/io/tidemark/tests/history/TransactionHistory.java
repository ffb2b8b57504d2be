package io.tidemark.tests.history;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What transactional producers did and were told, and what readers of committed records saw: while
 * things went wrong, and in a replay after everything healed. Safe from any thread; {@link
 * #anomalies} is asked once all have stopped.
 */
public final class TransactionHistory {
  private final Map<String, AtomicLong> numbers = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<RecordedTransaction> transactions =
      new ConcurrentLinkedQueue<>();
  private final List<CommittedReading> readings = new CopyOnWriteArrayList<>();
  private final CommittedReading replay = new CommittedReading("the replay");
  private final AtomicLong committed = new AtomicLong();

  /** The next transaction of a producer. */
  public RecordedTransaction begin(String producer) {
    long number = numbers.computeIfAbsent(producer, _ -> new AtomicLong()).getAndIncrement();
    RecordedTransaction begun = new RecordedTransaction(producer, number);
    transactions.add(begun);
    return begun;
  }

  /** The producer was told that this one is committed. */
  public void committed(RecordedTransaction transaction) {
    transaction.committed();
    committed.incrementAndGet();
  }

  public long committedCount() {
    return committed.get();
  }

  /** A reader that begins now, from the first offset. */
  public CommittedReading reading(String reader) {
    CommittedReading begun = new CommittedReading(reader);
    readings.add(begun);
    return begun;
  }

  /** Everything, read once more in the end. */
  public CommittedReading replay() {
    return replay;
  }

  /** Everything that must not be, one line each; at most a few. */
  public List<String> anomalies() {
    List<String> found = new TransactionCheck(List.copyOf(transactions), replay).check(readings);
    return found.size() > 20 ? found.subList(0, 20) : found;
  }
}
