/**
 * Record batches in Kafka's format v2, read and changed in place. Nothing else of Tidemark sees
 * Kafka's own record classes.
 *
 * <pre>
 *   bytes ──▶ BatchCursor ──▶ RecordBatchHeader   a movable view, no object per batch or record:
 *               │                                 offsets and epoch set outside the CRC
 *               └─▶ Records.visit ──▶ LogRecord   one by one, decompressed; an object each
 *   records ──▶ RecordBatchBuilder ──▶ bytes
 *   payload ──▶ WireRecords ──▶ Kafka's messages ──▶ PayloadWritable ──▶ payload, uncopied
 * </pre>
 */
@NullMarked
package io.tidemark.log.record;

import org.jspecify.annotations.NullMarked;
