package io.tidemark.tiering.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.scenario.Scenario;
import io.tidemark.tiering.store.ObjectContent;
import io.tidemark.tiering.store.ObjectInfo;
import io.tidemark.tiering.store.ObjectStore;
import io.tidemark.tiering.store.ObjectStoreContract;
import io.tidemark.tiering.store.ObjectStoreException;
import io.tidemark.tiering.store.ObjectStoreException.Kind;
import io.tidemark.tiering.store.S3Settings;
import io.tidemark.tiering.store.StoreLocation.Bucket;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class S3ObjectStoreIT extends ObjectStoreContract {
  private static final AtomicInteger PREFIX = new AtomicInteger();

  @TempDir static Path folder;
  private static S3ProxyServer server;
  private ObjectStore store;

  @BeforeAll
  static void startServer() throws Exception {
    server = S3ProxyServer.start(folder);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void open() {
    store =
        S3ObjectStore.open(
            new Bucket(S3ProxyServer.BUCKET, "test-" + PREFIX.incrementAndGet()),
            server.settings(),
            Time.SYSTEM);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Override
  protected ObjectStore store() {
    return store;
  }

  /** S3Proxy deletes a folder that became empty, even while another request writes into it. */
  @Override
  protected void beforeRace(List<String> folders) throws ObjectStoreException {
    for (String folder : folders) {
      store.put(folder + "/kept", ObjectContent.of(ByteBuffer.wrap(new byte[] {1})));
    }
  }

  @Override
  protected int largeBytes() {
    return 3 * S3Settings.MIN_PART_BYTES + 12_345;
  }

  @Test
  @Scenario("S-128")
  void twoPrefixesOfABucketDoNotSeeEachOther() throws Exception {
    store.put("mine", ObjectContent.of(ByteBuffer.allocate(10)));
    try (ObjectStore other =
        S3ObjectStore.open(
            new Bucket(S3ProxyServer.BUCKET, "other-" + PREFIX.incrementAndGet()),
            server.settings(),
            Time.SYSTEM)) {
      assertThat(other.list("", null, 10).objects()).isEmpty();
    }
  }

  @Test
  @Scenario("S-111")
  void partsOfADeadUploadAreRemoved() throws Exception {
    try (var client = S3Clients.open(server.settings())) {
      String prefix = store.address().substring(("s3://" + S3ProxyServer.BUCKET + "/").length());
      client
          .createMultipartUpload(r -> r.bucket(S3ProxyServer.BUCKET).key(prefix + "/dead"))
          .join();
      assertThat(store.head("dead")).isEqualTo(java.util.Optional.<ObjectInfo>empty());
      assertThat(store.abortStaleUploads("", Duration.ofHours(1))).isZero();
      assertThat(store.abortStaleUploads("", Duration.ofMinutes(-1))).isEqualTo(1);
      assertThat(store.abortStaleUploads("", Duration.ofMinutes(-1))).isZero();
    }
  }

  @Test
  @Scenario("S-109")
  void wrongSecretIsDenied() {
    assertKind(
        Kind.DENIED,
        server.settings().withCredentials(S3ProxyServer.ACCESS_KEY_ID, "wrong"),
        S3ProxyServer.BUCKET);
  }

  @Test
  @Scenario("S-110")
  void absentBucketIsNotFound() {
    assertKind(Kind.NOT_FOUND, server.settings(), "no-such-bucket");
  }

  @Test
  void nobodyListeningIsUnavailable() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    assertKind(
        Kind.UNAVAILABLE,
        server.settings().withEndpoint(URI.create("http://127.0.0.1:" + port)),
        S3ProxyServer.BUCKET);
  }

  @Test
  @Scenario("S-105")
  void silenceIsUnavailableAfterTheAttemptTimeout() throws Exception {
    try (ServerSocket mute = new ServerSocket(0)) {
      assertKind(
          Kind.UNAVAILABLE,
          server
              .settings()
              .withEndpoint(URI.create("http://127.0.0.1:" + mute.getLocalPort()))
              .withAttemptTimeout(Duration.ofMillis(500)),
          S3ProxyServer.BUCKET);
    }
  }

  private static void assertKind(Kind kind, S3Settings settings, String bucket) {
    try (ObjectStore wrong = S3ObjectStore.open(new Bucket(bucket, ""), settings, Time.SYSTEM)) {
      assertThatThrownBy(() -> wrong.list("", null, 1))
          .isInstanceOfSatisfying(
              ObjectStoreException.class,
              e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind));
    }
  }
}
