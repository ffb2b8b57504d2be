package io.tidemark.tiering.manifest;

import java.util.List;
import org.apache.kafka.common.Uuid;

/** The content of a sealed leaf: segments in offset order. Immutable once referenced. */
public record ManifestLeaf(Uuid uuid, List<RemoteSegment> segments) {
  public ManifestLeaf {
    segments = List.copyOf(segments);
  }

  public long baseOffset() {
    return segments.getFirst().baseOffset();
  }
}
