package io.tidemark.log.producer;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a log knows of its producers at one moment. Immutable. */
public final class ProducerStates {
  /** No transaction is open. */
  public static final long NO_OFFSET = -1;

  private final Map<Long, ProducerState> byId;
  private final long firstUnstableOffset;

  ProducerStates(Map<Long, ProducerState> byId, long firstUnstableOffset) {
    this.byId = byId;
    this.firstUnstableOffset = firstUnstableOffset;
  }

  public Collection<ProducerState> all() {
    return byId.values();
  }

  public @Nullable ProducerState get(long producerId) {
    return byId.get(producerId);
  }

  /** Where the oldest transaction begins that is open, or ended but not yet committed; -1 none. */
  public long firstUnstableOffset() {
    return firstUnstableOffset;
  }
}
