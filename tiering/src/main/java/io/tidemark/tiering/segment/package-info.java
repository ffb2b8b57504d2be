/**
 * The segment object: one closed segment of a log as one object of a store.
 *
 * <pre>
 *   ClosedSegment ──▶ SegmentObjectWriter ──▶ SegmentObject (ObjectContent) ──▶ ObjectStore.put
 *      records are streamed, every batch CRC is checked on the way
 *
 *   ObjectStore.read(tail) ──▶ SegmentTail: footer, indexes, lineage, snapshot, block checksums
 *   ObjectStore.read(records) ──▶ checked block by block against the tail
 * </pre>
 */
@NullMarked
package io.tidemark.tiering.segment;

import org.jspecify.annotations.NullMarked;
