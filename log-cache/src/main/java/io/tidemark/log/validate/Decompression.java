package io.tidemark.log.validate;

import io.tidemark.log.record.RecordBatchHeader;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/** Opens the compressed records of a batch. Reused for its codecs' buffers, not thread-safe. */
final class Decompression {
  private static final int SNAPPY = 2;

  // Keeps the codecs' working buffers between batches.
  private final BufferSupplier buffers = BufferSupplier.create();

  /** A stream over the decompressed records; the caller closes it. */
  InputStream open(ByteBuffer records, int codecId, long maxPlainBytes)
      throws InvalidBatchException {
    if (codecId == SNAPPY) {
      SnappyFrames.check(records, maxPlainBytes);
    }
    try {
      return codec(codecId).wrapForInput(records, RecordBatchHeader.MAGIC, buffers);
    } catch (KafkaException | IllegalArgumentException e) {
      throw new InvalidBatchException(
          Errors.INVALID_RECORD,
          "The records of the batch cannot be decompressed: " + e.getMessage());
    }
  }

  static boolean isKnown(int codecId) {
    return codecId >= 0 && codecId <= 4;
  }

  private static Compression codec(int codecId) {
    return switch (codecId) {
      case 1 -> Compression.gzip().build();
      case SNAPPY -> Compression.snappy().build();
      case 3 -> Compression.lz4().build();
      case 4 -> Compression.zstd().build();
      default -> throw new IllegalArgumentException("Unknown compression type id: " + codecId);
    };
  }
}
