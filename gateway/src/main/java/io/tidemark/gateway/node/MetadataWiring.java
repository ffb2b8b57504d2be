package io.tidemark.gateway.node;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.gateway.api.ApiTable;
import io.tidemark.gateway.api.ClusterView;
import io.tidemark.gateway.api.ControllerApis;
import io.tidemark.gateway.api.Speakers;
import io.tidemark.gateway.config.DeclaredConfigPolicy;
import io.tidemark.gateway.config.HostPort;
import io.tidemark.gateway.config.IdentityKeys;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.config.Role;
import io.tidemark.gateway.config.TokenKeys;
import io.tidemark.gateway.peer.PeerSecurity;
import io.tidemark.gateway.peer.Peers;
import io.tidemark.gateway.quota.ClientQuotas;
import io.tidemark.gateway.quota.MutationLedger;
import io.tidemark.metadata.controller.Controller;
import io.tidemark.metadata.controller.ControllerRuntime;
import io.tidemark.metadata.controller.NodeProbe;
import io.tidemark.metadata.controller.QuorumController;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.ImageListener;
import io.tidemark.metadata.link.ControllerCalls;
import io.tidemark.metadata.link.FollowedQuorum;
import io.tidemark.metadata.link.VoterOrFollower;
import io.tidemark.metadata.quorum.ImageFollower;
import io.tidemark.metadata.quorum.Leadership;
import io.tidemark.metadata.quorum.Quorum;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicIdPartition;

/**
 * The node's share in the cluster's metadata: its voter, the controller that decides while the
 * voter leads, and the image it follows. A node without a vote, or that has none yet or no more,
 * follows the quorum from outside; its controller then never decides.
 */
final class MetadataWiring {
  /** So many heartbeats may go unanswered, one after the other, before a session is over. */
  private static final int HEARTBEATS_PER_SESSION = 3;

  private final Quorum quorum;
  private final ApiTable controllerApis;
  private final Controller controller;
  private final MutationLedger mutations;
  private final Optional<Ways> ways;
  private final String replicationListener;
  private final ImageFollower follower;
  private final ScheduledExecutorService imageThread;
  private final ImageWaits waits = new ImageWaits();
  private final ClusterView cluster;

  /** The ways to other nodes: one where nothing sets their listeners apart. */
  private record Ways(Peers controllers, Peers nodes) {

    static Ways open(
        NodeConfig config,
        NodePorts ports,
        NodeBackends backends,
        SecurityWiring security,
        Closer closer) {
      PeerSecurity toControllers = security.toControllers();
      PeerSecurity toNodes = security.toNodes();
      Peers controllers = closer.add("peers", backends.openPeers(config, ports, toControllers));
      Peers nodes =
          toNodes.equals(toControllers)
              ? controllers
              : closer.add("replica peers", backends.openPeers(config, ports, toNodes));
      return new Ways(controllers, nodes);
    }
  }

  private MetadataWiring(
      NodeConfig config,
      Quorum quorum,
      QuorumController localController,
      ControllerCalls calls,
      KnownControllers known,
      Controller controller,
      MutationLedger mutations,
      Optional<Ways> ways,
      ImageFollower follower,
      ScheduledExecutorService imageThread,
      Predicate<TopicIdPartition> hasFailed,
      Speakers speakers) {
    this.quorum = quorum;
    this.ways = ways;
    this.replicationListener = config.interBrokerListenerName();
    this.follower = follower;
    this.imageThread = imageThread;
    this.controller = controller;
    this.mutations = mutations;
    this.cluster =
        config.roles().contains(Role.GATEWAY)
            ? ClusterView.ofGateways(config.nodeId(), follower::image)
            : new ClusterView(
                config.nodeId(), follower::image, () -> quorum.leadership().leaderId(), hasFailed);
    this.controllerApis =
        new ControllerApis(
                localController,
                calls,
                localController::connectionLost,
                known::leader,
                cluster,
                speakers)
            .table();
  }

