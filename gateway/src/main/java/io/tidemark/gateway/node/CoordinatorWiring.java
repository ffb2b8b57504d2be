package io.tidemark.gateway.node;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.coordinator.GroupLag;
import io.tidemark.gateway.coordinator.ReplicaCoordinatorLog;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaSet;
import io.tidemark.log.replica.ReplicaView;
import io.tidemark.log.validate.BatchValidator;
import io.tidemark.metadata.coordinator.CoordinatorPlatform;
import io.tidemark.metadata.coordinator.group.GroupCoordinator;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.TopicImage;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;

/** The group coordinator over this node's replicas of its topic, and how far its groups are. */
final class CoordinatorWiring {
  private static final int THREADS = 2;
  private static final long LAG_INTERVAL_MS = 5_000;

  private CoordinatorWiring() {}

  static GroupCoordinator open(
      NodeConfig config,
      NodePorts ports,
      Supplier<ClusterImage> image,
      ReplicaSet replicas,
      BatchValidator validator,
      Executor diskReaders,
      MeterRegistry meters,
      Closer closer) {
    ReplicaCoordinatorLog log =
        new ReplicaCoordinatorLog(
            partition -> replica(image.get(), replicas, partition), validator, diskReaders);
    ScheduledExecutorService timer = ports.thread("coordinator-timer");
    CoordinatorPlatform platform =
        new CoordinatorPlatform(
            ports.pool("coordinator", THREADS), timer, ports.time(), ports.random(), meters);
    GroupCoordinator groups =
        closer.add(
            "group coordinator",
            new GroupCoordinator(
                NodeSettings.groups(config),
                log,
                new ImageTopicDirectory(image),
                () -> partitionCount(image.get(), config),
                platform));
    GroupLag lag = new GroupLag(partition -> end(replicas, partition), meters);
    ScheduledFuture<?> showing =
        timer.scheduleWithFixedDelay(
            () -> groups.progress().thenAcceptAsync(lag::show, timer),
            LAG_INTERVAL_MS,
            LAG_INTERVAL_MS,
            TimeUnit.MILLISECONDS);
    closer.add("group lag", () -> showing.cancel(false));
    return groups;
  }

  /** Up to where consumers may read a partition that this node leads. */
  private static OptionalLong end(ReplicaSet replicas, TopicPartition partition) {
    return replicas
        .byName(partition)
        .map(Replica::view)
        .filter(ReplicaView::isLeader)
        .map(view -> OptionalLong.of(view.highWatermark()))
        .orElseGet(OptionalLong::empty);
  }

  private static Optional<Replica> replica(ClusterImage image, ReplicaSet replicas, int partition) {
    return image
        .topics()
        .idOf(Topic.GROUP_METADATA_TOPIC_NAME)
        .flatMap(id ->
            replicas.get(new TopicIdPartition(id, partition, Topic.GROUP_METADATA_TOPIC_NAME)));
  }

  /** As the topic has them; as it will be made while it does not exist. */
  private static int partitionCount(ClusterImage image, NodeConfig config) {
    return image
        .topics()
        .byName(Topic.GROUP_METADATA_TOPIC_NAME)
        .map(TopicImage::partitionCount)
        .orElseGet(() -> NodeSettings.offsetsTopic(config).partitions());
  }
}
