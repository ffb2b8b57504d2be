package io.tidemark.metadata.controller;

import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.NodeImage;
import io.tidemark.metadata.image.NodeImage.FeatureRange;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.Endpoint;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
import org.apache.kafka.common.errors.DuplicateBrokerRegistrationException;
import org.apache.kafka.common.errors.InconsistentClusterIdException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.StaleBrokerEpochException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.message.BrokerHeartbeatResponseData;
import org.apache.kafka.common.message.BrokerRegistrationRequestData;
import org.apache.kafka.common.message.BrokerRegistrationRequestData.Feature;
import org.apache.kafka.common.message.BrokerRegistrationResponseData;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.message.UnregisterBrokerResponseData;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides about nodes: registration, fencing, controlled shutdown.
 *
 * <pre>
 *               register                      caught up
 *   (unknown) ───────────► fenced ─────────────────────────► active
 *                            ▲  ▲      silent, or wants it     │ │ wants to stop
 *                            │  └──────────────────────────────┘ ▼
 *                            └──────────────────────── in controlled shutdown
 *                                 leads nothing, and who leads now knows it
 * </pre>
 *
 * <p>A registration of another incarnation takes the node out of every ISR first, so its
 * leaderships of before are over, whatever the process that held them does.
 */
final class NodeControl {
  private static final Logger LOG = LoggerFactory.getLogger(NodeControl.class);

  private final LeadershipControl leadership;
  private final NodeSessions sessions;

  NodeControl(LeadershipControl leadership, NodeSessions sessions) {
    this.leadership = leadership;
    this.sessions = sessions;
  }

  /** Whether a node is registered with this very epoch. */
  static boolean isCurrent(ClusterImage image, int nodeId, long epoch) {
    return image.nodes().get(nodeId).filter(node -> node.epoch() == epoch).isPresent();
  }

  Function<ClusterImage, BrokerRegistrationResponseData> register(
      Draft draft, BrokerRegistrationRequestData request, long nowNs) {
    ClusterImage image = draft.image();
    Optional<NodeImage> known = image.nodes().get(request.brokerId());
    check(image, request);
    boolean isRepeated =
        known.filter(node -> node.incarnation().equals(request.incarnationId())).isPresent();
    if (!isRepeated) {
      known.ifPresent(node -> checkReplaced(node, request, nowNs));
    }
    NodeImage next = node(request, isRepeated ? known.get() : null);
    if (!next.equals(known.orElse(null))) {
      draft.add(new Event.NodeRegistered(next, known.map(NodeImage::epoch).orElse(-1L)));
    }
    if (!isRepeated && known.isPresent()) {
      leadership.nodeLeft(
          draft, request.brokerId(), request.previousBrokerEpoch() != known.get().epoch());
    }
    return committed ->
        new BrokerRegistrationResponseData()
            .setBrokerEpoch(
                committed.nodes().get(request.brokerId()).map(NodeImage::epoch).orElse(-1L));
  }

  private static void check(ClusterImage image, BrokerRegistrationRequestData request) {
    if (!request.clusterId().equals(image.clusterId())) {
      throw new InconsistentClusterIdException(
          "Expected cluster ID %s, but got cluster ID %s"
              .formatted(image.clusterId(), request.clusterId()));
    }
    if (request.incarnationId().equals(Uuid.ZERO_UUID) || request.brokerId() < 0) {
      throw new InvalidRequestException(
          "Node %d with incarnation %s cannot be registered"
              .formatted(request.brokerId(), request.incarnationId()));
    }
    image
        .features()
        .levels()
        .forEach((name, level) -> checkSupport(name, level, request.features().find(name)));
  }

  /**
   * @param feature null when the node knows of no such feature: to it, it is off
   */
  private static void checkSupport(String name, short level, @Nullable Feature feature) {
    short min = feature == null ? 0 : feature.minSupportedVersion();
    short max = feature == null ? 0 : feature.maxSupportedVersion();
    boolean isUsed = level > 0;
    if (isUsed && (level < min || level > max)) {
      throw new UnsupportedVersionException(
          "Unable to register because the broker does not support finalized version %d of %s. The broker wants a version between %d and %d, inclusive."
              .formatted(level, name, min, max));
    }
  }

