package io.tidemark.gateway.node;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.gateway.api.AutoCreation.InternalTopic;
import io.tidemark.gateway.api.LocalPartitions;
import io.tidemark.gateway.api.ProducerIds;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.coordinator.GroupLag;
import io.tidemark.gateway.coordinator.ReplicaCoordinatorLog;
import io.tidemark.gateway.transaction.LeaderMarkers;
import io.tidemark.gateway.transaction.MarkerWriter;
import io.tidemark.gateway.transaction.OtherNodes;
import io.tidemark.gateway.transaction.PartitionAdmission;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaSet;
import io.tidemark.log.replica.ReplicaView;
import io.tidemark.log.validate.BatchValidator;
import io.tidemark.metadata.controller.Features;
import io.tidemark.metadata.coordinator.CoordinatorPlatform;
import io.tidemark.metadata.coordinator.group.GroupCoordinator;
import io.tidemark.metadata.coordinator.transaction.TransactionCoordinator;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.TopicImage;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;

/**
 * The coordinators of groups and of transactions over this node's replicas of their topics, and how
 * far its groups are.
 */
final class CoordinatorWiring {
  private static final int THREADS = 2;
  private static final long LAG_INTERVAL_MS = 5_000;

  /** How long an answer of another node's is waited for. */
  private static final long NODES_TIMEOUT_MS = 5_000;

  private final NodeConfig config;
  private final NodePorts ports;
  private final MetadataWiring metadata;
  private final ReplicaSet replicas;
  private final BatchValidator validator;
  private final Executor diskReaders;
  private final MeterRegistry meters;
  private final Closer closer;
  private final CoordinatorPlatform platform;

  CoordinatorWiring(
      NodeConfig config,
      NodePorts ports,
      MetadataWiring metadata,
      ReplicaSet replicas,
      BatchValidator validator,
      Executor diskReaders,
      MeterRegistry meters,
      Closer closer) {
    this.config = config;
    this.ports = ports;
    this.metadata = metadata;
    this.replicas = replicas;
    this.validator = validator;
    this.diskReaders = diskReaders;
    this.meters = meters;
    this.closer = closer;
    this.platform =
        new CoordinatorPlatform(
            ports.pool("coordinator", THREADS),
            ports.thread("coordinator-timer"),
            ports.time(),
            ports.random(),
            meters);
  }

  /**
   * @param nodeEpoch of this life of the node, for its blocks of producer ids
   */
  Coordinators open(LongSupplier nodeEpoch) {
    GroupCoordinator groups = openGroups();
    ProducerIds producerIds = new ProducerIds(metadata.controller(), config.nodeId(), nodeEpoch);
    OtherNodes nodes =
        new OtherNodes(
            config.nodeId(),
            metadata.peers(),
            metadata::replicationAddress,
            "transactions",
            NODES_TIMEOUT_MS);
    MarkerWriter markers =
        new MarkerWriter(
            new LocalPartitions(metadata.cluster(), replicas), groups, validator, ports.time());
    LeaderMarkers delivery =
        closer.add(
            "transaction markers",
            new LeaderMarkers(metadata::image, markers, nodes, platform.timers(), meters));
    TransactionCoordinator transactions =
        closer.add(
            "transaction coordinator",
            new TransactionCoordinator(
                NodeSettings.transactions(config),
                logOf(Topic.TRANSACTION_STATE_TOPIC_NAME),
                () -> partitionCount(NodeSettings.transactionTopic(config)),
                this::hasTransactionVersion,
                producerIds::next,
                delivery,
                platform));
    PartitionAdmission admission =
        new PartitionAdmission(
            metadata::image,
            transactions,
            nodes,
            platform.timers(),
            NodeSettings.admissionPatience(config));
    return new Coordinators(groups, transactions, admission, markers, producerIds);
  }

  private GroupCoordinator openGroups() {
    GroupCoordinator groups =
        closer.add(
            "group coordinator",
            new GroupCoordinator(
                NodeSettings.groups(config),
                logOf(Topic.GROUP_METADATA_TOPIC_NAME),
                new ImageTopicDirectory(metadata::image),
                () -> partitionCount(NodeSettings.offsetsTopic(config)),
                platform));
    GroupLag lag = new GroupLag(partition -> end(replicas, partition), meters);
    ScheduledFuture<?> showing =
        platform
            .timers()
            .scheduleWithFixedDelay(
                () -> groups.progress().thenAcceptAsync(lag::show, platform.timers()),
                LAG_INTERVAL_MS,
                LAG_INTERVAL_MS,
                TimeUnit.MILLISECONDS);
    closer.add("group lag", () -> showing.cancel(false));
    return groups;
  }

  private ReplicaCoordinatorLog logOf(String topic) {
    return new ReplicaCoordinatorLog(
        partition -> replica(metadata.image(), replicas, topic, partition),
        validator,
        diskReaders,
        ports.time());
  }

  private boolean hasTransactionVersion() {
    return metadata.image().features().level(Features.TRANSACTION_VERSION) > 0;
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

  private static Optional<Replica> replica(
      ClusterImage image, ReplicaSet replicas, String topic, int partition) {
    return image
        .topics()
        .idOf(topic)
        .flatMap(id -> replicas.get(new TopicIdPartition(id, partition, topic)));
  }

  /** As the topic has them; as it will be made while it does not exist. */
  private int partitionCount(InternalTopic topic) {
    return metadata
        .image()
        .topics()
        .byName(topic.name())
        .map(TopicImage::partitionCount)
        .orElseGet(topic::partitions);
  }
}
