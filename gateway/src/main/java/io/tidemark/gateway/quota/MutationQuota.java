package io.tidemark.gateway.quota;

import io.tidemark.gateway.quota.ClientQuotas.Permits;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * How many topics and partitions one client may have made and removed, counted in partitions
 * (KIP-599). Whoever is in debt gets nothing; who asks in a version that does not know that error
 * gets it and waits.
 */
public final class MutationQuota {
  private final @Nullable Permits permits;
  private final Time time;

  MutationQuota(@Nullable Permits permits, Time time) {
    this.permits = permits;
    this.time = time;
  }

  /** Whether there is anything to ask for. */
  public boolean isLimited() {
    return permits != null;
  }

  /** Takes permits; false, and none taken, while there is a debt. */
  public boolean tryTake(int partitions) {
    return permits == null
        || permits.bucket().tryTake(partitions, permits.perSecond(), time.nanoseconds());
  }

  /** Takes permits, be it by making a debt. */
  public void take(int partitions) {
    if (permits != null) {
      permits.bucket().take(partitions, permits.perSecond(), time.nanoseconds());
    }
  }
}
