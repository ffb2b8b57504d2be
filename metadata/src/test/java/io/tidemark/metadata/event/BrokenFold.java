package io.tidemark.metadata.event;

import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.PartitionImage;

/** A mistake one could make in the fold: manifests count in whatever epoch they were decided. */
public final class BrokenFold {
  private BrokenFold() {}

  static Event.ManifestCommitted inAnyEpoch(ImageFold fold, Event.ManifestCommitted event) {
    int epoch =
        fold.image(ClusterImage.NO_VERSION)
            .topics()
            .partition(event.topicId(), event.index())
            .map(PartitionImage::leaderEpoch)
            .orElse(event.leaderEpoch());
    return new Event.ManifestCommitted(
        event.topicId(), event.index(), epoch, event.parentVersion(), event.manifest());
  }
}
