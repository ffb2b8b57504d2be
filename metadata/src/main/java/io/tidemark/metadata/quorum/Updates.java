package io.tidemark.metadata.quorum;

import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.image.ClusterImage;
import java.util.List;

/** What a follower gets after its version: the next entries, or an image to go on from. */
public sealed interface Updates {

  /** Consecutive committed entries, oldest first; never empty. */
  record Entries(List<Entry> entries) implements Updates {}

  /** The image at a later version, where entries between are no longer kept. */
  record Snapshot(ClusterImage image) implements Updates {}

  /**
   * One committed entry.
   *
   * @param index its place in the quorum's order; other entries may lie between two of events
   */
  record Entry(long index, List<Event> events) {}
}
