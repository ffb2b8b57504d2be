package io.tidemark.gateway.quota;

import io.tidemark.metadata.image.QuotaKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What everybody who has a quota has used of it. Whoever has used nothing for as long as is
 * averaged over is forgotten, which loses nothing; past {@link #MAX_KNOWN} a client is measured on
 * each of its connections by itself until others are forgotten. Safe from any thread.
 */
final class QuotaMeters<M> {
  static final int MAX_KNOWN = 100_000;

  private static final long SWEEP_NS = TimeUnit.MINUTES.toNanos(1);

  private final Map<Sharer, M> known = new ConcurrentHashMap<>();
  private final Function<Long, M> maker;
  private final BiPredicate<M, Long> isForgotten;
  private final Runnable onForgotten;
  private final AtomicLong sweptNs;

  private record Sharer(QuotaKey key, @Nullable String user, @Nullable String clientId) {}

  /**
   * @param maker makes a meter of nothing, given the time
   * @param isForgotten whether a meter says nothing any more, given the time
   * @param onForgotten run when some were let go, so that nobody goes on with one of them
   */
  QuotaMeters(
      Function<Long, M> maker, BiPredicate<M, Long> isForgotten, Runnable onForgotten, long nowNs) {
    this.maker = maker;
    this.isForgotten = isForgotten;
    this.onForgotten = onForgotten;
    this.sweptNs = new AtomicLong(nowNs);
  }

  /** The meter of all who share a quota. */
  M of(QuotaKey key, QuotaPrecedence.Found quota, long nowNs) {
    Sharer sharer = new Sharer(key, quota.user(), quota.clientId());
    M meter = known.get(sharer);
    if (meter != null) {
      return meter;
    }
    sweep(nowNs);
    return known.size() < MAX_KNOWN
        ? known.computeIfAbsent(sharer, _ -> maker.apply(nowNs))
        : maker.apply(nowNs);
  }

  private void sweep(long nowNs) {
    long lastNs = sweptNs.get();
    boolean isDue = nowNs - lastNs > SWEEP_NS;
    if (isDue && sweptNs.compareAndSet(lastNs, nowNs)) {
      if (known.values().removeIf(meter -> isForgotten.test(meter, nowNs))) {
        onForgotten.run();
      }
    }
  }

  int size() {
    return known.size();
  }
}
