package io.tidemark.log.clean;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.clean.CleanerNode.Found;
import io.tidemark.log.clean.CleanerNode.KeyValue;
import io.tidemark.log.replica.Replica;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a compacted log must hold, kept in the simplest way: everything ever written, by offset. Of
 * a log it says that whatever is there was written there, in order, that each key's newest value is
 * there, and that nothing is there twice below what is called clean.
 */
final class ModelStates {
  private final NavigableMap<Long, KeyValue> written = new TreeMap<>();

  void wrote(long baseOffset, KeyValue... records) {
    for (int i = 0; i < records.length; i++) {
      written.put(baseOffset + i, records[i]);
    }
  }

  void truncate(long endOffset) {
    written.tailMap(endOffset, true).clear();
  }

  long endOffset() {
    return written.isEmpty() ? 0 : written.lastKey() + 1;
  }

  void check(Replica log) {
    List<Found> found = CleanerNode.records(log, log.view().logStartOffset());
    checkIsSomeOfIt(found);
    checkHasTheNewest(found, log.view().highWatermark());
    checkIsClean(found, log.compaction().cleanedTo());
  }

  /** Whoever reads sees only what was written, in order. */
  void checkIsSomeOfIt(List<Found> found) {
    long before = -1;
    for (Found each : found) {
      assertThat(each.offset()).isGreaterThan(before);
      assertThat(each.record()).isEqualTo(written.get(each.offset()));
      before = each.offset();
    }
  }

  private void checkHasTheNewest(List<Found> found, long endOffset) {
    Map<String, Long> newest = new HashMap<>();
    written
        .headMap(endOffset)
        .forEach((offset, record) -> newest.put(String.valueOf(record.key()), offset));
    Set<Long> there = new HashSet<>(found.stream().map(Found::offset).toList());
    newest.forEach((key, offset) -> {
      boolean isTombstone = Objects.requireNonNull(written.get(offset)).value() == null;
      assertThat(isTombstone || there.contains(offset))
          .as("the newest value of %s, at %d", key, offset)
          .isTrue();
    });
  }

  private static void checkIsClean(List<Found> found, long cleanedTo) {
    Set<String> keys = new HashSet<>();
    for (Found each : found) {
      if (each.offset() < cleanedTo) {
        assertThat(keys.add(String.valueOf(each.record().key())))
            .as("%s, at %d, is there once below %d", each.record().key(), each.offset(), cleanedTo)
            .isTrue();
      }
    }
  }
}
