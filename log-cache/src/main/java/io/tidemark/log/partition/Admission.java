package io.tidemark.log.partition;

/** What became of an append in a plan. */
public sealed interface Admission {
  /**
   * It has its place in the log, once the plan is appended.
   *
   * @param baseOffset of its first record
   * @param lastOffset of its last record
   */
  record Admitted(long baseOffset, long lastOffset) implements Admission {}

  /**
   * The log, or the plan before it, holds exactly this batch already; nothing is written. To be
   * acknowledged only when {@code lastOffset} is committed.
   *
   * @param baseOffset of the original's first record
   * @param lastOffset of the original's last record
   * @param timestampMs the original's largest timestamp
   */
  record Duplicate(long baseOffset, long lastOffset, long timestampMs) implements Admission {}
}
