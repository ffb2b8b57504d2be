package io.tidemark.tiering.segment;

import java.util.List;
import org.apache.kafka.common.Uuid;

/**
 * What stands at the end of a segment object and locates all else.
 *
 * @param blockBytes bytes of records that each block checksum covers
 * @param parts in the order of {@link SegmentPart.Kind}, without gaps, each kind once
 */
public record SegmentFooter(
    Uuid topicId,
    int partition,
    long baseOffset,
    long nextOffset,
    long maxTimestampMs,
    int blockBytes,
    List<SegmentPart> parts) {
  public SegmentFooter {
    parts = List.copyOf(parts);
  }

  public SegmentPart part(SegmentPart.Kind kind) {
    for (SegmentPart part : parts) {
      if (part.kind() == kind) {
        return part;
      }
    }
    throw new IllegalStateException("footer without " + kind);
  }
}
