package io.tidemark.gateway.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Caps how many series a meter's name may have. What comes after the cap is not registered and
 * counts into nothing. Safe from any thread.
 */
final class SeriesLimit implements MeterFilter {
  private final int maxSeries;
  private final Map<String, Set<Meter.Id>> seen = new ConcurrentHashMap<>();

  SeriesLimit(int maxSeries) {
    this.maxSeries = maxSeries;
  }

  @Override
  public MeterFilterReply accept(Meter.Id id) {
    Set<Meter.Id> series = seen.computeIfAbsent(id.getName(), n -> ConcurrentHashMap.newKeySet());
    if (series.contains(id)) {
      return MeterFilterReply.NEUTRAL;
    }
    if (series.size() >= maxSeries) {
      return MeterFilterReply.DENY;
    }
    series.add(id);
    return MeterFilterReply.NEUTRAL;
  }

  /** A meter was removed: its series makes room for another. */
  void forget(Meter.Id id) {
    Set<Meter.Id> series = seen.get(id.getName());
    if (series != null) {
      series.remove(id);
    }
  }
}
