package io.tidemark.gateway.cli;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.apache.kafka.common.header.Header;

/**
 * Count, bytes and checksum of one partition's records in order. Two streams agree exactly when the
 * same records came in the same order: a record lost, doubled, altered or swapped shows.
 */
final class StreamChecksum {
  private final CRC32C crc = new CRC32C();
  private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES);
  private long records;
  private long bytes;

  void add(long timestampMs, byte[] key, byte[] value, Iterable<Header> headers) {
    crc.update(number.clear().putLong(timestampMs).flip());
    add(key);
    add(value);
    for (Header header : headers) {
      add(header.value());
    }
    records++;
  }

  private void add(byte[] part) {
    crc.update(number.clear().putInt(part.length).flip());
    crc.update(part);
    bytes += part.length;
  }

  long records() {
    return records;
  }

  long bytes() {
    return bytes;
  }

  boolean agreesWith(StreamChecksum other) {
    return records == other.records
        && bytes == other.bytes
        && crc.getValue() == other.crc.getValue();
  }

  @Override
  public String toString() {
    return "%d records, %d bytes, crc %08x".formatted(records, bytes, crc.getValue());
  }
}
