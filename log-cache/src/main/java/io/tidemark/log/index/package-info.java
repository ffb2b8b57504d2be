/**
 * Where in a segment an offset, a time or an aborted transaction is.
 *
 * <pre>
 *   append ──▶ ActiveIndex (arrays on the heap) ──segment closes──▶ IndexFile ×3 beside the segment
 *                                                                      │ on demand
 *   lookup ──▶ SegmentIndex ◀── SegmentIndexes ◀── IndexCache ◀────────┘ (or made again)
 * </pre>
 *
 * Offset and time index are sparse: an entry every few KiB of log, from which the batches are
 * walked. An index is never the truth: a file that is missing, damaged, or of a segment of another
 * size is made again from the batches. The entries are Kafka's, and go into segment objects as they
 * are.
 */
@NullMarked
package io.tidemark.log.index;

import org.jspecify.annotations.NullMarked;
