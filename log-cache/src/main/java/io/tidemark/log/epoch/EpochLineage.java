package io.tidemark.log.epoch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;

/**
 * Which leader epoch wrote which offsets of a log: entries with rising epochs and rising start
 * offsets. Immutable; a change is a new value. Where two replicas' lineages part is where their
 * logs part (KIP-101, KIP-279).
 */
public final class EpochLineage {
  public static final EpochLineage EMPTY = new EpochLineage(List.of());

  private final List<EpochEntry> entries;

  private EpochLineage(List<EpochEntry> entries) {
    this.entries = entries;
  }

  /**
   * The lineage of these entries.
   *
   * @throws IllegalArgumentException epochs or start offsets do not rise
   */
  public static EpochLineage of(List<EpochEntry> entries) {
    for (int i = 1; i < entries.size(); i++) {
      EpochEntry before = entries.get(i - 1);
      EpochEntry entry = entries.get(i);
      if (entry.epoch() <= before.epoch() || entry.startOffset() <= before.startOffset()) {
        throw new IllegalArgumentException("%s does not follow %s".formatted(entry, before));
      }
    }
    return new EpochLineage(List.copyOf(entries));
  }

  /** Oldest first. */
  public List<EpochEntry> entries() {
    return entries;
  }

  public OptionalInt latestEpoch() {
    return entries.isEmpty() ? OptionalInt.empty() : OptionalInt.of(entries.getLast().epoch());
  }

  /**
   * The lineage with this epoch begun at this offset. An epoch that is not newer than the latest
   * changes nothing; entries that begin at the offset or behind it wrote nothing and go.
   */
  public EpochLineage begin(int epoch, long startOffset) {
    if (epoch < 0 || (!entries.isEmpty() && epoch <= entries.getLast().epoch())) {
      return this;
    }
    List<EpochEntry> next = new ArrayList<>(entries.size() + 1);
    for (EpochEntry entry : entries) {
      if (entry.startOffset() < startOffset) {
        next.add(entry);
      }
    }
    next.add(new EpochEntry(epoch, startOffset));
    return new EpochLineage(Collections.unmodifiableList(next));
  }

  /** The lineage of a log cut to this end: epochs that begin at or behind it go. */
  public EpochLineage truncateFromEnd(long endOffset) {
    if (entries.isEmpty() || entries.getLast().startOffset() < endOffset) {
      return this;
    }
    return new EpochLineage(
        entries.stream().filter(entry -> entry.startOffset() < endOffset).toList());
  }

  /** The lineage of a log that starts here: the epoch that holds the offset now begins at it. */
  public EpochLineage truncateFromStart(long startOffset) {
    if (entries.isEmpty() || entries.getFirst().startOffset() >= startOffset) {
      return this;
    }
    List<EpochEntry> next = new ArrayList<>();
    for (EpochEntry entry : entries) {
      if (entry.startOffset() > startOffset) {
        next.add(entry);
      } else {
        next.clear();
        next.add(new EpochEntry(entry.epoch(), startOffset));
      }
    }
    return new EpochLineage(Collections.unmodifiableList(next));
  }

  /** The entries that say who wrote the offsets of {@code [startOffset, endOffset)}. */
  public EpochLineage between(long startOffset, long endOffset) {
    return truncateFromEnd(endOffset).truncateFromStart(startOffset);
  }

  /** The epoch that wrote this offset; empty below the first entry. */
  public OptionalInt epochOf(long offset) {
    for (int i = entries.size() - 1; i >= 0; i--) {
      if (entries.get(i).startOffset() <= offset) {
        return OptionalInt.of(entries.get(i).epoch());
      }
    }
    return OptionalInt.empty();
  }

  /**
   * Where an epoch ends, as OffsetForLeaderEpoch answers it: for the latest epoch the log end, for
   * one in between the start of the next greater and the greatest known at most it, for one that is
   * not known yet or older than all {@link EpochEnd#UNDEFINED}, save that an older one ends where
   * the first begins.
   */
  public EpochEnd endOffsetFor(int epoch, long logEndOffset) {
    if (epoch < 0 || entries.isEmpty() || epoch > entries.getLast().epoch()) {
      return EpochEnd.UNDEFINED;
    }
    if (epoch == entries.getLast().epoch()) {
      return new EpochEnd(epoch, logEndOffset);
    }
    int higher = firstAbove(epoch);
    if (higher == 0) {
      return new EpochEnd(epoch, entries.getFirst().startOffset());
    }
    return new EpochEnd(entries.get(higher - 1).epoch(), entries.get(higher).startOffset());
  }

  private int firstAbove(int epoch) {
    int low = 0;
    int high = entries.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (entries.get(middle).epoch() > epoch) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EpochLineage lineage && lineage.entries.equals(entries);
  }

  @Override
  public int hashCode() {
    return entries.hashCode();
  }

  @Override
  public String toString() {
    return entries.toString();
  }
}
