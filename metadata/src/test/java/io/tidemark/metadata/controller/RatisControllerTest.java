package io.tidemark.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.quorum.ImageFollower;
import io.tidemark.metadata.quorum.QuorumSettings;
import io.tidemark.metadata.quorum.RatisQuorum;
import io.tidemark.metadata.quorum.Voter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.utils.Time;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The controller on the real quorum, across restarts. */
class RatisControllerTest {
  @TempDir Path directory;
  private final ExecutorService executor = Executors.newFixedThreadPool(2);
  private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();

  @AfterEach
  void close() {
    executor.shutdownNow();
    timers.shutdownNow();
  }

  private static <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(60, TimeUnit.SECONDS);
  }

  @Test
  void aNodeThatIsAloneIsActiveInAMomentAndKeepsEverythingAcrossRestarts() throws Exception {
    ClusterImage before = ClusterImage.EMPTY;
    for (int round = 0; round < 3; round++) {
      long startNs = System.nanoTime();
      RatisQuorum quorum =
          RatisQuorum.open(
              QuorumSettings.of(1, Voter.parse("1@localhost:9093"), directory),
              Time.SYSTEM,
              timers);
      if (round > 0) {
        assertThat(quorum.image()).isEqualTo(before);
      }
      QuorumController controller =
          new QuorumController(
              quorum,
              ControllerSettings.DEFAULTS,
              new TopicConfigPolicy(),
              new ControllerRuntime(
                  executor,
                  timers,
                  Time.SYSTEM,
                  RandomGenerator.getDefault(),
                  new SimpleMeterRegistry()));
      controller.start();
      ImageFollower follower =
          new ImageFollower(quorum::updatesAfter, Executors.newSingleThreadExecutor());
      follower.start();
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .pollInterval(1, TimeUnit.MILLISECONDS)
          .until(controller::isActive);
      long activeNs = System.nanoTime();
      String clusterId = quorum.image().clusterId();
      long epoch =
          await(
                  controller.registerNode(
                      ControlledCluster.registration(1, new Uuid(1, round), clusterId, -1)))
              .brokerEpoch();
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .pollInterval(1, TimeUnit.MILLISECONDS)
          .until(() -> follower.image().version() >= epoch);
      assertThat(
              await(
                      controller.heartbeat(
                          new BrokerHeartbeatRequestData()
                              .setBrokerId(1)
                              .setBrokerEpoch(epoch)
                              .setCurrentMetadataOffset(follower.image().version())))
                  .isFenced())
          .isFalse();
      long unfencedNs = System.nanoTime();
      for (int i = 0; i < 200; i++) {
        CreateTopicsRequestData request = new CreateTopicsRequestData();
        request.topics().add(ControlledCluster.topic("r" + round + "-" + i, 1, 1));
        assertThat(await(controller.createTopics(request)).topics().iterator().next().errorCode())
            .isZero();
      }
      long createdNs = System.nanoTime();
      System.out.printf(
          "active after %d ms, node active after %d ms, 200 topics one by one in %d ms%n",
          (activeNs - startNs) / 1_000_000,
          (unfencedNs - startNs) / 1_000_000,
          (createdNs - unfencedNs) / 1_000_000);
      controller.close();
      before = quorum.image();
      assertThat(before.topics().size()).isEqualTo(200 * (round + 1));
      assertThat(before.topics().byName("r0-0").orElseThrow().partitions().get(0).leader())
          .isEqualTo(1);
      follower.close();
      quorum.close();
    }
  }
}
