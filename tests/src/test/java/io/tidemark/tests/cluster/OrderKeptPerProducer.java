package io.tidemark.tests.cluster;

import java.util.HashMap;
import java.util.Map;

/** In a partition, each producer's records stand in the order it sent them. (I4) */
record OrderKeptPerProducer(ClusterHistory history) implements Theorem {
  @Override
  public void check() {
    history
        .readBack()
        .forEach((partition, records) -> {
          Map<String, Long> last = new HashMap<>();
          records.forEach((offset, value) -> {
            String producer = value.substring(0, value.indexOf(':'));
            long number = Long.parseLong(value.substring(value.indexOf(':') + 1));
            Long before = last.put(producer, number);
            if (before != null && before >= number) {
              throw new AssertionError(
                  "%s has %s:%d behind %d at offset %d"
                      .formatted(partition, producer, number, before, offset));
            }
          });
        });
  }
}