  /** A node may take over an id from one that is silent, or whose own folders it holds. */
  private void checkReplaced(NodeImage known, BrokerRegistrationRequestData request, long nowNs) {
    boolean holdsItsFolders = request.previousBrokerEpoch() == known.epoch();
    if (!known.fenced() && !holdsItsFolders && sessions.isHeard(known.id(), known.epoch(), nowNs)) {
      throw new DuplicateBrokerRegistrationException(
          "Another broker is registered with that broker id. If the broker was recently restarted"
              + " this should self-resolve once the heartbeat timeout expires.");
    }
  }

  private static NodeImage node(BrokerRegistrationRequestData request, @Nullable NodeImage same) {
    List<Endpoint> listeners =
        request.listeners().stream()
            .map(l ->
                new Endpoint(
                    l.name(), SecurityProtocol.forId(l.securityProtocol()), l.host(), l.port()))
            .toList();
    Map<String, FeatureRange> features = new HashMap<>();
    request
        .features()
        .forEach(f ->
            features.put(
                f.name(), new FeatureRange(f.minSupportedVersion(), f.maxSupportedVersion())));
    return new NodeImage(
        request.brokerId(),
        request.incarnationId(),
        same == null ? Event.EPOCH_IS_INDEX : same.epoch(),
        listeners,
        request.rack(),
        same == null || same.fenced(),
        same != null && same.inControlledShutdown(),
        request.logDirs(),
        features,
        GatewayMark.isOn(request));
  }

  /** Whether a heartbeat changes nothing, so that it can be answered without the quorum. */
  boolean isUneventful(ClusterImage image, BrokerHeartbeatRequestData request) {
    NodeImage node = current(image, request);
    return next(image, node, request).equals(node);
  }

  /**
   * The registered node a heartbeat is from.
   *
   * @throws StaleBrokerEpochException when the node's epoch is not the registered one
   */
  static NodeImage current(ClusterImage image, BrokerHeartbeatRequestData request) {
    return image
        .nodes()
        .get(request.brokerId())
        .filter(node -> node.epoch() == request.brokerEpoch())
        .orElseThrow(() ->
            new StaleBrokerEpochException(
                "Node %d is not registered with epoch %d"
                    .formatted(request.brokerId(), request.brokerEpoch())));
  }

  Function<ClusterImage, BrokerHeartbeatResponseData> heartbeat(
      Draft draft, BrokerHeartbeatRequestData request) {
    NodeImage node = current(draft.image(), request);
    become(draft, node, next(draft.image(), node, request));
    return committed -> answer(committed, request);
  }

  static BrokerHeartbeatResponseData answer(
      ClusterImage image, BrokerHeartbeatRequestData request) {
    NodeImage node = current(image, request);
    return new BrokerHeartbeatResponseData()
        .setIsCaughtUp(request.currentMetadataOffset() >= node.epoch())
        .setIsFenced(node.fenced())
        .setShouldShutDown(node.fenced() && request.wantShutDown());
  }

  private NodeImage next(ClusterImage image, NodeImage node, BrokerHeartbeatRequestData request) {
    if (node.fenced()) {
      boolean returns =
          !request.wantFence()
              && !request.wantShutDown()
              && request.currentMetadataOffset() >= node.epoch();
      return node.with(!returns, false);
    }
    if (request.wantFence()) {
      return node.with(true, false);
    }
    if (!request.wantShutDown() && !node.inControlledShutdown()) {
      return node;
    }
    return isReleased(image, node) ? node.with(true, false) : node.with(false, true);
  }

  /**
   * Whether a stopping node may go: nobody else is there to take over, or all others have an image
   * in which they already have.
   */
  private boolean isReleased(ClusterImage image, NodeImage node) {
    return image.nodes().all().stream()
        .filter(NodeImage::isActive)
        .filter(other -> other.id() != node.id())
        .allMatch(other ->
            node.inControlledShutdown() && sessions.versionOf(other.id()) >= stoppingSince(node));
  }

