package io.tidemark.tests.cluster;

import java.util.HashMap;
import java.util.Map;

/** No value is at two places: idempotent producers send again, plain ones send once. (I2) */
record NoRecordTwice(ClusterHistory history) implements Theorem {
  @Override
  public void check() {
    Map<String, String> places = new HashMap<>();
    history
        .readBack()
        .forEach((partition, records) ->
            records.forEach((offset, value) -> {
              String here = partition + "@" + offset;
              String before = places.put(value, here);
              if (before != null) {
                throw new AssertionError(value + " is at " + before + " and at " + here);
              }
            }));
  }
}
