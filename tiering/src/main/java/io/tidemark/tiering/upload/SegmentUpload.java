package io.tidemark.tiering.upload;

import io.tidemark.log.epoch.EpochEntry;
import io.tidemark.log.partition.ClosedSegment;
import io.tidemark.tiering.manifest.RemoteSegment;
import io.tidemark.tiering.segment.SegmentObject;
import io.tidemark.tiering.segment.SegmentObjectWriter;
import io.tidemark.tiering.store.ObjectKeys;
import io.tidemark.tiering.store.ObjectStore;
import io.tidemark.tiering.store.ObjectStoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;

/**
 * Stores one closed segment as one object: reads and checks it on its directory's own threads, then
 * puts it from the calling virtual thread. Nothing refers to the object until a manifest that lists
 * it is committed. Stateless.
 */
public final class SegmentUpload {
  private final ObjectStore store;
  private final ObjectKeys keys;
  private final BoundedWait diskWait;
  private final SegmentObjectWriter writer = new SegmentObjectWriter();

  public SegmentUpload(ObjectStore store, ObjectKeys keys, BoundedWait diskWait) {
    this.store = store;
    this.keys = keys;
    this.diskWait = diskWait;
  }

  /** Where the object will lie. */
  public String key(TopicIdPartition partition, long baseOffset, int leaderEpoch, Uuid uuid) {
    return keys.segment(
        partition.topicId(),
        partition.partition(),
        new ObjectKeys.SegmentName(baseOffset, leaderEpoch, uuid));
  }

  /**
   * Checks and stores the segment, which the caller keeps retained, or what of it lies at or above
   * an offset.
   *
   * @param fromOffset the tiered offset: where a batch of the segment begins, or below it
   * @param lineage the log's up to the segment's end
   * @throws UnansweredException the disk did not answer, or the segment is corrupt: the cause is
   *     then a {@code CorruptRecordException}
   * @throws ObjectStoreException the object may be there or not
   */
  public RemoteSegment store(
      TopicIdPartition partition,
      ClosedSegment segment,
      long fromOffset,
      List<EpochEntry> lineage,
      int leaderEpoch,
      Uuid uuid,
      long wallMs,
      Executor disk)
      throws UnansweredException, ObjectStoreException {
    SegmentObject object =
        diskWait.join(
            CompletableFuture.supplyAsync(
                () -> prepare(partition, segment, fromOffset, lineage), disk),
            "reading segment " + segment.baseOffset() + " of " + partition);
    long baseOffset = Math.max(segment.baseOffset(), fromOffset);
    store.put(key(partition, baseOffset, leaderEpoch, uuid), object.content());
    return RemoteSegment.of(object, leaderEpoch, uuid, wallMs);
  }

  private SegmentObject prepare(
      TopicIdPartition partition,
      ClosedSegment segment,
      long fromOffset,
      List<EpochEntry> lineage) {
    try {
      return writer.prepare(
          partition.topicId(),
          partition.partition(),
          CutSegment.from(segment, fromOffset),
          lineage);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
