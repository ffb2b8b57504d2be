/**
 * The hot log of a partition, and the folders that hold many.
 *
 * <pre>
 *   LogDirectories ── all entries of log.dirs: open, identify, recover, create, delete, close
 *     │    LogCopy ── a log on its way from one directory to another
 *     └─ LogDirectory ── one disk: lock, whom it belongs to, checkpoints, failure
 *          └─ PartitionLog ── one log; readers see one immutable LogState
 *               ├─ AppendPlan ─▶ LogWriter    a drain worked out, then written in one go; rolls
 *               ├─ LogReader                  slices by offset, records by time
 *               ├─ LogFlush                   what is durable: the recovery point
 *               ├─ LogTruncation              cuts the end, begins anew, lets old segments go
 *               └─ LogCompaction              puts compacted segments in the place of closed ones
 * </pre>
 *
 * A log has one appender at a time, which the replica's queue provides; everybody else reads. When
 * writing fails the log is as before, or offline; a disk that is only full is not a failed one.
 */
@NullMarked
package io.tidemark.log.partition;

import org.jspecify.annotations.NullMarked;
