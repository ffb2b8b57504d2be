package io.tidemark.tiering;

import io.tidemark.tiering.manifest.LeafReference;
import io.tidemark.tiering.manifest.Manifest;
import io.tidemark.tiering.manifest.ManifestCache;
import io.tidemark.tiering.manifest.RemoteSegment;
import io.tidemark.tiering.retention.RetentionDecision;
import io.tidemark.tiering.retention.RetentionLimits;
import io.tidemark.tiering.retention.RetentionPolicy;
import io.tidemark.tiering.retention.SegmentSpan;
import io.tidemark.tiering.retention.SegmentTime;
import io.tidemark.tiering.store.ObjectStoreException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicIdPartition;

/**
 * Applies {@link RetentionPolicy} to both tiers of a partition: the committed manifest's segments,
 * then the hot ones above its tiered offset. The oldest leaf is looked into, later ones count as
 * one segment each; a decision that passes the oldest leaf is taken up to its end, and again from
 * there. Stateless.
 */
final class ColdRetention {
  private final ManifestCache manifests;

  ColdRetention(ManifestCache manifests) {
    this.manifests = manifests;
  }

  RetentionDecision decide(
      TopicIdPartition partition, Manifest manifest, HotLog.State hot, long wallMs)
      throws ObjectStoreException {
    RetentionLimits limits = RetentionLimits.total(hot.view().config());
    List<SegmentSpan> spans = cold(partition, manifest, hot.view().logStartOffset());
    for (SegmentSpan span : hot.closedSpans()) {
      if (span.nextOffset() > manifest.tieredOffset()
          && span.nextOffset() > hot.view().logStartOffset()) {
        spans.add(span.from(manifest.tieredOffset()));
      }
    }
    spans.add(hot.activeSpan());
    RetentionDecision decision =
        RetentionPolicy.decide(
            limits, wallMs, hot.view().logStartOffset(), hot.view().highWatermark(), spans, true);
    if (manifest.leaves().isEmpty()
        || decision.logStartOffset() <= manifest.leaves().getFirst().nextOffset()) {
      return decision;
    }
    return new RetentionDecision(manifest.leaves().getFirst().nextOffset(), false);
  }

  private List<SegmentSpan> cold(TopicIdPartition partition, Manifest manifest, long logStart)
      throws ObjectStoreException {
    List<SegmentSpan> spans = new ArrayList<>();
    List<LeafReference> leaves = manifest.leaves();
    if (!leaves.isEmpty()) {
      LeafReference oldest = leaves.getFirst();
      List<RemoteSegment> segments = manifests.leaf(partition, oldest).segments();
      add(spans, segments.subList(oldest.dropped(), segments.size()), logStart);
    }
    for (int i = 1; i < leaves.size(); i++) {
      LeafReference leaf = leaves.get(i);
      spans.add(
          new SegmentSpan(
              leaf.firstOffset(), leaf.nextOffset(), leaf.liveBytes(), leaf.maxTimestampMs()));
    }
    add(spans, manifest.segments(), logStart);
    return spans;
  }

  private static void add(List<SegmentSpan> spans, List<RemoteSegment> segments, long logStart) {
    for (RemoteSegment segment : segments) {
      if (segment.nextOffset() > logStart) {
        spans.add(
            new SegmentSpan(
                segment.baseOffset(),
                segment.nextOffset(),
                segment.recordsBytes(),
                SegmentTime.of(segment.maxTimestampMs(), segment.uploadedAtMs())));
      }
    }
  }
}
