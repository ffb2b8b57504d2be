/**
 * Finding out, at start, what a log holds.
 *
 * <pre>
 *                    clean stop, folder as noted
 *   LogLoader ──┬──────────────────────────────────▶ believed: no segment is read
 *               │    anything else
 *               └─▶ LogScan from the recovery point ─▶ torn tail cut, indexes, lineage, producers anew
 *                            │
 *                            └─▶ CorruptLogException: durable batches are missing; offline, never a gap
 * </pre>
 *
 * What is durable is told by the directory's {@link io.tidemark.log.recovery.Checkpoint} of
 * recovery points and, where a log was cut below it since, by the log's {@link
 * io.tidemark.log.recovery.TruncationMark}.
 */
@NullMarked
package io.tidemark.log.recovery;

import org.jspecify.annotations.NullMarked;
