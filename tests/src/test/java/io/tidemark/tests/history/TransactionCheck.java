package io.tidemark.tests.history;

import io.tidemark.tests.history.CommittedReading.Read;
import io.tidemark.tests.history.RecordedTransaction.Fate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Finds in a history of transactions what Jepsen's Kafka workload looks for:
 *
 * <pre>
 *   lost        a committed transaction's value is not in the replay
 *   aborted     a value was read whose commit nobody ever asked for
 *   torn        of a transaction of which nobody knows, some values are in the replay
 *   duplicate   a value lies at two offsets
 *   reordered   of one producer a later value lies before an earlier one
 *   unseen      a reader went past a value of the replay without seeing it
 *   moved       a value lies elsewhere than it was acknowledged
 *   changed     two readers saw different values at one offset
 *   back        a reader's offsets went back
 *   invented    a value was read that nobody sent there
 * </pre>
 *
 * Good for one check.
 */
final class TransactionCheck {
  private final List<RecordedTransaction> transactions;
  private final CommittedReading replay;
  private final Map<String, RecordedTransaction> writers = new HashMap<>();
  private final Map<TopicPartition, NavigableMap<Long, String>> log = new HashMap<>();
  private final Map<String, Long> places = new HashMap<>();
  private final List<String> found = new ArrayList<>();

  TransactionCheck(List<RecordedTransaction> transactions, CommittedReading replay) {
    this.transactions = transactions;
    this.replay = replay;
    transactions.forEach(each -> each.values().keySet().forEach(value -> writers.put(value, each)));
  }

  List<String> check(List<CommittedReading> readings) {
    checkReads(replay);
    replay.reads().forEach(this::enter);
    readings.forEach(this::checkReads);
    readings.forEach(this::checkAgainstReplay);
    transactions.forEach(this::checkWhole);
    log.forEach(this::checkOrder);
    return found;
  }

  // ---- one reader

  private void checkReads(CommittedReading reading) {
    reading
        .reads()
        .forEach((partition, reads) -> {
          long last = -1;
          for (Read read : reads) {
            if (read.offset() <= last) {
              found.add(
                  "back: %s went from %d to %d in %s"
                      .formatted(reading.reader(), last, read.offset(), partition));
            }
            last = read.offset();
            checkSent(reading, partition, read);
          }
        });
  }

  private void checkSent(CommittedReading reading, TopicPartition partition, Read read) {
    RecordedTransaction writer = writers.get(read.value());
    if (writer == null || !partition.equals(writer.values().get(read.value()))) {
      found.add("invented: %s read %s in %s".formatted(reading.reader(), read, partition));
    } else if (writer.fate() == Fate.OPEN) {
      found.add(
          "aborted: %s read %s of %s in %s".formatted(reading.reader(), read, writer, partition));
    }
  }

  // ---- the replay

  private void enter(TopicPartition partition, List<Read> reads) {
    for (Read read : reads) {
      log.computeIfAbsent(partition, _ -> new TreeMap<>()).put(read.offset(), read.value());
      Long before = places.put(read.value(), read.offset());
      if (before != null) {
        found.add(
            "duplicate: %s at %d and %d of %s"
                .formatted(read.value(), before, read.offset(), partition));
      }
    }
  }

  private void checkWhole(RecordedTransaction transaction) {
    List<String> missing =
        transaction.values().keySet().stream().filter(value -> !places.containsKey(value)).toList();
    boolean isPartly = !missing.isEmpty() && missing.size() < transaction.values().size();
    if (transaction.fate() == Fate.COMMITTED && !missing.isEmpty()) {
      found.add("lost: %s of %s".formatted(missing, transaction));
    } else if (transaction.fate() == Fate.UNKNOWN && isPartly) {
      found.add(
          "torn: of %s %s is not there, of %s"
              .formatted(transaction, missing, transaction.values().keySet()));
    }
    transaction.values().keySet().forEach(value -> checkPlace(transaction, value));
  }

  private void checkPlace(RecordedTransaction transaction, String value) {
    @Nullable Long place = places.get(value);
    long acknowledged = transaction.offset(value);
    if (place != null && acknowledged >= 0 && place != acknowledged) {
      found.add(
          "moved: %s was acknowledged at %d and lies at %d".formatted(value, acknowledged, place));
    }
  }

  private void checkOrder(TopicPartition partition, NavigableMap<Long, String> values) {
    Map<String, long[]> lastOfProducer = new HashMap<>();
    for (String value : values.values()) {
      String[] parts = value.split("/", -1);
      if (parts.length != 3) {
        continue;
      }
      long[] order = {Long.parseLong(parts[1]), Long.parseLong(parts[2])};
      long[] last = lastOfProducer.put(parts[0], order);
      if (last != null && Arrays.compare(last, order) >= 0) {
        found.add(
            "reordered: %s after %s/%d/%d in %s"
                .formatted(value, parts[0], last[0], last[1], partition));
      }
    }
  }

  // ---- readers while things went wrong, against the replay

  private void checkAgainstReplay(CommittedReading reading) {
    log.forEach((partition, values) -> checkUnseen(reading, partition, values));
    reading.reads().forEach((partition, reads) -> checkUnchanged(reading, partition, reads));
  }

  private void checkUnseen(
      CommittedReading reading, TopicPartition partition, NavigableMap<Long, String> values) {
    Set<Long> seen =
        reading.reads().getOrDefault(partition, List.of()).stream()
            .map(Read::offset)
            .collect(Collectors.toSet());
    values
        .headMap(reading.position(partition), false)
        .forEach((offset, value) -> {
          if (!seen.contains(offset)) {
            found.add(
                "unseen: %s went past %s at %d of %s"
                    .formatted(reading.reader(), value, offset, partition));
          }
        });
  }

  private void checkUnchanged(
      CommittedReading reading, TopicPartition partition, List<Read> reads) {
    NavigableMap<Long, String> values = log.getOrDefault(partition, new TreeMap<>());
    for (Read read : reads) {
      String value = values.get(read.offset());
      if (!read.value().equals(value)) {
        found.add(
            "changed: %s read %s at %d of %s, where %s lies in the end"
                .formatted(reading.reader(), read.value(), read.offset(), partition, value));
      }
    }
  }
}
