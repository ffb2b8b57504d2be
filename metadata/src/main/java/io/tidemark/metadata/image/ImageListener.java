package io.tidemark.metadata.image;

/** Follows the images of one node. Called on the follower's one thread, in order of version. */
@FunctionalInterface
public interface ImageListener {

  /**
   * The node's image moved on. Must return soon and may not throw.
   *
   * @param delta what differs; steps may be left out, so {@code next} can be several versions on
   */
  void changed(ClusterImage previous, ClusterImage next, ImageDelta delta);
}
