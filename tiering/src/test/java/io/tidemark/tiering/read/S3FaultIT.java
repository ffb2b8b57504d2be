package io.tidemark.tiering.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.log.disk.FileSystemDisk;
import io.tidemark.scenario.Scenario;
import io.tidemark.tiering.manifest.ManifestCache;
import io.tidemark.tiering.manifest.ManifestObjects;
import io.tidemark.tiering.store.FaultyObjectStore.Fault;
import io.tidemark.tiering.store.ObjectContent;
import io.tidemark.tiering.store.ObjectStore;
import io.tidemark.tiering.store.ObjectStoreException;
import io.tidemark.tiering.store.ObjectStoreException.Kind;
import io.tidemark.tiering.store.ObjectStores;
import io.tidemark.tiering.store.RetryPolicy;
import io.tidemark.tiering.store.StoreSettings;
import io.tidemark.tiering.store.s3.FaultyBlobStore;
import io.tidemark.tiering.store.s3.S3ProxyServer;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uploads and replays over real HTTP while the server misbehaves. */
final class S3FaultIT {
  private static final int MEGABYTE = 1024 * 1024;
  private static final RetryPolicy POLICY = new RetryPolicy(5, 50, 60_000, 60_000, 10_000);

  @TempDir Path folder;
  private final long seed = Long.getLong("tidemark.seed", 20_261_120L);
  private static final Duration A_SECOND = Duration.ofSeconds(1);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final AtomicReference<FaultyBlobStore> wrapped = new AtomicReference<>();
  private S3ProxyServer server;
  private ObjectStore store;

  @BeforeEach
  void start() throws Exception {
    System.out.println("seed " + seed);
    server =
        S3ProxyServer.start(
            folder,
            blobs -> {
              wrapped.set(new FaultyBlobStore(blobs, new Random(seed)));
              return wrapped.get();
            });
    store = open(POLICY, A_SECOND);
  }

  private ObjectStore open(RetryPolicy policy, Duration attempt) {
    return new ObjectStores(
            new FileSystemDisk(), Runnable::run, Time.SYSTEM, new Random(seed + 1), meters)
        .open(
            StoreSettings.of("s3://" + S3ProxyServer.BUCKET + "/faults")
                .withS3(server.settings().withAttemptTimeout(attempt))
                .withRetries(policy));
  }

  @AfterEach
  void stop() {
    store.close();
    server.close();
  }

  private FaultyBlobStore faults() {
    return wrapped.get();
  }

  @Test
  @Scenario({"S-105", "S-106"})
  void whatIsUploadedAndReplayedThroughFaultsIsWhatWasThere() throws Exception {
    faults().with(Fault.ERROR, 0.04);
    faults().with(Fault.THROTTLED, 0.04);
    faults().with(Fault.LOST_ANSWER, 0.04);
    faults().with(Fault.TIMEOUT, 0.02);
    TieredLog log = new TieredLog(store, seed);
    for (int i = 0; i < 3; i++) {
      log.addRandom(7 * MEGABYTE, 2_000);
    }
    faults().with(Fault.TRUNCATED, 0.1);
    faults().with(Fault.FLIPPED, 0.02);
    faults().with(Fault.DENIED, 0.02);
    assertThat(replay(log)).as("seed %d", seed).isEqualTo(log.allRecords());
    assertThat(faults().met(Fault.TRUNCATED)).as("seed %d", seed).isPositive();

    faults().heal();
    // What failed uploads left behind is found and goes.
    assertThat(store.abortStaleUploads("", Duration.ofMinutes(-1))).isNotNegative();
    assertThat(store.abortStaleUploads("", Duration.ofMinutes(-1))).isZero();
  }

  private ByteBuffer replay(TieredLog log) throws Exception {
    ByteBuffer all = ByteBuffer.allocate(log.allRecords().limit());
    try (CachedRemoteReader reader =
        new CachedRemoteReader(
            store,
            new ManifestCache(
                new ManifestObjects(store, TieredLog.KEYS), MEGABYTE, Runnable::run, meters),
            log,
            new RemoteReaderSettings(MEGABYTE / 4, 8 * MEGABYTE, MEGABYTE, 8, 4, 2 * MEGABYTE),
            Time.SYSTEM,
            Thread.ofVirtual().factory(),
            meters)) {
      long offset = 0;
      int refused = 0;
      while (offset < log.pointer().tieredOffset()) {
        try {
          RemoteRead read =
              reader
                  .read(log.partition(), log.pointer(), offset, MEGABYTE / 2, true)
                  .get(60, TimeUnit.SECONDS);
          read.slice().buffers().forEach(all::put);
          offset = read.nextOffset();
          read.release();
        } catch (java.util.concurrent.ExecutionException e) {
          // Two flipped bits in a row: refused, and asked for again, as a client would.
          refused++;
          assertThat(refused).as("seed %d: %s", seed, e).isLessThan(10);
        }
      }
    }
    return all.flip();
  }

  @Test
  @Scenario("S-104")
  void slowDownIsThrottlingAndWidensAgain() throws Exception {
    store.put("k", ObjectContent.of(ByteBuffer.allocate(10)));
    faults().with(Fault.THROTTLED, 0.5);
    for (int i = 0; i < 20; i++) {
      store.read("k", 0, ByteBuffer.allocate(10));
    }
    assertThat(
            meters
                .get("tidemark.store.calls")
                .tag("operation", "read")
                .tag("result", "throttled")
                .timer()
                .count())
        .isPositive();
    assertThat(meters.get("tidemark.store.concurrency.limit").tag("kind", "read").gauge().value())
        .isLessThan(64);
  }

  @Test
  void errorsComeThroughWithTheirKindOnceThePatienceIsOver() throws Exception {
    store.put("k", ObjectContent.of(ByteBuffer.allocate(1_000)));
    RetryPolicy once = new RetryPolicy(1, 2, 100, 100, 10);
    try (ObjectStore impatient = open(once, Duration.ofMinutes(1))) {
      assertKind(Fault.THROTTLED, Kind.THROTTLED, impatient);
      assertKind(Fault.ERROR, Kind.UNAVAILABLE, impatient);
      assertKind(Fault.DENIED, Kind.DENIED, impatient);
      assertKind(Fault.MISSING, Kind.NOT_FOUND, impatient);
    }
    try (ObjectStore impatient = open(once, A_SECOND)) {
      assertKind(Fault.TIMEOUT, Kind.UNAVAILABLE, impatient);
    }
  }

  private void assertKind(Fault fault, Kind kind, ObjectStore impatient) {
    faults().with(fault, 1);
    assertThatThrownBy(() -> impatient.read("k", 0, ByteBuffer.allocate(1_000)))
        .as(fault.toString())
        .isInstanceOfSatisfying(
            ObjectStoreException.class,
            e -> assertThat(e.kind()).as(fault + " " + e.getMessage()).isEqualTo(kind));
    faults().heal();
  }
}
