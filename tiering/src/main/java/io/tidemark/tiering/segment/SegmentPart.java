package io.tidemark.tiering.segment;

/** Where one part of a segment object lies, and the CRC32C of its bytes. */
public record SegmentPart(Kind kind, long position, long sizeBytes, int crc32c) {
  /** The parts, in the order in which they lie in the object; the numbers are stored. */
  public enum Kind {
    RECORDS(1),
    OFFSET_INDEX(2),
    TIME_INDEX(3),
    TRANSACTION_INDEX(4),
    PRODUCER_SNAPSHOT(5),
    EPOCH_LINEAGE(6),
    BLOCK_CHECKSUMS(7);

    private final int number;

    Kind(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }
  }

  long end() {
    return position + sizeBytes;
  }
}
