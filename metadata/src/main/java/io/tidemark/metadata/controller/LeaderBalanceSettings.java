package io.tidemark.metadata.controller;

/**
 * How leaderships go back to the first replicas of their partitions.
 *
 * @param isEnabled {@code auto.leader.rebalance.enable}
 * @param checkIntervalMs {@code leader.imbalance.check.interval.seconds}: a leadership that was
 *     given back is not looked at again before, so that a node that comes and goes moves it no
 *     oftener
 * @param maxImbalancePercent {@code leader.imbalance.per.broker.percentage}
 */
public record LeaderBalanceSettings(
    boolean isEnabled, long checkIntervalMs, int maxImbalancePercent) {

  /** What Kafka 4 does: every leadership goes back. */
  public static final LeaderBalanceSettings DEFAULTS = new LeaderBalanceSettings(true, 300_000, 0);
}
