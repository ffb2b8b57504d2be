/**
 * Compaction of hot logs: of every key the newest value stays.
 *
 * <pre>
 *   LogCleaner ── asks each compacted log ──▶ CleanPolicy      how dirty is it, must it be cleaned
 *       │  log.cleaner.threads
 *       ▼
 *   CleaningRound ── one log, up to one offset, in steps of about a MiB
 *       │
 *       ├─ 1  KeyScan        the dirty segments' keys ─▶ OffsetMap     key ─▶ its newest offset
 *       │                    full: the round ends at that offset, the next goes on from there
 *       ├─ 2  SegmentGroups  neighbours that together are no larger than a segment
 *       │     SegmentRewrite each group's batches ─▶ RecordRetention ─▶ CleanedSegment
 *       └─ 3  Replica.replaceSegments, one group at a time, oldest first
 *
 *            clean           dirty: keys go to the map      not to be cleaned yet
 *   ├───────────────────────┼──────────────────────────────┼────────────────────────▶
 *   log start        LogCompaction.cleanedTo         active segment, last stable offset,
 *                                                     min.compaction.lag.ms
 * </pre>
 *
 * <p>{@link io.tidemark.log.clean.BatchCompaction} is the same for batches that lie elsewhere. Of a
 * log that is uploaded only that is cleaned which is in the bucket, and what decides about
 * something older (tombstones, markers) stays: that may lie in the other tier.
 *
 * <p>What stays of a batch keeps its offsets, order, leader epoch and sequences. The last batch of
 * each producer stays even when it is empty, and so do the first of each leader epoch and the last
 * of a round: neither a producer nor a follower may come to see less than was written. A tombstone
 * stays for {@code delete.retention.ms} after a cleaner has first seen it, which the batch itself
 * notes. Of aborted transactions nothing stays, and markers go when what they decided is gone.
 *
 * <p>Appends wait for a few renames at most and reads for nothing: old segments live until nobody
 * reads them. A log that cannot be read is left alone with the reason ({@code failed}), and the
 * others go on.
 */
@NullMarked
package io.tidemark.log.clean;

import org.jspecify.annotations.NullMarked;
