package io.tidemark.tiering.read;

import io.tidemark.tiering.manifest.LeafReference;
import io.tidemark.tiering.manifest.RemoteSegment;
import java.util.List;

/** What one look at memory came to: an answer, or what is missing for it. */
sealed interface ReadStep {
  record Ready(RemoteRead read) implements ReadStep {}

  /** No manifest that covers the offset is in memory. */
  record NeedManifest() implements ReadStep {}

  record NeedLeaf(LeafReference leaf) implements ReadStep {}

  record NeedTail(RemoteSegment segment) implements ReadStep {}

  /** {@code position}: where the missing bytes begin in the segment's records. */
  record NeedChunks(RemoteSegment segment, long position, List<ChunkRequest> requests)
      implements ReadStep {}
}
