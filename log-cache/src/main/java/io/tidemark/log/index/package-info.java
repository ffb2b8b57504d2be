/**
 * Where in a segment an offset, a time or an aborted transaction is. An index is never the truth:
 * it says where to begin to look, knows whether it is damaged or stale, and is made again from the
 * batches when it is.
 *
 * <pre>
 *   batches ──▶ ActiveIndex ──freeze──▶ SegmentIndexes ──IndexFile──▶ .index .timeindex .txnindex
 *               while written           closed, in IndexCache   ◀──── or made again from the batches
 * </pre>
 */
@NullMarked
package io.tidemark.log.index;

import org.jspecify.annotations.NullMarked;
