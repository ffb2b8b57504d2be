package io.tidemark.metadata.controller;

import io.tidemark.metadata.controller.ManifestCommitResult.Outcome;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.PartitionImage;

/** A mistake one could make in the controller: only a manifest's parent has to be right. */
public final class BrokenTierControl {
  private BrokenTierControl() {}

  static Outcome anyEpochWillDo(
      ClusterImage image, PartitionImage partition, ManifestCommit commit) {
    return partition.manifestVersion() == commit.parentVersion() ? Outcome.OK : Outcome.STALE;
  }
}
