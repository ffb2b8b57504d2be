package io.tidemark.bench.client;

import java.io.IOException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * Reads fetch responses of version 17 off a connection without keeping them: of each batch only the
 * header's offsets are looked at.
 *
 * <pre>
 *   response  := size int32 | correlation id int32 | tags | throttle ms int32 | error int16 | session id int32 | topics | tags
 *   topic     := topic id 16 bytes | partitions | tags
 *   partition := index int32 | error int16 | high watermark int64 | last stable offset int64 | log start int64
 *              | aborted | preferred replica int32 | records | tags
 *   batch     := base offset int64 | length int32 | 11 bytes | last offset delta int32 | …
 *
 *   lists and records: unsigned varint (length + 1, 0 for null) | items
 * </pre>
 */
final class FetchStream {
  static final short VERSION = 17;

  private static final int BATCH_LENGTH_END = 12;
  private static final int LAST_OFFSET_DELTA_AT = 23;
  private static final int LAST_OFFSET_DELTA_END = 27;
  private static final int UUID_BYTES = 16;
  private static final int ABORTED_BYTES = 16;

  private final ClientSocket socket;
  private final Positions positions;
  private int sessionId;
  private long batchBytes;
  private long records;

  FetchStream(ClientSocket socket, Positions positions) {
    this.socket = socket;
    this.positions = positions;
  }

  /** The session the node has opened; 0 when it has not. */
  int sessionId() {
    return sessionId;
  }

  /** Bytes of whole batches seen so far. */
  long batchBytes() {
    return batchBytes;
  }

  /** Offsets passed so far. */
  long records() {
    return records;
  }

  /** Reads the next response to its end and moves the positions on. */
  void readResponse() throws IOException {
    socket.readInt();
    socket.readInt();
    skipTags();
    socket.readInt();
    check(socket.readShort());
    sessionId = socket.readInt();
    int topics = socket.readUnsignedVarint() - 1;
    for (int i = 0; i < topics; i++) {
      readTopic();
    }
    skipTags();
  }

  private void readTopic() throws IOException {
    socket.discard(UUID_BYTES);
    int partitions = socket.readUnsignedVarint() - 1;
    for (int i = 0; i < partitions; i++) {
      readPartition();
    }
    skipTags();
  }

  private void readPartition() throws IOException {
    int partition = socket.readInt();
    check(socket.readShort());
    long highWatermark = socket.readLong();
    socket.readLong();
    socket.readLong();
    int aborted = socket.readUnsignedVarint() - 1;
    for (int i = 0; i < aborted; i++) {
      socket.discard(ABORTED_BYTES);
      skipTags();
    }
    socket.readInt();
    positions.sawEnd(partition, highWatermark);
    readBatches(partition, socket.readUnsignedVarint() - 1);
    skipTags();
  }

  private void readBatches(int partition, int sizeBytes) throws IOException {
    int left = sizeBytes;
    while (left >= LAST_OFFSET_DELTA_END) {
      long baseOffset = socket.readLong();
      int batch = BATCH_LENGTH_END + socket.readInt();
      socket.discard(LAST_OFFSET_DELTA_AT - BATCH_LENGTH_END);
      long nextOffset = baseOffset + socket.readInt() + 1;
      socket.discard(Math.min(left, batch) - LAST_OFFSET_DELTA_END);
      if (batch <= left) {
        records += nextOffset - Math.max(baseOffset, positions.next(partition));
        batchBytes += batch;
        positions.advance(partition, nextOffset);
      }
      left -= batch;
    }
    if (left > 0) {
      socket.discard(left);
    }
  }

  private void skipTags() throws IOException {
    int tags = socket.readUnsignedVarint();
    for (int i = 0; i < tags; i++) {
      socket.readUnsignedVarint();
      socket.discard(socket.readUnsignedVarint());
    }
  }

  private static void check(short code) {
    Errors error = Errors.forCode(code);
    if (error != Errors.NONE) {
      throw error.exception(ApiKeys.FETCH + " failed");
    }
  }
}
