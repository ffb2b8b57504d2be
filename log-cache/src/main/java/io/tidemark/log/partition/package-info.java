/**
 * The hot log of a partition, and the folders that hold many.
 *
 * <pre>
 *   LogDirectories ── LogDirectory (one a disk: lock, owner, how the last process ended, checkpoints)
 *                          └── PartitionLog
 *                                 ├── LogWriter      AppendPlan ─▶ one write; rolls by RollPolicy
 *                                 ├── LogReader      offset, time ─▶ LogSlice: file or memory
 *                                 ├── LogTruncation  cut the end, begin anew, drop old segments
 *                                 └── LogFlush       what is durable: the recovery point
 *
 *   log start               local log start           recovery point                   log end
 *      │── cold tier, if any ──│── durable on this disk ──│── checked again after a crash ──│
 * </pre>
 *
 * A change works out everything first, writes once, and then publishes one immutable {@link
 * io.tidemark.log.partition.LogState}; a write that fails is cut back as if it had never been. What
 * is taken away is renamed and removed later, for readers that still have it.
 *
 * <p>A log that cannot be trusted goes offline with the reason, and a disk that cannot be trusted
 * takes its logs with it and nobody else's; a full disk is neither. Checkpoints never promise more
 * than the disk has: a cut below them is marked first ({@link
 * io.tidemark.log.partition.RecoveryMark}).
 */
@NullMarked
package io.tidemark.log.partition;

import org.jspecify.annotations.NullMarked;
