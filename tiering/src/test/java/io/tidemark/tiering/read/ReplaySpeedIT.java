package io.tidemark.tiering.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.log.disk.FileSystemDisk;
import io.tidemark.tiering.manifest.ManifestCache;
import io.tidemark.tiering.manifest.ManifestObjects;
import io.tidemark.tiering.store.ObjectStore;
import io.tidemark.tiering.store.ObjectStores;
import io.tidemark.tiering.store.StoreSettings;
import io.tidemark.tiering.store.s3.S3ProxyServer;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Replays a log from a real store by one sequential reader and prints how fast that was. {@code
 * -Dtidemark.replay.megabytes} sets how much.
 */
final class ReplaySpeedIT {
  private static final int MEGABYTE = 1024 * 1024;
  private static final int MEGABYTES = Integer.getInteger("tidemark.replay.megabytes", 96);
  private static final int SEGMENT_MEGABYTES = 32;

  @TempDir Path folder;
  private final ExecutorService io = Executors.newFixedThreadPool(4);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @AfterEach
  void stop() {
    io.shutdownNow();
  }

  private ObjectStore open(StoreSettings settings) {
    return new ObjectStores(new FileSystemDisk(), io, Time.SYSTEM, new Random(1), meters)
        .open(settings);
  }

  @Test
  void fromADirectory() throws Exception {
    try (ObjectStore store = open(StoreSettings.of(folder.toUri().toString()))) {
      replay("directory", store);
    }
  }

  @Test
  void fromS3OverHttp() throws Exception {
    try (S3ProxyServer server = S3ProxyServer.start(folder);
        ObjectStore store =
            open(
                StoreSettings.of("s3://" + S3ProxyServer.BUCKET + "/replay")
                    .withS3(server.settings()))) {
      replay("S3Proxy", store);
    }
  }

  private void replay(String what, ObjectStore store) throws Exception {
    TieredLog log = new TieredLog(store, 1);
    long uploadedNs = System.nanoTime();
    for (int i = 0; i < MEGABYTES / SEGMENT_MEGABYTES; i++) {
      log.addRandom(SEGMENT_MEGABYTES * MEGABYTE, 1_000);
    }
    System.out.printf("%s: made and uploaded in %.1f s%n", what, seconds(uploadedNs));
    try (CachedRemoteReader reader =
        new CachedRemoteReader(
            store,
            new ManifestCache(
                new ManifestObjects(store, TieredLog.KEYS), MEGABYTE, Runnable::run, meters),
            log,
            RemoteReaderSettings.DEFAULTS,
            Time.SYSTEM,
            Thread.ofVirtual().factory(),
            meters)) {
      for (int round = 0; round < 2; round++) {
        long startNs = System.nanoTime();
        long bytes = readAll(reader, log);
        System.out.printf(
            "%s: %d MB replayed at %.0f MB/s, %.0f waits%n",
            what,
            bytes / MEGABYTE,
            bytes / 1e6 / seconds(startNs),
            meters.get("tidemark.remote.reads").tag("result", "wait").counter().count());
        assertThat(bytes)
            .isEqualTo(log.manifest().segments().stream().mapToLong(s -> s.recordsBytes()).sum());
      }
    }
  }

  private static long readAll(CachedRemoteReader reader, TieredLog log) throws Exception {
    long bytes = 0;
    long offset = 0;
    while (offset < log.pointer().tieredOffset()) {
      RemoteRead read =
          reader
              .read(log.partition(), log.pointer(), offset, MEGABYTE, true)
              .get(60, TimeUnit.SECONDS);
      bytes += read.sizeBytes();
      offset = read.nextOffset();
      read.release();
    }
    return bytes;
  }

  private static double seconds(long sinceNs) {
    return (System.nanoTime() - sinceNs) / 1e9;
  }
}
