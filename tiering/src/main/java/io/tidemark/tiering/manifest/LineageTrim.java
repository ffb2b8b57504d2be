package io.tidemark.tiering.manifest;

import io.tidemark.log.epoch.EpochEntry;
import java.util.ArrayList;
import java.util.List;

/**
 * What a root keeps of a log's lineage: the epochs that have offsets in {@code [start, end)}, the
 * newest {@value #MAX_ENTRIES} of them so that a root stays small. Every segment object has the
 * whole lineage up to its end.
 */
final class LineageTrim {
  static final int MAX_ENTRIES = 512;

  private LineageTrim() {}

  static List<EpochEntry> between(List<EpochEntry> lineage, long start, long end) {
    List<EpochEntry> kept = new ArrayList<>();
    for (int i = 0; i < lineage.size(); i++) {
      EpochEntry entry = lineage.get(i);
      boolean endsAboveStart = i + 1 == lineage.size() || lineage.get(i + 1).startOffset() > start;
      if (endsAboveStart && entry.startOffset() < end) {
        kept.add(entry);
      }
    }
    return kept.subList(Math.max(0, kept.size() - MAX_ENTRIES), kept.size());
  }
}
