package io.tidemark.metadata.coordinator;

import org.jspecify.annotations.Nullable;

/** A mistake one could make in a coordinator: nothing it decided has to be waited for. */
public final class BrokenPipeline {
  private BrokenPipeline() {}

  static @Nullable Batch nothingIsOutstanding(Pipeline pipeline) {
    return null;
  }
}
