/**
 * Reading hot segments again, because disks rot. Hot bytes leave a node unread: without this, the
 * first to notice would be a consumer, an upload or a recovery, perhaps when no other copy is left.
 *
 * <pre>
 *   SegmentScrub ── one segment after the other, paced ──▶ ClosedSegment: every batch, CRC and place
 *                        │
 *                        └─ damaged ─▶ Replica.damaged ─▶ reads of it fail with KAFKA_STORAGE_ERROR,
 *                                                         the rest of the log is served
 *                                      tiering drops a damaged copy of what is in the store, and
 *                                      reads go there
 * </pre>
 */
@NullMarked
package io.tidemark.log.scrub;

import org.jspecify.annotations.NullMarked;
