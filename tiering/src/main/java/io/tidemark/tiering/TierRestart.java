package io.tidemark.tiering;

import io.tidemark.log.epoch.EpochLineage;
import io.tidemark.log.replica.Replica;
import io.tidemark.tiering.manifest.Manifest;
import io.tidemark.tiering.manifest.ManifestPointer;
import io.tidemark.tiering.manifest.RemoteSegment;
import io.tidemark.tiering.segment.SegmentTail;
import io.tidemark.tiering.store.ObjectStoreException;
import io.tidemark.tiering.upload.UnansweredException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.TopicIdPartition;
import org.jspecify.annotations.Nullable;

/**
 * Starts a replica's hot log at the tiered offset T of the current manifest: everything below is in
 * the bucket, and the segment that ends at T carries the epoch lineage and the producers' state,
 * open transactions included. For a replica that is empty or ends below T. Blocks on quorum and
 * store.
 */
final class TierRestart {
  private final ColdWorkshop shop;

  TierRestart(ColdWorkshop shop) {
    this.shop = shop;
  }

  /** What stands at the end of the tier. */
  private record TierEnd(EpochLineage lineage, @Nullable ByteBuffer producerSnapshot) {}

  /** Restarts the replica and returns T; -1 when nothing was ever tiered. */
  long restart(Replica replica) throws UnansweredException, ObjectStoreException {
    TopicIdPartition id = replica.id();
    ManifestPointer pointer = shop.committer().current(id);
    if (pointer == null) {
      return -1;
    }
    Manifest manifest = shop.tier().manifests().get(id, pointer);
    TierEnd end =
        manifest.segments().isEmpty()
            ? new TierEnd(EpochLineage.of(manifest.lineage()), null)
            : end(id, manifest.segments().getLast());
    shop.replicaWait()
        .join(
            replica.restartAt(pointer.tieredOffset(), end.lineage(), end.producerSnapshot()),
            "starting " + id + " at its tiered offset");
    return pointer.tieredOffset();
  }

  private TierEnd end(TopicIdPartition id, RemoteSegment segment) throws ObjectStoreException {
    String key = segment.key(shop.tier().keys(), id.topicId(), id.partition());
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(segment.tailBytes()));
    shop.tier().store().read(key, segment.recordsBytes(), bytes);
    SegmentTail tail = SegmentTail.decode(bytes.flip(), segment.recordsBytes());
    if (tail.footerCrc32c() != segment.footerCrc32c()) {
      throw new ObjectStoreException(
          ObjectStoreException.Kind.CORRUPT, "footer of " + key + " is not the committed one");
    }
    return new TierEnd(tail.lineage(), tail.producerSnapshot());
  }
}
