package io.tidemark.tiering;

import io.tidemark.tiering.compact.CompactionSettings;
import io.tidemark.tiering.upload.Backoff;
import io.tidemark.tiering.upload.UploadAge;

/**
 * The node's settings of the tier's life cycle. Times are in milliseconds.
 *
 * @param uploadConcurrency partitions that use the store at once ({@code
 *     tiering.upload.concurrency})
 * @param uploadAge when an idle active segment is closed ({@code tiering.upload.max.age.ms})
 * @param deleteDelayMs between the commit that names an object for deletion and its deletion
 *     ({@code tiering.delete.delay.ms}): readers with an older manifest finish meanwhile
 * @param retentionCheckMs between looks at retention ({@code log.retention.check.interval.ms})
 * @param sweepIntervalMs between two searches for orphans of one partition ({@code
 *     tiering.sweep.interval.ms})
 * @param staleUploadAgeMs age at which an unfinished multipart upload is aborted
 * @param tickMs between looks at partitions that changed
 * @param quorumTimeoutMs most that one call of the quorum is waited for
 * @param retry the wait after failures of a partition
 * @param compaction how what is in the store is rewritten ({@code tiering.compaction.…})
 */
public record TieringSettings(
    int uploadConcurrency,
    UploadAge uploadAge,
    long deleteDelayMs,
    long retentionCheckMs,
    long sweepIntervalMs,
    long staleUploadAgeMs,
    long tickMs,
    long quorumTimeoutMs,
    Backoff retry,
    CompactionSettings compaction) {

  public static final TieringSettings DEFAULTS =
      new TieringSettings(
          8,
          UploadAge.BY_SIZE,
          60_000,
          300_000,
          6 * 3_600_000L,
          24 * 3_600_000L,
          500,
          15_000,
          new Backoff(200, 60_000),
          CompactionSettings.DEFAULTS);
}
