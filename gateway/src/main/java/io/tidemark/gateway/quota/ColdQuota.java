package io.tidemark.gateway.quota;

import io.tidemark.gateway.quota.ClientQuotas.Share;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * What one client may read of the object store. Nobody is muted for it: cold partitions of an
 * answer stay empty until their time has come, hot ones do not wait.
 */
public final class ColdQuota {
  /** However far above its quota, a reader is looked at again by then: the quota may have grown. */
  private static final long MAX_WAIT_MS = 1_000;

  private final @Nullable Share bytes;
  private final @Nullable Share requests;
  private final Time time;
  private final QuotaMetrics metrics;

  ColdQuota(@Nullable Share bytes, @Nullable Share requests, Time time, QuotaMetrics metrics) {
    this.bytes = bytes;
    this.requests = requests;
    this.time = time;
    this.metrics = metrics;
  }

  public boolean countsBytes() {
    return bytes != null;
  }

  /** When to ask again, in milliseconds; 0 when something may be read now. */
  public long waitMs() {
    if (bytes == null && requests == null) {
      return 0;
    }
    long nowNs = time.nanoseconds();
    long waitNs = 0;
    if (bytes != null) {
      waitNs = bytes.waitNs(nowNs);
    }
    if (requests != null) {
      waitNs = Math.max(waitNs, requests.waitNs(nowNs));
    }
    if (waitNs == 0) {
      return 0;
    }
    long waitMs = Math.clamp(TimeUnit.NANOSECONDS.toMillis(waitNs), 1, MAX_WAIT_MS);
    metrics.waited(QuotaMetrics.Kind.REMOTE_FETCH, TimeUnit.MILLISECONDS.toNanos(waitMs));
    return waitMs;
  }

  /** A read goes to the store. */
  public void asked() {
    if (requests != null) {
      requests.useNs(1, time.nanoseconds());
    }
  }

  /** So much of the store is about to be answered; a negative size says that it was not. */
  public void answered(int sizeBytes) {
    if (bytes != null && sizeBytes != 0) {
      bytes.useNs(sizeBytes, time.nanoseconds());
    }
  }
}
