package io.tidemark.tests.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Values that were sent, acknowledged and in the end read. A value is unique and names its producer
 * and the place in that producer's order ({@code 3:1042}). Sends and acknowledgements may come from
 * any thread; {@link #read} and {@link #anomalies} from one, after the load has stopped.
 */
public final class History {
  private final Map<String, Place> acknowledged = new ConcurrentHashMap<>();
  private final AtomicLong sent = new AtomicLong();
  private final Map<TopicPartition, List<Seen>> seen = new HashMap<>();

  private record Place(TopicPartition partition, long offset) {}

  private record Seen(long offset, String value) {}

  /** The value of one producer's nth record. */
  public static String value(int producer, long n) {
    return producer + ":" + n;
  }

  public void sent() {
    sent.incrementAndGet();
  }

  public void acknowledged(String value, TopicPartition partition, long offset) {
    acknowledged.put(value, new Place(partition, offset));
  }

  public long acknowledgedCount() {
    return acknowledged.size();
  }

  public void read(TopicPartition partition, long offset, String value) {
    seen.computeIfAbsent(partition, key -> new ArrayList<>()).add(new Seen(offset, value));
  }

  /** Everything that must not be, one line each; at most a few of a kind. */
  public List<String> anomalies() {
    List<String> found = new ArrayList<>();
    Map<String, Place> places = new HashMap<>();
    seen.forEach((partition, records) -> check(partition, records, places, found));
    acknowledged.forEach((value, place) -> {
      Place read = places.get(value);
      if (read == null) {
        found.add("lost: %s was acknowledged at %s and never read".formatted(value, place));
      } else if (place.offset() >= 0 && !read.equals(place)) {
        found.add("moved: %s was acknowledged at %s, read at %s".formatted(value, place, read));
      }
    });
    return found.size() > 20 ? found.subList(0, 20) : found;
  }

  private static void check(
      TopicPartition partition, List<Seen> records, Map<String, Place> places, List<String> found) {
    Map<String, Long> lastOfProducer = new HashMap<>();
    long lastOffset = -1;
    for (Seen record : records) {
      if (record.offset() <= lastOffset) {
        found.add(
            "offsets of %s go from %d to %d".formatted(partition, lastOffset, record.offset()));
      }
      lastOffset = record.offset();
      Place place = new Place(partition, record.offset());
      @Nullable Place before = places.put(record.value(), place);
      if (before != null) {
        found.add("duplicate: %s at %s and %s".formatted(record.value(), before, place));
      }
      int colon = record.value().indexOf(':');
      String producer = record.value().substring(0, colon);
      long n = Long.parseLong(record.value().substring(colon + 1));
      @Nullable Long last = lastOfProducer.put(producer, n);
      if (last != null && last >= n) {
        found.add(
            "reordered: producer %s has %d after %d in %s".formatted(producer, n, last, partition));
      }
    }
  }
}
