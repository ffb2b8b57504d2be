package io.tidemark.log.producer;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The state of a log's producers at an offset, as it is stored beside the log and in the bucket.
 *
 * <pre>
 *  0  int16  version = 1
 *  2  int32  CRC32C of everything from 6 on
 *  6  int32  number of producers, then for each, by rising id:
 *            int64  producer id
 *            int16  producer epoch
 *            int64  last timestamp, ms
 *            int32  coordinator epoch, -1 none
 *            int64  first offset of the open transaction, -1 none
 *            int8   number of batches, oldest first, then for each:
 *                   int32 last sequence, int64 last offset, int32 offset delta, int64 timestamp
 * </pre>
 */
public final class ProducerSnapshot {
  private static final short VERSION = 1;
  private static final int CRC_AT = 2;
  private static final int CHECKED_FROM = 6;
  private static final int HEAD_BYTES = 10;
  private static final int PRODUCER_BYTES = 31;
  private static final int BATCH_BYTES = 24;

  private ProducerSnapshot() {}

  public static ByteBuffer encode(Collection<ProducerState> producers) {
    List<ProducerState> sorted = new ArrayList<>(producers);
    sorted.sort(Comparator.comparingLong(ProducerState::producerId));
    int batches = sorted.stream().mapToInt(producer -> producer.batches().size()).sum();
    ByteBuffer bytes =
        ByteBuffer.allocate(HEAD_BYTES + sorted.size() * PRODUCER_BYTES + batches * BATCH_BYTES);
    bytes.putShort(VERSION).putInt(0).putInt(sorted.size());
    sorted.forEach(producer -> write(bytes, producer));
    bytes.flip();
    return bytes.putInt(CRC_AT, crc(bytes));
  }

  private static void write(ByteBuffer bytes, ProducerState producer) {
    bytes.putLong(producer.producerId()).putShort(producer.producerEpoch());
    bytes.putLong(producer.lastTimestampMs()).putInt(producer.coordinatorEpoch());
    bytes.putLong(producer.currentTxnFirstOffset()).put((byte) producer.batches().size());
    for (ProducerBatch batch : producer.batches()) {
      bytes.putInt(batch.lastSequence()).putLong(batch.lastOffset());
      bytes.putInt(batch.offsetDelta()).putLong(batch.timestampMs());
    }
  }

  /** The producers of a snapshot, read from position to limit; null when it is damaged. */
  public static @Nullable List<ProducerState> decode(ByteBuffer snapshot) {
    ByteBuffer bytes = snapshot.slice();
    if (bytes.limit() < HEAD_BYTES || bytes.getShort() != VERSION || bytes.getInt() != crc(bytes)) {
      return null;
    }
    try {
      int count = bytes.getInt();
      List<ProducerState> producers = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        producers.add(read(bytes));
      }
      return bytes.hasRemaining() ? null : producers;
    } catch (BufferUnderflowException e) {
      return null;
    }
  }

  private static ProducerState read(ByteBuffer bytes) {
    long producerId = bytes.getLong();
    short epoch = bytes.getShort();
    long lastTimestampMs = bytes.getLong();
    int coordinatorEpoch = bytes.getInt();
    long txnFirstOffset = bytes.getLong();
    int count = Byte.toUnsignedInt(bytes.get());
    List<ProducerBatch> batches = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      batches.add(
          new ProducerBatch(bytes.getInt(), bytes.getLong(), bytes.getInt(), bytes.getLong()));
    }
    return new ProducerState(
        producerId, epoch, List.copyOf(batches), lastTimestampMs, coordinatorEpoch, txnFirstOffset);
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(CHECKED_FROM, bytes.limit() - CHECKED_FROM));
    return (int) crc.getValue();
  }
}
