/**
 * Finding out, at start, what a log holds.
 *
 * <pre>
 *                 files of the folder (LogFolder), a cut that was under way (TruncationMark)
 *                                │
 *                            LogLoader
 *        noted at a clean stop,  │  otherwise
 *        and looks the same      │
 *              ▼                 ▼
 *        taken as noted      LogScan: every batch from the recovery point on
 *        (CleanLog)             torn tail ▶ cut      durable batches damaged or missing ▶ offline
 *              │                 │
 *              └──▶ LoadedLog ◀──┘  segments, lineage, producers (ProducerReplay), log end
 * </pre>
 *
 * Never a silent gap: what had been forced to the disk is there, or the log does not serve. What
 * was not forced may be cut after the machine went down; when only the process died, the page cache
 * has kept it all, and damage that is no torn tail speaks against the disk.
 */
@NullMarked
package io.tidemark.log.recovery;

import org.jspecify.annotations.NullMarked;