  /**
   * Opens the voter and begins to follow.
   *
   * @param security of what leaves this node
   * @param settings with what the cluster has changed of them
   * @param quotas of clients, which come with what is followed
   * @param hasFailed whether this node's log of a partition cannot be used
   */
  static MetadataWiring open(
      NodeConfig config,
      NodePorts ports,
      NodeBackends backends,
      SecurityWiring security,
      ImageLogConfigs settings,
      ClientQuotas quotas,
      Predicate<TopicIdPartition> hasFailed,
      MeterRegistry meters,
      Closer closer)
      throws IOException {
    boolean votes = config.roles().contains(Role.CONTROLLER);
    boolean isOnlyVoter = votes && config.quorumVoters().size() == 1;
    KnownControllers known =
        new KnownControllers(config.controllerListenerNames(), config.bootstrapControllers());
    Optional<Ways> ways =
        isOnlyVoter && config.controllerListeners().isEmpty()
            ? Optional.empty()
            : Optional.of(Ways.open(config, ports, backends, security, closer));
    Optional<ControllerLink> link =
        ways.map(to -> new ControllerLink(to.controllers, known, heartbeatTimeoutMs(config)));
    Quorum quorum = closer.add("quorum", openQuorum(config, ports, backends, security, link));
    QuorumController controller =
        closer.add(
            "controller",
            new QuorumController(
                quorum,
                image -> NodeSettings.controller(settings.node(image)),
                new DeclaredConfigPolicy(() -> settings.node(quorum.image())),
                ways.<NodeProbe>map(to -> new PeerProbe(to.controllers)).orElse(NodeProbe.NONE),
                new ControllerRuntime(
                    ports.thread("controller"),
                    ports.thread("controller-timer"),
                    ports.time(),
                    ports.random(),
                    meters)));
    ScheduledExecutorService imageThread = ports.thread("image");
    ImageFollower follower =
        closer.add("image", new ImageFollower(quorum::updatesAfter, imageThread));
    BooleanSupplier isElsewhere = () -> !votes || isElsewhere(quorum.leadership(), config);
    Controller clusters =
        link.<Controller>map(way -> new ForwardingController(controller, isElsewhere, way))
            .orElse(controller);
    MutationLedger mutations =
        link.<MutationLedger>map(way -> new ClusterMutations(quotas, isElsewhere, way))
            .orElse(quotas);
    MetadataWiring metadata =
        new MetadataWiring(
            config,
            quorum,
            controller,
            new ControllerCalls(quorum, controller, quotas, ports.thread("node-calls")),
            known,
            clusters,
            mutations,
            ways,
            follower,
            imageThread,
            hasFailed,
            security.claims()::isNode);
    quorum.listen(known::leads);
    follower.listen(known);
    if (quorum instanceof ImageListener followed) {
      follower.listen(followed);
    }
    follower.listen(metadata.waits);
    metadata.follow(quotas);
    controller.start();
    follower.start();
    removeExpiredTokens(config, ports, controller);
    metadata.stopped().exceptionally(metadata::stopWaiting);
    return metadata;
  }

  private void follow(ClientQuotas quotas) {
    follower.listen((previous, next, delta) -> {
      if (delta.quotasChanged()) {
        quotas.update(next.quotas());
      }
    });
    quotas.update(image().quotas());
  }

  private static void removeExpiredTokens(
      NodeConfig config, NodePorts ports, QuorumController controller) {
    if (config.getOptional(TokenKeys.SECRET_KEY).isPresent()) {
      long intervalMs = config.getLong(TokenKeys.EXPIRY_CHECK_INTERVAL_MS);
      var _ =
          ports
              .thread("token-expiry")
              .scheduleWithFixedDelay(
                  controller::removeExpiredTokens, intervalMs, intervalMs, TimeUnit.MILLISECONDS);
    }
  }

  private static long heartbeatTimeoutMs(NodeConfig config) {
    return config.getLong(IdentityKeys.BROKER_SESSION_TIMEOUT_MS) / HEARTBEATS_PER_SESSION;
  }

  private static Quorum openQuorum(
      NodeConfig config,
      NodePorts ports,
      NodeBackends backends,
      SecurityWiring security,
      Optional<ControllerLink> link)
      throws IOException {
    boolean votes = config.roles().contains(Role.CONTROLLER);
    if (link.isEmpty()) {
      return backends.openQuorum(config, ports, security.betweenVoters());
    }
    FollowedQuorum outside =
        new FollowedQuorum(config.nodeId(), link.get(), ports.thread("follow"));
    return votes
        ? new VoterOrFollower(backends.openQuorum(config, ports, security.betweenVoters()), outside)
        : outside;
  }

  private static boolean isElsewhere(Leadership leadership, NodeConfig config) {
    return leadership.leaderId() != Leadership.NOBODY && leadership.leaderId() != config.nodeId();
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

  /** Where it is counted what clients have the controller do. */
  MutationLedger mutations() {
    return mutations;
  }

  /** What other nodes may ask of the controller in this process. */
  ApiTable controllerApis() {
    return controllerApis;
  }

  /** The way to other nodes' replicas; empty where there are none. */
  Optional<Peers> peers() {
    return ways.map(Ways::nodes);
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
