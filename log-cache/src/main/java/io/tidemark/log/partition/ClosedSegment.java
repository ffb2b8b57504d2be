package io.tidemark.log.partition;

import io.tidemark.log.epoch.EpochEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A segment that is no longer written, for upload and checks. Readable from any thread between a
 * successful {@link #retain} and its {@link #release}, even when the log deletes it meanwhile.
 */
public interface ClosedSegment {
  long baseOffset();

  /** One past its last offset: where the next segment begins. */
  long nextOffset();

  long sizeBytes();

  /** The largest timestamp of its records; -1 when none has one. */
  long maxTimestampMs() throws IOException;

  /** When its file was last written, in ms since the epoch. */
  long lastModifiedMs() throws IOException;

  /** Whether it was found to be damaged, so that it is not served any more. */
  default boolean isDamaged() {
    return false;
  }

  /** Keeps the file; false when it is gone already. */
  boolean retain();

  void release();

  /** Fills {@code dst} from this byte on, as far as the segment goes. */
  void read(ByteBuffer dst, long position) throws IOException;

  /** Entries of {@link io.tidemark.log.index.OffsetIndexEntries}; fresh, read-only. */
  ByteBuffer offsetIndex() throws IOException;

  /** Entries of {@link io.tidemark.log.index.TimeIndexEntries}; fresh, read-only. */
  ByteBuffer timeIndex() throws IOException;

  /** Entries of {@link io.tidemark.log.index.TransactionIndexEntries}; fresh, read-only. */
  ByteBuffer transactionIndex() throws IOException;

  /** The state of all producers at {@link #nextOffset}, as stored beside the log. */
  ByteBuffer producerSnapshot() throws IOException;

  /** Which epochs wrote {@code [baseOffset, nextOffset)}; may be empty where unknown. */
  List<EpochEntry> lineage();

  /**
   * Reads every batch and checks its CRC and place.
   *
   * @throws org.apache.kafka.common.errors.CorruptRecordException naming the first bad batch
   */
  void verify() throws IOException;
}