  private final Map<Integer, Long> stoppingVersions = new HashMap<>();

  private long stoppingSince(NodeImage node) {
    return stoppingVersions.getOrDefault(node.id(), Long.MAX_VALUE);
  }

  private void become(Draft draft, NodeImage node, NodeImage next) {
    if (next.equals(node)) {
      return;
    }
    draft.add(
        new Event.NodeStateChanged(
            node.id(), node.epoch(), next.fenced(), next.inControlledShutdown()));
    LOG.info("Node {} with epoch {} is {}", node.id(), node.epoch(), state(next));
    if (next.isActive()) {
      leadership.nodeReturned(draft, node.id());
    } else {
      leadership.nodeLeft(draft, node.id(), false);
    }
  }

  private static String state(NodeImage node) {
    if (node.fenced()) {
      return "fenced";
    }
    return node.inControlledShutdown() ? "in controlled shutdown" : "active";
  }

  /** Remembers which image shows that a node is stopping. */
  void committed(ClusterImage image) {
    image
        .nodes()
        .all()
        .forEach(node -> {
          if (node.inControlledShutdown()) {
            stoppingVersions.putIfAbsent(node.id(), image.version());
          } else {
            stoppingVersions.remove(node.id());
          }
        });
  }

  /** Fences a node that has been silent for too long, if it still is. */
  Function<ClusterImage, Boolean> fenceIfSilent(Draft draft, int nodeId, long epoch, long nowNs) {
    Optional<NodeImage> node =
        draft.image().nodes().get(nodeId).filter(n -> n.epoch() == epoch && !n.fenced());
    boolean isSilent = node.isPresent() && sessions.isOverdue(nodeId, epoch, nowNs);
    if (isSilent) {
      LOG.warn("Node {} with epoch {} was not heard of for too long", nodeId, epoch);
      become(draft, node.get(), node.get().with(true, false));
    }
    return _ -> isSilent;
  }

  /**
   * Fences a node at whose address nobody is, if nothing was heard of it since it was suspected.
   */
  Function<ClusterImage, Boolean> fenceIfGone(
      Draft draft, int nodeId, long epoch, long suspectedNs) {
    Optional<NodeImage> node =
        draft.image().nodes().get(nodeId).filter(n -> n.epoch() == epoch && !n.fenced());
    boolean isGone = node.isPresent() && !sessions.isHeardSince(nodeId, epoch, suspectedNs);
    if (isGone) {
      LOG.warn("Node {} with epoch {} is gone: its addresses refuse connections", nodeId, epoch);
      become(draft, node.get(), node.get().with(true, false));
    }
    return _ -> isGone;
  }

  Function<ClusterImage, UnregisterBrokerResponseData> unregister(
      Draft draft, UnregisterBrokerRequestData request) {
    NodeImage node =
        draft
            .image()
            .nodes()
            .get(request.brokerId())
            .orElseThrow(() ->
                new BrokerIdNotRegisteredException(
                    "Broker ID %d is not currently registered".formatted(request.brokerId())));
    draft.add(new Event.NodeUnregistered(node.id(), node.epoch()));
    uncordon(draft, node.id());
    leadership.nodeLeft(draft, node.id(), true);
    return _ -> new UnregisterBrokerResponseData();
  }

  /** A node that joins later under the same id is another one, and takes replicas. */
  private static void uncordon(Draft draft, int nodeId) {
    ConfigResource resource =
        new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(nodeId));
    if (draft.image().configs().of(resource).containsKey(Cordon.CORDONED_LOG_DIRS)) {
      Map<String, @Nullable String> change = new HashMap<>();
      change.put(Cordon.CORDONED_LOG_DIRS, null);
      draft.add(new Event.ConfigsChanged(resource, Collections.unmodifiableMap(change)));
    }
  }
}
