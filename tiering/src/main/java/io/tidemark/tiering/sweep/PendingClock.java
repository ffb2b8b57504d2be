package io.tidemark.tiering.sweep;

import io.tidemark.tiering.manifest.PendingDelete;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * When the pending deletes of one partition's committed manifest may be carried out: {@code
 * tiering.delete.delay.ms} after this leader first saw them committed, on its own monotonic clock,
 * so no clock of a store or of an earlier leader matters. A new leader counts anew. Used by one
 * thread at a time: the partition's turn.
 */
public final class PendingClock {
  private final long delayMs;
  private final Map<String, Long> seenMs = new LinkedHashMap<>();
  private final Set<String> gone = new LinkedHashSet<>();

  public PendingClock(long delayMs) {
    this.delayMs = delayMs;
  }

  /** Takes over what the manifest names that was just seen to be current. */
  public void committed(List<PendingDelete> pending, long nowMs) {
    Set<String> named = pending.stream().map(PendingDelete::key).collect(Collectors.toSet());
    seenMs.keySet().retainAll(named);
    gone.retainAll(named);
    for (PendingDelete delete : pending) {
      seenMs.putIfAbsent(delete.key(), nowMs);
    }
  }

  /** Keys whose delay has passed and that are not deleted yet; at most {@code limit}. */
  public List<String> due(long nowMs, int limit) {
    List<String> due = new ArrayList<>();
    for (Map.Entry<String, Long> entry : seenMs.entrySet()) {
      if (due.size() == limit) {
        break;
      }
      if (nowMs - entry.getValue() >= delayMs && !gone.contains(entry.getKey())) {
        due.add(entry.getKey());
      }
    }
    return due;
  }

  /** These objects are deleted; the next commit may drop their keys. */
  public void deleted(List<String> keys) {
    gone.addAll(keys);
  }

  /** What the next commit may drop. */
  public Set<String> gone() {
    return Collections.unmodifiableSet(new LinkedHashSet<>(gone));
  }

  /** When the next key becomes due; {@link Long#MAX_VALUE} when none waits. */
  public long nextDueMs() {
    return seenMs.entrySet().stream()
        .filter(entry -> !gone.contains(entry.getKey()))
        .mapToLong(entry -> entry.getValue() + delayMs)
        .min()
        .orElse(Long.MAX_VALUE);
  }
}
