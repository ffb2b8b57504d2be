package io.tidemark.tiering.read;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** What remote reads count. */
final class ReadMetrics {
  private final MeterRegistry meters;
  private final Counter hits;
  private final Counter misses;
  private final Counter indexHits;
  private final Counter indexMisses;
  private final Counter servedBytes;
  private final Counter downloadedBytes;
  private final Counter readAheadBytes;
  private final Counter wastedBytes;
  private final Counter evictions;
  private final Counter corrupt;
  private final Counter failures;
  private final Timer downloads;
  private final Timer loads;

  ReadMetrics(MeterRegistry meters) {
    this.meters = meters;
    this.hits = counter("tidemark.remote.reads", "Remote reads, by what they met", "result", "hit");
    this.misses =
        counter("tidemark.remote.reads", "Remote reads, by what they met", "result", "wait");
    this.indexHits = indexLookups("hit");
    this.indexMisses = indexLookups("miss");
    this.servedBytes = bytes("tidemark.remote.served", "Bytes handed to readers");
    this.downloadedBytes = bytes("tidemark.remote.downloaded", "Bytes of chunks downloaded");
    this.readAheadBytes =
        bytes(
            "tidemark.remote.readahead",
            "Bytes of chunks that were read before they were asked for");
    this.wastedBytes =
        bytes(
            "tidemark.remote.readahead.wasted", "Bytes of chunks evicted before anybody read them");
    this.evictions = counter("tidemark.remote.cache.evictions", "Chunks evicted", "kind", "chunk");
    this.corrupt =
        counter("tidemark.remote.corrupt", "Downloads whose checksum was wrong", "kind", "chunk");
    this.failures = counter("tidemark.remote.failures", "Remote reads that failed", "kind", "read");
    this.downloads =
        Timer.builder("tidemark.remote.downloads")
            .description("Time from the request of a chunk to its checked bytes")
            .publishPercentileHistogram()
            .register(meters);
    this.loads =
        Timer.builder("tidemark.remote.loads")
            .description("Time that a reader waited for bytes that were not in memory")
            .publishPercentileHistogram()
            .register(meters);
  }

  private Counter counter(String name, String description, String tag, String value) {
    return Counter.builder(name).description(description).tag(tag, value).register(meters);
  }

  private Counter indexLookups(String result) {
    return counter(
        "tidemark.remote.index.lookups",
        "Uses of remote segments' indexes that found them in memory, and downloads of them",
        "result",
        result);
  }

  private Counter bytes(String name, String description) {
    return Counter.builder(name).description(description).baseUnit("bytes").register(meters);
  }

  <T> void gauge(String name, String description, T of, ToDoubleFunction<T> value) {
    Gauge.builder(name, of, value).description(description).register(meters);
  }

  void foundIndex() {
    indexHits.increment();
  }

  void missedIndex() {
    indexMisses.increment();
  }

  void served(int sizeBytes) {
    hits.increment();
    servedBytes.increment(sizeBytes);
  }

  void waited(long durationNs) {
    misses.increment();
    loads.record(durationNs, TimeUnit.NANOSECONDS);
  }

  void downloaded(int sizeBytes, long durationNs, boolean isReadAhead) {
    downloadedBytes.increment(sizeBytes);
    downloads.record(durationNs, TimeUnit.NANOSECONDS);
    if (isReadAhead) {
      readAheadBytes.increment(sizeBytes);
    }
  }

  void evicted(int sizeBytes, boolean wasRead) {
    evictions.increment();
    if (!wasRead) {
      wastedBytes.increment(sizeBytes);
    }
  }

  void corrupt() {
    corrupt.increment();
  }

  void failed() {
    failures.increment();
  }
}
