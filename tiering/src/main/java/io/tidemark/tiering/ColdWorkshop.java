package io.tidemark.tiering;

import io.tidemark.log.disk.IoPace;
import io.tidemark.tiering.compact.RewriteTools;
import io.tidemark.tiering.manifest.ManifestCommits;
import io.tidemark.tiering.store.ObjectStore;
import io.tidemark.tiering.sweep.OrphanSweep;
import io.tidemark.tiering.upload.BoundedWait;
import io.tidemark.tiering.upload.ManifestCommitter;
import io.tidemark.tiering.upload.SegmentUpload;

/** The tools that the turns of all partitions of a node share. All are stateless or thread-safe. */
record ColdWorkshop(
    TieringSettings settings,
    TieringPlatform platform,
    ColdTier tier,
    ManifestCommitter committer,
    SegmentUpload upload,
    OrphanSweep sweep,
    ColdRetention retention,
    BoundedWait replicaWait,
    RewriteTools rewriteTools,
    TieringMetrics metrics) {
  /** A segment is read from its disk in this time or the upload is given up for now. */
  private static final long DISK_LIMIT_MS = 300_000;

  /** Rewritten segments are committed in this time or given up. */
  private static final long SWAP_LIMIT_MS = 600_000;

  static ColdWorkshop of(
      TieringSettings settings,
      TieringPlatform platform,
      ManifestCommits commits,
      ColdTier tier,
      TieringMetrics metrics) {
    BoundedWait wait = new BoundedWait(platform.timer(), settings.quorumTimeoutMs());
    return new ColdWorkshop(
        settings,
        platform,
        tier,
        new ManifestCommitter(commits, tier.nodeEpoch(), wait),
        new SegmentUpload(
            tier.store(), tier.keys(), new BoundedWait(platform.timer(), DISK_LIMIT_MS)),
        new OrphanSweep(tier.store(), tier.keys(), tier.manifests()::leaf),
        new ColdRetention(tier.manifests()),
        wait,
        new RewriteTools(
            tier.store(),
            tier.keys(),
            settings.compaction(),
            new IoPace(settings.compaction().maxBytesPerSecond(), platform.time().nanoseconds()),
            platform.time(),
            platform.random(),
            platform::freshUuid,
            new BoundedWait(platform.timer(), SWAP_LIMIT_MS)),
        metrics);
  }

  /** Most keys deleted in one call. */
  int deleteBatch() {
    return ObjectStore.MAX_KEYS;
  }

  /** A time drawn from all of the interval, so that partitions spread their first sweep over it. */
  long jitter(long intervalMs) {
    return platform.random().nextLong(intervalMs + 1);
  }
}
