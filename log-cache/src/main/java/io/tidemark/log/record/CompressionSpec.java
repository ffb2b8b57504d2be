package io.tidemark.log.record;

import java.util.Locale;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.jspecify.annotations.Nullable;

/**
 * What a log's batches are compressed with: {@link #PRODUCER} keeps the producer's choice, every
 * other value names a codec and a level.
 */
public final class CompressionSpec {
  public static final CompressionSpec PRODUCER = new CompressionSpec("producer", null);
  public static final CompressionSpec NONE = new CompressionSpec("uncompressed", Compression.NONE);

  private final String name;
  private final @Nullable Compression compression;

  private CompressionSpec(String name, @Nullable Compression compression) {
    this.name = name;
    this.compression = compression;
  }

  /** From Kafka's {@code compression.type}, with the codec's default level. */
  public static CompressionSpec of(String compressionType) {
    return switch (compressionType.toLowerCase(Locale.ROOT)) {
      case "producer" -> PRODUCER;
      case "uncompressed", "none" -> NONE;
      case "gzip" -> gzip(CompressionType.GZIP.defaultLevel());
      case "snappy" -> new CompressionSpec("snappy", Compression.snappy().build());
      case "lz4" -> lz4(CompressionType.LZ4.defaultLevel());
      case "zstd" -> zstd(CompressionType.ZSTD.defaultLevel());
      default -> throw new IllegalArgumentException("Unknown compression type " + compressionType);
    };
  }

  public static CompressionSpec gzip(int level) {
    return new CompressionSpec("gzip", Compression.gzip().level(level).build());
  }

  public static CompressionSpec lz4(int level) {
    return new CompressionSpec("lz4", Compression.lz4().level(level).build());
  }

  public static CompressionSpec zstd(int level) {
    return new CompressionSpec("zstd", Compression.zstd().level(level).build());
  }

  public boolean isProducer() {
    return compression == null;
  }

  /** The codec's number in a batch's attributes; a producer's choice has none. */
  public int codecId() {
    return codec().type().id;
  }

  Compression codec() {
    if (compression == null) {
      throw new IllegalStateException("The producer's choice is not a codec");
    }
    return compression;
  }

  @Override
  public String toString() {
    return name;
  }
}
