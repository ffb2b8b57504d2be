package io.tidemark.gateway.quota;

import io.tidemark.gateway.quota.ClientQuotas.Permits;
import io.tidemark.metadata.link.ControllerCall.TakeMutations;
import io.tidemark.metadata.link.ControllerReply.MutationsTaken;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How many topics and partitions one client may have made and removed, counted in partitions
 * (KIP-599). Whoever is in debt gets nothing; who asks in a version that does not know that error
 * gets it and waits. What changes nothing is never refused.
 */
record MutationQuota(Permits permits) {

  MutationsTaken take(TakeMutations wish, long nowNs) {
    List<Boolean> taken =
        wish.partitions().stream().map(count -> take(count, wish.mayRefuse(), nowNs)).toList();
    return new MutationsTaken(taken, ceilMs(permits.waitNs(nowNs)));
  }

  private boolean take(int partitions, boolean mayRefuse, long nowNs) {
    if (partitions <= 0) {
      return true;
    }
    if (mayRefuse) {
      return permits.bucket().tryTake(partitions, permits.perSecond(), nowNs);
    }
    permits.bucket().take(partitions, permits.perSecond(), nowNs);
    return true;
  }

  private static long ceilMs(long waitNs) {
    return TimeUnit.NANOSECONDS.toMillis(waitNs + TimeUnit.MILLISECONDS.toNanos(1) - 1);
  }
}
