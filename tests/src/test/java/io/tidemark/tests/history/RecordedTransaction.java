package io.tidemark.tests.history;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;

/**
 * One transaction of one producer, and what its producer knows of it. Its values are unique and
 * name the producer, the transaction's number and the place in it ({@code p1/17/0}). Used by the
 * producer's thread; acknowledgements may come from any.
 *
 * <pre>
 *   OPEN ── the commit is asked for ──▶ UNKNOWN ── the answer came ──▶ COMMITTED
 *   nobody may ever see it              all or nothing                 everybody sees all of it
 * </pre>
 */
public final class RecordedTransaction {
  /** How much is known. */
  enum Fate {
    /** Nobody asked for its commit: it was aborted, by its producer or for it, or will be. */
    OPEN,
    UNKNOWN,
    COMMITTED
  }

  private final String producer;
  private final long number;
  private final Map<String, TopicPartition> values = new LinkedHashMap<>();
  private final Map<String, Long> offsets = new ConcurrentHashMap<>();
  private Fate fate = Fate.OPEN;

  RecordedTransaction(String producer, long number) {
    this.producer = producer;
    this.number = number;
  }

  /** A value to be sent to a partition. */
  public String write(TopicPartition partition) {
    String value = "%s/%d/%d".formatted(producer, number, values.size());
    values.put(value, partition);
    return value;
  }

  /** The partition's leader said where a value lies. */
  public void acknowledged(String value, long offset) {
    offsets.put(value, offset);
  }

  /** The producer asks for the commit now. */
  public void committing() {
    fate = Fate.UNKNOWN;
  }

  /** The producer was told that it is committed. */
  public void committed() {
    fate = Fate.COMMITTED;
  }

  public boolean isCommitting() {
    return fate != Fate.OPEN;
  }

  String producer() {
    return producer;
  }

  Fate fate() {
    return fate;
  }

  /** All values in the order in which they were sent, with their partitions. */
  Map<String, TopicPartition> values() {
    return values;
  }

  /** Where a value was acknowledged; −1 where nobody said. */
  long offset(String value) {
    return offsets.getOrDefault(value, -1L);
  }

  @Override
  public String toString() {
    return "%s/%d %s".formatted(producer, number, fate);
  }
}
