package io.tidemark.tiering.upload;

import io.tidemark.log.epoch.EpochEntry;
import io.tidemark.log.epoch.EpochLineage;
import java.util.List;
import java.util.OptionalInt;

/**
 * How a leader's hot log and the committed manifest fit together. The bucket always wins: what is
 * tiered was committed, so a hot log with another history is cut to the common point, and one that
 * then ends below the tiered offset starts there. Decided by leader epochs alone, as between
 * replicas (KIP-101, KIP-279).
 *
 * <pre>
 *   tiered   |--- epoch 3 ---|--- epoch 5 ---| T
 *   hot          |--- epoch 3 ---|- epoch 4 -|- epoch 6 -|
 *                            ▲ common point: truncate here, then start at T
 * </pre>
 */
public sealed interface TierAgreement {
  /** One history; the hot log reaches the tiered offset. */
  record Agrees() implements TierAgreement {}

  /**
   * The hot log has to start at the tiered offset: it ends below it, by itself or once it is cut to
   * {@code commonOffset}. {@code lineage} is the manifest's, up to the tiered offset.
   */
  record StartsAt(long tieredOffset, long commonOffset, List<EpochEntry> lineage)
      implements TierAgreement {}

  /**
   * Offsets {@code [tieredOffset, localLogStartOffset)} are in neither tier: never uploaded over.
   */
  record Gap(long tieredOffset, long localLogStartOffset) implements TierAgreement {}

  /**
   * Compares the two.
   *
   * @param logStartOffset what lies below it is nobody's concern any more
   * @param localLogStartOffset where the hot log begins
   * @param logEndOffset where the hot log ends
   * @param tieredFrom the first offset of the manifest
   * @param tieredOffset the offset behind its last
   */
  static TierAgreement compare(
      EpochLineage hot,
      long logStartOffset,
      long localLogStartOffset,
      long logEndOffset,
      EpochLineage tiered,
      long tieredFrom,
      long tieredOffset) {
    if (localLogStartOffset > Math.max(tieredOffset, logStartOffset)) {
      return new Gap(tieredOffset, localLogStartOffset);
    }
    long from = Math.max(localLogStartOffset, tieredFrom);
    long to = Math.min(logEndOffset, tieredOffset);
    long common = from < to ? commonPoint(hot, tiered, from, to) : to;
    return common < tieredOffset
        ? new StartsAt(tieredOffset, common, tiered.entries())
        : new Agrees();
  }

  /** The first offset of {@code [from, to)} that different epochs wrote, or {@code to}. */
  private static long commonPoint(EpochLineage hot, EpochLineage tiered, long from, long to) {
    long offset = from;
    while (offset < to) {
      if (differ(hot.epochOf(offset), tiered.epochOf(offset))) {
        return offset;
      }
      offset = Math.min(nextStart(hot, offset, to), nextStart(tiered, offset, to));
    }
    return to;
  }

  /** An epoch that one side does not know (a lost cache, an old log) contradicts nothing. */
  private static boolean differ(OptionalInt hot, OptionalInt tiered) {
    return hot.isPresent() && tiered.isPresent() && hot.getAsInt() != tiered.getAsInt();
  }

  private static long nextStart(EpochLineage lineage, long after, long limit) {
    for (EpochEntry entry : lineage.entries()) {
      if (entry.startOffset() > after) {
        return Math.min(entry.startOffset(), limit);
      }
    }
    return limit;
  }
}
