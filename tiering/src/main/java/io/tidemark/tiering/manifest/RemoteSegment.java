package io.tidemark.tiering.manifest;

import io.tidemark.tiering.segment.SegmentObject;
import io.tidemark.tiering.segment.SegmentPart;
import io.tidemark.tiering.store.ObjectKeys;
import io.tidemark.tiering.store.ObjectKeys.SegmentName;
import org.apache.kafka.common.Uuid;

/**
 * One segment object as its manifest lists it: offsets {@code [baseOffset, nextOffset)}.
 *
 * @param leaderEpoch epoch of the leader that uploaded it; part of the key
 * @param uuid makes the key unique over every attempt
 * @param recordsBytes bytes of record batches, which lie at the front of the object
 * @param objectBytes the whole object, indexes and footer included
 * @param footerCrc32c CRC32C of the object's footer, which in turn holds those of all other parts
 * @param maxTimestampMs largest record timestamp, -1 when there is none
 * @param hasAbortedTransactions whether its transaction index has entries
 * @param uploadedAtMs wall clock of the uploader, for people
 */
public record RemoteSegment(
    long baseOffset,
    long nextOffset,
    int leaderEpoch,
    Uuid uuid,
    long recordsBytes,
    long objectBytes,
    int footerCrc32c,
    long maxTimestampMs,
    boolean hasAbortedTransactions,
    long uploadedAtMs) {
  public RemoteSegment {
    if (baseOffset < 0 || nextOffset <= baseOffset) {
      throw new IllegalArgumentException("offsets [" + baseOffset + ", " + nextOffset + ")");
    }
    if (recordsBytes <= 0 || objectBytes <= recordsBytes) {
      throw new IllegalArgumentException("records " + recordsBytes + " of " + objectBytes);
    }
  }

  /** How the manifest lists an object that was stored under this epoch and uuid. */
  public static RemoteSegment of(
      SegmentObject object, int leaderEpoch, Uuid uuid, long uploadedAtMs) {
    return new RemoteSegment(
        object.footer().baseOffset(),
        object.footer().nextOffset(),
        leaderEpoch,
        uuid,
        object.recordsBytes(),
        object.objectBytes(),
        object.footerCrc32c(),
        object.footer().maxTimestampMs(),
        object.footer().part(SegmentPart.Kind.TRANSACTION_INDEX).sizeBytes() > 0,
        uploadedAtMs);
  }

  public String key(ObjectKeys keys, Uuid topicId, int partition) {
    return keys.segment(topicId, partition, new SegmentName(baseOffset, leaderEpoch, uuid));
  }

  /** Bytes behind the records: indexes, snapshot, lineage, footer. */
  public long tailBytes() {
    return objectBytes - recordsBytes;
  }

  public boolean contains(long offset) {
    return baseOffset <= offset && offset < nextOffset;
  }
}
