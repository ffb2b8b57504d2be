package io.tidemark.tiering.store.s3;

import io.tidemark.tiering.store.ObjectStore;
import io.tidemark.tiering.store.ObjectStoreContract;
import io.tidemark.tiering.store.S3Settings;
import io.tidemark.tiering.store.StoreLocation.Bucket;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;

/** The contract against LocalStack; skipped, saying so, where there is no Docker. */
final class LocalStackObjectStoreIT extends ObjectStoreContract {
  // Later images ask for a token.
  private static final DockerImageName IMAGE =
      DockerImageName.parse("localstack/localstack:4.14.0");
  private static final String BUCKET = "tidemark";
  private static final AtomicInteger PREFIX = new AtomicInteger();

  private static @Nullable LocalStackContainer container;
  private static S3Settings settings = S3Settings.DEFAULTS;
  private ObjectStore store;

  @BeforeAll
  static void startContainer() {
    Assumptions.assumeTrue(
        DockerClientFactory.instance().isDockerAvailable(),
        "No Docker here: LocalStack is skipped; S3Proxy runs the same contract in S3ObjectStoreIT");
    LocalStackContainer started = new LocalStackContainer(IMAGE).withServices("s3");
    container = started;
    started.start();
    settings =
        S3Settings.DEFAULTS
            .withEndpoint(started.getEndpoint())
            .withRegion(started.getRegion())
            .withPathStyle(true)
            .withPartBytes(S3Settings.MIN_PART_BYTES)
            .withCredentials(started.getAccessKey(), started.getSecretKey());
    try (var client = S3Clients.open(settings)) {
      client.createBucket(request -> request.bucket(BUCKET)).join();
    }
  }

  @AfterAll
  static void stopContainer() {
    if (container != null) {
      container.stop();
    }
  }

  @BeforeEach
  void open() {
    store =
        S3ObjectStore.open(
            new Bucket(BUCKET, "test-" + PREFIX.incrementAndGet()), settings, Time.SYSTEM);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Override
  protected ObjectStore store() {
    return store;
  }

  @Override
  protected int largeBytes() {
    return 3 * S3Settings.MIN_PART_BYTES + 12_345;
  }
}
