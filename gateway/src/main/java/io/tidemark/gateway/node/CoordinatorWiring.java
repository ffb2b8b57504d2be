package io.tidemark.gateway.node;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.coordinator.ReplicaCoordinatorLog;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaSet;
import io.tidemark.log.validate.BatchValidator;
import io.tidemark.metadata.coordinator.CoordinatorPlatform;
import io.tidemark.metadata.coordinator.group.GroupCoordinator;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.TopicImage;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.internals.Topic;

/** The group coordinator over this node's replicas of its topic. */
final class CoordinatorWiring {
  private static final int THREADS = 2;

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
    CoordinatorPlatform platform =
        new CoordinatorPlatform(
            ports.pool("coordinator", THREADS),
            ports.thread("coordinator-timer"),
            ports.time(),
            ports.random(),
            meters);
    return closer.add(
        "group coordinator",
        new GroupCoordinator(
            NodeSettings.groups(config),
            log,
            new ImageTopicDirectory(image),
            () -> partitionCount(image.get(), config),
            platform));
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
