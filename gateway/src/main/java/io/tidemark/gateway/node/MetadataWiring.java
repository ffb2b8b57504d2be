package io.tidemark.gateway.node;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.gateway.api.ClusterView;
import io.tidemark.gateway.config.DeclaredConfigPolicy;
import io.tidemark.gateway.config.HostPort;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.peer.Peers;
import io.tidemark.metadata.controller.Controller;
import io.tidemark.metadata.controller.ControllerRuntime;
import io.tidemark.metadata.controller.QuorumController;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.NodeImage;
import io.tidemark.metadata.quorum.ImageFollower;
import io.tidemark.metadata.quorum.Leadership;
import io.tidemark.metadata.quorum.Quorum;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicIdPartition;

/**
 * The node's share in the cluster's metadata: its voter, the controller that decides while the
 * voter leads, and the image it follows.
 */
final class MetadataWiring {
  private final Quorum quorum;
  private final Controller localController;
  private final Controller controller;
  private final Optional<Peers> peers;
  private final String replicationListener;
  private final ImageFollower follower;
  private final ScheduledExecutorService imageThread;
  private final ImageWaits waits = new ImageWaits();
  private final ClusterView cluster;

  private MetadataWiring(
      NodeConfig config,
      Quorum quorum,
      Controller localController,
      Controller controller,
      Optional<Peers> peers,
      ImageFollower follower,
      ScheduledExecutorService imageThread,
      Predicate<TopicIdPartition> hasFailed) {
    this.quorum = quorum;
    this.peers = peers;
    this.replicationListener = config.interBrokerListenerName();
    this.localController = localController;
    this.follower = follower;
    this.imageThread = imageThread;
    this.controller = controller;
    this.cluster =
        new ClusterView(
            config.nodeId(), follower::image, () -> quorum.leadership().leaderId(), hasFailed);
  }

  /**
   * Opens the voter and begins to follow.
   *
   * @param settings with what the cluster has changed of them
   * @param hasFailed whether this node's log of a partition cannot be used
   */
  static MetadataWiring open(
      NodeConfig config,
      NodePorts ports,
      NodeBackends backends,
      ImageLogConfigs settings,
      Predicate<TopicIdPartition> hasFailed,
      MeterRegistry meters,
      Closer closer)
      throws IOException {
    Quorum quorum = closer.add("quorum", backends.openQuorum(config, ports));
    QuorumController controller =
        closer.add(
            "controller",
            new QuorumController(
                quorum,
                image -> NodeSettings.controller(settings.node(image)),
                new DeclaredConfigPolicy(() -> settings.node(quorum.image())),
                new ControllerRuntime(
                    ports.thread("controller"),
                    ports.thread("controller-timer"),
                    ports.time(),
                    ports.random(),
                    meters)));
    ScheduledExecutorService imageThread = ports.thread("image");
    ImageFollower follower =
        closer.add("image", new ImageFollower(quorum::updatesAfter, imageThread));
    Optional<Peers> peers =
        config.quorumVoters().size() > 1
            ? Optional.of(closer.add("peers", backends.openPeers(config, ports)))
            : Optional.empty();
    Controller clusters =
        peers
            .<Controller>map(to -> forwarding(config, quorum, controller, follower, to))
            .orElse(controller);
    MetadataWiring metadata =
        new MetadataWiring(
            config, quorum, controller, clusters, peers, follower, imageThread, hasFailed);
    follower.listen(metadata.waits);
    controller.start();
    follower.start();
    metadata.stopped().exceptionally(metadata::stopWaiting);
    return metadata;
  }

  private static ForwardingController forwarding(
      NodeConfig config, Quorum quorum, Controller local, ImageFollower follower, Peers peers) {
    ControllerLink link =
        new ControllerLink(
            peers,
            () -> leaderAddress(config, quorum, follower.image()),
            config.bootstrapControllers());
    return new ForwardingController(
        local, () -> isElsewhere(quorum.leadership(), config.nodeId()), link);
  }

  private static boolean isElsewhere(Leadership leadership, int nodeId) {
    return leadership.leaderId() != Leadership.NOBODY && leadership.leaderId() != nodeId;
  }

  /** As the leader registered it. */
  private static Optional<HostPort> leaderAddress(
      NodeConfig config, Quorum quorum, ClusterImage image) {
    Optional<NodeImage> leader = image.nodes().get(quorum.leadership().leaderId());
    return leader.stream()
        .flatMap(node ->
            config.controllerListenerNames().stream().flatMap(name -> node.listener(name).stream()))
        .map(endpoint -> new HostPort(endpoint.host(), endpoint.port()))
        .findFirst();
  }

  /** Where another node serves the followers here, while it lives. */
  Optional<HostPort> replicationAddress(int leaderId) {
    return image()
        .nodes()
        .get(leaderId)
        .filter(node -> !node.fenced())
        .flatMap(node -> node.listener(replicationListener))
        .map(endpoint -> new HostPort(endpoint.host(), endpoint.port()));
  }

  private Void stopWaiting(Throwable reason) {
    waits.fail(reason);
    return null;
  }

  Quorum quorum() {
    return quorum;
  }

  /** The cluster's controller, wherever it is. */
  Controller controller() {
    return controller;
  }

  /** The one in this process. */
  Controller localController() {
    return localController;
  }

  /** The way to other nodes; empty where there are none. */
  Optional<Peers> peers() {
    return peers;
  }

  ImageFollower follower() {
    return follower;
  }

  /** The thread on which the follower's listeners are told. */
  ScheduledExecutorService imageThread() {
    return imageThread;
  }

  ClusterView cluster() {
    return cluster;
  }

  ClusterImage image() {
    return follower.image();
  }

  /** The first image of this node for which the condition holds. */
  CompletableFuture<ClusterImage> until(Predicate<ClusterImage> condition) {
    return waits.until(condition);
  }

  /** Fails when the image can no longer be followed: the node must stop then. */
  CompletableFuture<Void> stopped() {
    return follower.stopped();
  }
}
