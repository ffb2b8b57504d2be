/**
 * One file of a log, its batches and its indexes.
 *
 * <pre>
 *   Segment ── active: written at its end, index in memory (ActiveIndex)
 *      │    └─ closed: never written again, index on demand (IndexCache), rebuilt where need be (IndexRebuild)
 *      │
 *      ├── FileCache ─▶ OpenFile   files kept open, bounded in number, counted by those who use them
 *      ├── BatchWalker             from batch to batch by their headers
 *      └── BatchScanner            the same with every CRC checked, for recovery
 * </pre>
 *
 * A segment is removed when the log has let go of it and nobody reads it any more. The names of the
 * files are Kafka's ({@link io.tidemark.log.segment.SegmentFiles}).
 */
@NullMarked
package io.tidemark.log.segment;

import org.jspecify.annotations.NullMarked;
