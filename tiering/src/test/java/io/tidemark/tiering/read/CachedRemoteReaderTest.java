package io.tidemark.tiering.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.log.ManualTime;
import io.tidemark.log.epoch.EpochEnd;
import io.tidemark.log.partition.TimestampedOffset;
import io.tidemark.log.producer.AbortedTransaction;
import io.tidemark.log.record.RecordBatchHeader;
import io.tidemark.scenario.Scenario;
import io.tidemark.tiering.manifest.ManifestCache;
import io.tidemark.tiering.manifest.ManifestPointer;
import io.tidemark.tiering.manifest.RemoteSegment;
import io.tidemark.tiering.segment.BuiltSegment;
import io.tidemark.tiering.segment.SegmentPart;
import io.tidemark.tiering.segment.SegmentTail;
import io.tidemark.tiering.store.FaultyObjectStore;
import io.tidemark.tiering.store.FaultyObjectStore.Fault;
import io.tidemark.tiering.store.ObjectStore;
import io.tidemark.tiering.store.RetryPolicy;
import io.tidemark.tiering.store.RetryingObjectStore;
import io.tidemark.tiering.store.SimulatedObjectStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CachedRemoteReaderTest {
  private static final int CHUNK = 64 * 1024;
  private static final int MEGABYTE = 1024 * 1024;

  private final SimulatedObjectStore objects = new SimulatedObjectStore();
  private final ManualTime time = new ManualTime(TieredLog.START_MS);
  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final FaultyObjectStore faulty =
      new FaultyObjectStore(objects, new Random(5), new ManualTime(0));
  private final List<CachedRemoteReader> opened = new ArrayList<>();

  @AfterEach
  void close() {
    opened.forEach(CachedRemoteReader::close);
  }

  private CachedRemoteReader reader(TieredLog log, ObjectStore store) {
    return reader(
        log, store, new RemoteReaderSettings(CHUNK, 64 * CHUNK, MEGABYTE, 8, 4, 16 * CHUNK));
  }

  private CachedRemoteReader reader(
      TieredLog log, ObjectStore store, RemoteReaderSettings settings) {
    ManifestCache manifests =
        new ManifestCache(
            new io.tidemark.tiering.manifest.ManifestObjects(store, TieredLog.KEYS),
            MEGABYTE,
            Runnable::run,
            meters);
    CachedRemoteReader reader =
        new CachedRemoteReader(
            store, manifests, log, settings, time, Thread.ofVirtual().factory(), meters);
    opened.add(reader);
    return reader;
  }

  private static <T extends @Nullable Object> T get(CompletableFuture<T> future) throws Exception {
    return future.get(60, TimeUnit.SECONDS);
  }

  /** Reads on from an offset to the end, as a consumer does. */
  private static ByteBuffer replay(
      CachedRemoteReader reader, TieredLog log, ManifestPointer known, long from, int maxBytes)
      throws Exception {
    ByteBuffer all = ByteBuffer.allocate(log.allRecords().limit() + MEGABYTE);
    long offset = from;
    while (offset < known.tieredOffset()) {
      RemoteRead read = get(reader.read(log.partition(), known, offset, maxBytes, true));
      assertThat(read.sizeBytes()).isPositive();
      assertThat(read.baseOffset()).isLessThanOrEqualTo(offset);
      assertThat(read.nextOffset()).isGreaterThan(offset);
      read.slice().buffers().forEach(all::put);
      offset = read.nextOffset();
      read.release();
    }
    return all.flip();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1_000, 100_000, 10_000_000})
  void replayGivesEveryByteOnceAndInOrder(int maxBytes) throws Exception {
    TieredLog log = new TieredLog(objects, 1);
    for (int i = 0; i < 5; i++) {
      log.addRandom(300_000 + i * 50_000, 500);
    }
    assertThat(replay(reader(log, objects), log, log.pointer(), 0, maxBytes))
        .isEqualTo(log.allRecords());
  }

  @Test
  void aBatchLargerThanChunksIsReadWhole() throws Exception {
    TieredLog log = new TieredLog(objects, 2);
    log.addRandom(900_000, 40_000);
    assertThat(replay(reader(log, objects), log, log.pointer(), 0, 10)).isEqualTo(log.allRecords());
  }

  @Test
  void everyOffsetIsFoundInTheBatchThatHoldsIt() throws Exception {
    TieredLog log = new TieredLog(objects, 3);
    log.addRandom(100_000, 300);
    log.addRandom(100_000, 300);
    CachedRemoteReader reader = reader(log, objects);
    RecordBatchHeader header = new RecordBatchHeader();
    for (long offset = log.pointer().tieredOffset() - 1; offset >= 0; offset--) {
      RemoteRead read = get(reader.read(log.partition(), log.pointer(), offset, 1, true));
      header.wrap(read.slice().toBuffer(), 0);
      assertThat(header.isValidCrc()).isTrue();
      assertThat(header.sizeBytes()).isEqualTo(read.sizeBytes());
      assertThat(offset).isBetween(header.baseOffset(), header.lastOffset());
      read.release();
    }
  }

  @Test
  void aBatchThatDoesNotFitIsGivenOnlyWhenOneIsWanted() throws Exception {
    TieredLog log = new TieredLog(objects, 4);
    log.addRandom(100_000, 300);
    CachedRemoteReader reader = reader(log, objects);
    assertThat(get(reader.read(log.partition(), log.pointer(), 0, 1, false)).sizeBytes()).isZero();
    assertThat(get(reader.read(log.partition(), log.pointer(), 0, 1, true)).sizeBytes())
        .isPositive();
  }

  @Test
  void offsetsOutsideTheTierAreOutOfRange() throws Exception {
    TieredLog log = new TieredLog(objects, 5);
    BuiltSegment first = log.addRandom(100_000, 300);
    log.addRandom(100_000, 300);
    log.dropBelow(first.nextOffset());
    CachedRemoteReader reader = reader(log, objects);
    for (long offset : new long[] {0, first.nextOffset() - 1, log.pointer().tieredOffset()}) {
      assertThatThrownBy(() -> get(reader.read(log.partition(), log.pointer(), offset, 10, true)))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(OffsetOutOfRangeException.class);
    }
  }

  @Test
  void nothingIsThereBeforeItWasLoadedAndThenItIs() throws Exception {
    TieredLog log = new TieredLog(objects, 6);
    log.addRandom(300_000, 300);
    CachedRemoteReader reader = reader(log, objects);
    assertThat(reader.tryRead(log.partition(), log.pointer(), 7, 100, true)).isEmpty();
    get(reader.load(log.partition(), log.pointer(), 7, "client"));
    Optional<RemoteRead> read = reader.tryRead(log.partition(), log.pointer(), 7, 100, true);
    assertThat(read).isPresent();
    read.get().release();
  }

  @Test
  @Scenario("S-123")
  void aChunkIsDownloadedOnceWhoeverAsks() throws Exception {
    TieredLog log = new TieredLog(objects, 7);
    log.addRandom(2_000_000, 500);
    FaultyObjectStore counted = new FaultyObjectStore(objects, new Random(1), time);
    CachedRemoteReader reader = reader(log, counted);
    List<CompletableFuture<ByteBuffer>> replays = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      replays.add(
          CompletableFuture.supplyAsync(() -> {
            try {
              return replay(reader, log, log.pointer(), 0, 50_000);
            } catch (Exception e) {
              throw new AssertionError(e);
            }
          }));
    }
    for (CompletableFuture<ByteBuffer> replay : replays) {
      assertThat(get(replay)).isEqualTo(log.allRecords());
    }
    int chunks = (log.allRecords().limit() + CHUNK - 1) / CHUNK;
    // Manifest, tail, and each chunk; two threads may miss the same manifest at once.
    assertThat(counted.calls()).isBetween(chunks + 2, chunks + 2 + 8);
  }

  @Test
  @Scenario("S-123")
  void aCacheMuchSmallerThanTheLogServesManyReaders() throws Exception {
    TieredLog log = new TieredLog(objects, 8);
    log.addRandom(1_500_000, 2_000);
    log.addRandom(1_500_000, 2_000);
    CachedRemoteReader reader =
        reader(log, objects, new RemoteReaderSettings(CHUNK, 8 * CHUNK, MEGABYTE, 4, 2, 4 * CHUNK));
    List<CompletableFuture<ByteBuffer>> replays = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      replays.add(
          CompletableFuture.supplyAsync(() -> {
            try {
              return replay(reader, log, log.pointer(), 0, 100_000);
            } catch (Exception e) {
              throw new AssertionError(e);
            }
          }));
    }
    for (CompletableFuture<ByteBuffer> replay : replays) {
      assertThat(get(replay)).isEqualTo(log.allRecords());
    }
    assertThat(meters.get("tidemark.remote.cache.bytes").gauge().value())
        .isLessThanOrEqualTo(8 * CHUNK);
  }

  @Test
  void chunksHeldByAnAnswerStayAsTheyAre() throws Exception {
    TieredLog log = new TieredLog(objects, 9);
    log.addRandom(3_000_000, 2_000);
    CachedRemoteReader reader =
        reader(
            log, objects, new RemoteReaderSettings(CHUNK, 16 * CHUNK, MEGABYTE, 4, 2, 4 * CHUNK));
    RemoteRead held = get(reader.read(log.partition(), log.pointer(), 0, 2 * CHUNK, true));
    ByteBuffer before = held.slice().toBuffer();
    replay(reader, log, log.pointer(), 0, 100_000);
    assertThat(held.slice().toBuffer()).isEqualTo(before);
    assertThat(before).isEqualTo(log.allRecords().slice(0, before.remaining()));
    held.release();
  }

  @Test
  void aSequentialReaderRarelyWaits() throws Exception {
    TieredLog log = new TieredLog(objects, 10);
    for (int i = 0; i < 6; i++) {
      log.addRandom(1_000_000, 500);
    }
    CachedRemoteReader reader = reader(log, objects);
    replay(reader, log, log.pointer(), 0, CHUNK);
    double waits = meters.get("tidemark.remote.reads").tag("result", "wait").counter().count();
    double hits = meters.get("tidemark.remote.reads").tag("result", "hit").counter().count();
    assertThat(hits).isGreaterThan(90);
    assertThat(waits).isLessThan(hits);
    assertThat(meters.get("tidemark.remote.readahead").counter().count()).isGreaterThan(1_000_000);
  }

  @Test
  @Scenario({"S-105", "S-106"})
  void readsSurviveAStoreFullOfFaults() throws Exception {
    TieredLog log = new TieredLog(objects, 11);
    for (int i = 0; i < 4; i++) {
      log.addRandom(600_000, 500);
    }
    faulty
        .with(Fault.ERROR, 0.05)
        .with(Fault.THROTTLED, 0.05)
        .with(Fault.TIMEOUT, 0.02)
        .with(Fault.LOST_ANSWER, 0.05)
        .with(Fault.TRUNCATED, 0.05)
        .with(Fault.SLOW, 0.05)
        .with(Fault.DENIED, 0.02);
    ObjectStore retrying =
        new RetryingObjectStore(
            faulty,
            new RetryPolicy(1, 5, 3_600_000, 3_600_000, 1_000),
            new ManualTime(0),
            new Random(3),
            meters);
    assertThat(replay(reader(log, retrying), log, log.pointer(), 0, 50_000))
        .isEqualTo(log.allRecords());
  }

  @Test
  @Scenario("S-106")
  void flippedBitsAreFetchedAgainAndNeverServed() throws Exception {
    TieredLog log = new TieredLog(objects, 12);
    for (int i = 0; i < 4; i++) {
      log.addRandom(600_000, 500);
    }
    faulty.with(Fault.FLIPPED, 0.1);
    CachedRemoteReader reader = reader(log, faulty);
    ByteBuffer all = ByteBuffer.allocate(log.allRecords().limit());
    long offset = 0;
    int refused = 0;
    while (offset < log.pointer().tieredOffset()) {
      try {
        RemoteRead read = get(reader.read(log.partition(), log.pointer(), offset, 50_000, true));
        read.slice().buffers().forEach(all::put);
        offset = read.nextOffset();
        read.release();
      } catch (ExecutionException e) {
        assertThat(e).hasCauseInstanceOf(KafkaStorageException.class);
        refused++;
      }
    }
    assertThat(all.flip()).isEqualTo(log.allRecords());
    assertThat(faulty.met(Fault.FLIPPED)).isPositive();
    assertThat(refused).isLessThan(10);
  }

  @Test
  @Scenario("S-106")
  void rotInTheStoreIsAnErrorAndNeverServed() throws Exception {
    TieredLog log = new TieredLog(objects, 13);
    log.addRandom(300_000, 500);
    RemoteSegment segment = log.manifest().segments().getFirst();
    byte[] rotten = objects.bytes(log.key(segment)).clone();
    rotten[150_000] ^= 4;
    objects.replace(log.key(segment), rotten);
    CachedRemoteReader reader = reader(log, objects);
    assertThat(get(reader.read(log.partition(), log.pointer(), 0, 1_000, true)).sizeBytes())
        .isPositive();
    long inRot = log.pointer().tieredOffset() / 2;
    assertThatThrownBy(() -> get(reader.read(log.partition(), log.pointer(), inRot, 1_000, true)))
        .hasCauseInstanceOf(KafkaStorageException.class)
        .hasMessageContaining("wrong bytes");
    assertThat(meters.get("tidemark.remote.corrupt").counter().count()).isGreaterThanOrEqualTo(2);
  }

  @Test
  @Scenario("S-106")
  void aRottenTailIsAnError() throws Exception {
    TieredLog log = new TieredLog(objects, 14);
    log.addRandom(300_000, 500);
    RemoteSegment segment = log.manifest().segments().getFirst();
    byte[] rotten = objects.bytes(log.key(segment)).clone();
    rotten[(int) segment.recordsBytes() + 20] ^= 1;
    objects.replace(log.key(segment), rotten);
    assertThatThrownBy(
            () -> get(reader(log, objects).read(log.partition(), log.pointer(), 0, 10, true)))
        .hasCauseInstanceOf(KafkaStorageException.class);
  }

  @Test
  @Scenario("S-107")
  void anObjectThatIsMissingIsAnErrorAndNotAGap() throws Exception {
    TieredLog log = new TieredLog(objects, 15);
    log.addRandom(100_000, 500);
    log.addRandom(100_000, 500);
    objects.delete(List.of(log.key(log.manifest().segments().getFirst())));
    CachedRemoteReader reader = reader(log, objects);
    assertThatThrownBy(() -> get(reader.read(log.partition(), log.pointer(), 0, 10, true)))
        .hasCauseInstanceOf(KafkaStorageException.class);
    long second = log.segments().get(1).baseOffset();
    assertThat(get(reader.read(log.partition(), log.pointer(), second, 10, true)).baseOffset())
        .isEqualTo(second);
  }

  @Test
  @Scenario("S-112")
  void aReaderWhoseSegmentWasDeletedReloadsTheManifest() throws Exception {
    TieredLog log = new TieredLog(objects, 16);
    BuiltSegment first = log.addRandom(100_000, 500);
    log.addRandom(100_000, 500);
    ManifestPointer old = log.pointer();
    CachedRemoteReader reader = reader(log, objects);
    RemoteRead read = get(reader.read(log.partition(), old, first.nextOffset(), 10, true));
    read.release();
    log.dropBelow(first.nextOffset());
    assertThatThrownBy(() -> get(reader.read(log.partition(), old, 0, 10, true)))
        .hasCauseInstanceOf(OffsetOutOfRangeException.class);
  }

  @Test
  @Scenario("S-112")
  void aReaderWhoseManifestWasDeletedReloadsThePointer() throws Exception {
    TieredLog log = new TieredLog(objects, 17);
    log.addRandom(100_000, 500);
    ManifestPointer old = log.pointer();
    log.addRandom(100_000, 500);
    objects.delete(
        List.of(TieredLog.KEYS.manifest(log.partition().topicId(), 3, old.version(), old.uuid())));
    assertThat(get(reader(log, objects).read(log.partition(), old, 0, 10, true)).baseOffset())
        .isZero();
  }

  @Test
  void anOlderManifestWillDoWhileItCoversTheOffset() throws Exception {
    TieredLog log = new TieredLog(objects, 18);
    log.addRandom(100_000, 500);
    CachedRemoteReader reader = reader(log, objects);
    get(reader.read(log.partition(), log.pointer(), 0, 10, true)).release();
    log.addRandom(100_000, 500);
    objects.delete(
        List.of(
            TieredLog.KEYS.manifest(
                log.partition().topicId(), 3, log.pointer().version(), log.pointer().uuid())));
    assertThat(get(reader.read(log.partition(), log.pointer(), 5, 10, true)).baseOffset())
        .isLessThanOrEqualTo(5);
  }

  @Test
  void aFailureThatNobodyWaitedForIsToldToTheNext() throws Exception {
    TieredLog log = new TieredLog(objects, 19);
    log.addRandom(100_000, 500);
    faulty.failNext(Fault.ERROR);
    CachedRemoteReader reader = reader(log, faulty);
    CompletableFuture<?> abandoned = reader.load(log.partition(), log.pointer(), 0, "client");
    while (!abandoned.isDone()) {
      Thread.onSpinWait();
    }
    assertThatThrownBy(() -> get(reader.load(log.partition(), log.pointer(), 0, "client")))
        .hasCauseInstanceOf(KafkaStorageException.class);
    get(reader.load(log.partition(), log.pointer(), 0, "client"));
  }

  @Test
  void segmentsInLeavesAreRead() throws Exception {
    TieredLog log = new TieredLog(objects, 20);
    for (int i = 0; i < 530; i++) {
      log.addRandom(200, 50);
    }
    assertThat(log.manifest().leaves()).hasSize(1);
    assertThat(replay(reader(log, objects), log, log.pointer(), 0, 5_000))
        .isEqualTo(log.allRecords());
  }

  @Test
  @Scenario("S-122")
  void timestampsAreFoundAcrossSegments() throws Exception {
    TieredLog log = new TieredLog(objects, 21);
    log.addRandom(200_000, 300);
    log.addRandom(200_000, 300);
    CachedRemoteReader reader = reader(log, objects);
    long end = log.pointer().tieredOffset();
    for (long offset : new long[] {0, 1, 77, log.segments().get(1).baseOffset(), end - 1}) {
      Optional<TimestampedOffset> found =
          get(
              reader.offsetForTimestamp(
                  log.partition(), log.pointer(), TieredLog.START_MS + offset, 0));
      assertThat(found.map(TimestampedOffset::offset)).contains(offset);
      assertThat(found.map(TimestampedOffset::timestampMs)).contains(TieredLog.START_MS + offset);
    }
    assertThat(
            get(
                reader.offsetForTimestamp(
                    log.partition(), log.pointer(), TieredLog.START_MS + end, 0)))
        .isEmpty();
    assertThat(
            get(reader.offsetForTimestamp(log.partition(), log.pointer(), 0, 50))
                .map(TimestampedOffset::offset))
        .contains(50L);
    assertThat(
            get(reader.maxTimestamp(log.partition(), log.pointer(), 0))
                .map(TimestampedOffset::offset))
        .contains(end - 1);
    assertThat(
            get(reader.maxTimestamp(log.partition(), log.pointer(), end - 2))
                .map(TimestampedOffset::offset))
        .contains(end - 1);
  }

  @Test
  void epochsEndWhereTheNextBegins() throws Exception {
    TieredLog log = new TieredLog(objects, 22);
    for (int i = 0; i < 6; i++) {
      log.addRandom(10_000, 300);
    }
    CachedRemoteReader reader = reader(log, objects);
    assertThat(get(reader.endOffsetForEpoch(log.partition(), log.pointer(), 0)))
        .isEqualTo(new EpochEnd(0, log.segments().get(2).baseOffset()));
    assertThat(get(reader.endOffsetForEpoch(log.partition(), log.pointer(), 2)))
        .isEqualTo(new EpochEnd(2, log.pointer().tieredOffset()));
    assertThat(get(reader.endOffsetForEpoch(log.partition(), log.pointer(), 3)).isDefined())
        .isFalse();
  }

  @Test
  void abortedTransactionsAreFoundWhereverTheirMarkerLies() throws Exception {
    TieredLog log = new TieredLog(objects, 23);
    log.addRandom(20_000, 300);
    log.addRandom(20_000, 300);
    long end = log.pointer().tieredOffset();
    AbortedTransaction transaction = new AbortedTransaction(9, 2, end + 1, end + 2);
    log.addRandom(20_000, 300, transaction);
    CachedRemoteReader reader = reader(log, objects);
    RemoteRead first = get(reader.read(log.partition(), log.pointer(), 2, 1, true));
    assertThat(first.abortedTransactions()).containsExactly(transaction);
    RemoteRead last =
        get(reader.read(log.partition(), log.pointer(), log.pointer().tieredOffset() - 1, 1, true));
    assertThat(last.baseOffset()).isGreaterThan(end + 1);
    assertThat(last.abortedTransactions()).isEmpty();
  }

  @Test
  @Scenario("S-121")
  void withoutTheIndexOfTransactionsNothingIsReadRatherThanWhatWasAborted() throws Exception {
    TieredLog log = new TieredLog(objects, 24);
    log.addRandom(20_000, 300);
    long end = log.pointer().tieredOffset();
    log.addRandom(20_000, 300, new AbortedTransaction(9, 2, end + 1, end + 2));
    RemoteSegment marked = log.manifest().segments().getLast();
    byte[] damaged = objects.bytes(log.key(marked)).clone();
    damaged[endOfTransactionIndex(damaged, marked) - 1] ^= 1;
    objects.replace(log.key(marked), damaged);
    isNotRead(log);
    objects.delete(List.of(log.key(marked)));
    isNotRead(log);
  }

  private static int endOfTransactionIndex(byte[] object, RemoteSegment segment) throws Exception {
    int recordsBytes = (int) segment.recordsBytes();
    ByteBuffer tail = ByteBuffer.wrap(object, recordsBytes, object.length - recordsBytes);
    SegmentPart index =
        SegmentTail.decode(tail, recordsBytes).footer().part(SegmentPart.Kind.TRANSACTION_INDEX);
    return (int) (index.position() + index.sizeBytes());
  }

  private void isNotRead(TieredLog log) {
    CachedRemoteReader reader = reader(log, objects);
    assertThatThrownBy(() -> get(reader.read(log.partition(), log.pointer(), 2, 1, true)))
        .hasCauseInstanceOf(KafkaStorageException.class);
  }
}
