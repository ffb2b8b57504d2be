/**
 * Record batches in Kafka's format v2, read and changed in place.
 *
 * <pre>
 *   bytes of many batches ──▶ BatchCursor ──▶ RecordBatchHeader   a view, no copy: offsets and epoch are set in it
 *   bytes of many batches ──▶ Records ──▶ LogRecord               an object a record, for coordinators and lookups
 *   keys and values ──▶ RecordBatchBuilder ──▶ one batch
 *   ControlBatches    what a transaction's marker says
 *   WireRecords       the records field of Produce and Fetch ◀──▶ our own types
 * </pre>
 *
 * Nothing else of Tidemark sees Kafka's own record classes.
 */
@NullMarked
package io.tidemark.log.record;

import org.jspecify.annotations.NullMarked;
