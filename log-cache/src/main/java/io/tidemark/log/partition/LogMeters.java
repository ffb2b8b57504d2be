package io.tidemark.log.partition;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.log.index.IndexCache;
import io.tidemark.log.segment.FileCache;
import java.util.function.ToDoubleFunction;

/**
 * What log directories and the caches over them show. A scrape never waits for a disk: it sees what
 * was measured last.
 */
final class LogMeters {
  private LogMeters() {}

  static void register(MeterRegistry meters, FileCache files, IndexCache indexes) {
    String fileLookups = "tidemark.log.file.cache.lookups";
    String ofFiles = "Uses of segment files, by whether the file was open";
    lookups(meters, fileLookups, ofFiles, "hit", files, FileCache::hitCount);
    lookups(meters, fileLookups, ofFiles, "miss", files, FileCache::missCount);
    Gauge.builder("tidemark.log.file.cache.files", files, FileCache::count)
        .description("Segment files kept open")
        .register(meters);

    String indexLookups = "tidemark.log.index.cache.lookups";
    String ofIndexes = "Uses of closed segments' indexes, by whether they were in memory";
    lookups(meters, indexLookups, ofIndexes, "hit", indexes, IndexCache::hitCount);
    lookups(meters, indexLookups, ofIndexes, "miss", indexes, IndexCache::missCount);
    Gauge.builder("tidemark.log.index.cache.bytes", indexes, IndexCache::sizeBytes)
        .description("Memory taken for indexes of closed segments")
        .baseUnit("bytes")
        .register(meters);
  }

  private static <T> void lookups(
      MeterRegistry meters,
      String name,
      String description,
      String result,
      T cache,
      ToDoubleFunction<T> count) {
    FunctionCounter.builder(name, cache, count)
        .description(description)
        .tag("result", result)
        .register(meters);
  }

  static void register(MeterRegistry meters, LogDirectory directory) {
    bytes(
        meters,
        "tidemark.log.directory.free.bytes",
        "Free bytes of the disk that holds a log directory; NaN once the directory has failed",
        directory,
        LogDirectory::lastUsableBytes);
    bytes(
        meters,
        "tidemark.log.directory.total.bytes",
        "Bytes that disk has room for in all; NaN once the directory has failed",
        directory,
        LogDirectory::lastTotalBytes);
  }

  private static void bytes(
      MeterRegistry meters,
      String name,
      String description,
      LogDirectory directory,
      ToDoubleFunction<LogDirectory> bytes) {
    Gauge.builder(name, directory, each -> each.isOnline() ? bytes.applyAsDouble(each) : Double.NaN)
        .description(description)
        .baseUnit("bytes")
        .tag("directory", directory.path().toString())
        .register(meters);
  }
}
