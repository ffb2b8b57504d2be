package io.tidemark.tiering.segment;

import io.tidemark.log.epoch.EpochEntry;
import io.tidemark.log.partition.ClosedSegment;
import java.io.IOException;
import java.util.List;
import org.apache.kafka.common.Uuid;

/** Makes segment objects out of closed segments. Stateless; any thread that may wait for a disk. */
public final class SegmentObjectWriter {
  /**
   * Reads the segment once, checking the CRC and place of every batch, and returns an object whose
   * content reads the records again from the (retained) segment as it is stored. What is read again
   * is compared with what was checked.
   *
   * @param lineage stored as the log's lineage up to the segment's end
   * @throws org.apache.kafka.common.errors.CorruptRecordException a batch is not what it should be
   */
  public SegmentObject prepare(
      Uuid topicId, int partition, ClosedSegment segment, List<EpochEntry> lineage)
      throws IOException {
    throw new IOException("not yet");
  }
}
