package io.tidemark.gateway.api;

import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.NodeImage;
import io.tidemark.metadata.image.PartitionImage;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicIdPartition;

/**
 * The cluster as this node tells clients of it. Safe from any thread; every call of {@link #image}
 * may see a newer image, so an answer is made from one.
 *
 * <p>Clients of nodes with replicas see those nodes, clients of gateways see the gateways, each of
 * which seems to lead the partitions that {@link Rendezvous} gives it.
 */
public final class ClusterView {
  private final int nodeId;
  private final Supplier<ClusterImage> image;
  private final IntSupplier quorumLeader;
  private final Predicate<TopicIdPartition> hasFailed;
  private final boolean showsGateways;

  /**
   * @param quorumLeader who leads the metadata quorum; negative when unknown
   * @param hasFailed whether this node's log of a partition cannot be used
   */
  public ClusterView(
      int nodeId,
      Supplier<ClusterImage> image,
      IntSupplier quorumLeader,
      Predicate<TopicIdPartition> hasFailed) {
    this(nodeId, image, quorumLeader, hasFailed, false);
  }

  private ClusterView(
      int nodeId,
      Supplier<ClusterImage> image,
      IntSupplier quorumLeader,
      Predicate<TopicIdPartition> hasFailed,
      boolean showsGateways) {
    this.nodeId = nodeId;
    this.image = image;
    this.quorumLeader = quorumLeader;
    this.hasFailed = hasFailed;
    this.showsGateways = showsGateways;
  }

  /** The cluster as a gateway's clients see it. */
  public static ClusterView ofGateways(int nodeId, Supplier<ClusterImage> image) {
    return new ClusterView(nodeId, image, () -> -1, id -> false, true);
  }

  public int nodeId() {
    return nodeId;
  }

  public ClusterImage image() {
    return image.get();
  }

  /**
   * Whether a node can serve its replica of a partition: it is alive and, where it is this node,
   * the log can be used. What other nodes' logs are like the image does not say.
   */
  boolean isServing(ClusterImage at, int id, TopicIdPartition partition) {
    return at.nodes().isAlive(id) && !(id == nodeId && hasFailed.test(partition));
  }

  /** The replicas of a partition that nobody can ask now. */
  List<Integer> offlineReplicas(ClusterImage at, TopicIdPartition id, PartitionImage partition) {
    return partition.replicas().stream().filter(node -> !isServing(at, node, id)).toList();
  }

  /** Who leads the metadata quorum; negative when unknown. */
  public int quorumLeader() {
    return quorumLeader.getAsInt();
  }

  /** The nodes clients may talk to, by the listener they came through, in order of their ids. */
  public List<Node> aliveNodes(ClusterImage at, String listenerName) {
    return nodes(at, listenerName, false);
  }

  /** The same with the fenced ones. */
  public List<Node> nodes(ClusterImage at, String listenerName, boolean includeFenced) {
    Collection<NodeImage> all = at.nodes().all();
    return all.stream()
        .filter(node -> node.gateway() == showsGateways)
        .filter(node -> includeFenced || isShown(node))
        .sorted(Comparator.comparingInt(NodeImage::id))
        .flatMap(node -> address(node, listenerName).stream())
        .toList();
  }

  /**
   * Who clients are to ask for a partition that has a leader: the leader, or the gateway that
   * stands for it. Empty when they cannot reach it by this listener.
   */
  public Optional<Node> shownLeader(
      ClusterImage at, TopicIdPartition id, PartitionImage partition, String listenerName) {
    if (!showsGateways) {
      return node(at, partition.leader(), listenerName);
    }
    return Rendezvous.choose(id.topicId(), id.partition(), aliveNodes(at, listenerName));
  }

  /** Where a node is found; empty when it is fenced, unknown or has no such listener. */
  public Optional<Node> node(ClusterImage at, int id, String listenerName) {
    return at.nodes()
        .get(id)
        .filter(node -> !node.fenced())
        .flatMap(node -> address(node, listenerName));
  }

  /**
   * Who clients send administrative requests to: the quorum's leader where it serves clients too,
   * else this node, which passes them on. -1 while there is nobody.
   */
  public int controllerId(ClusterImage at) {
    int leader = quorumLeader.getAsInt();
    if (!showsGateways && at.nodes().get(leader).filter(ClusterView::isBroker).isPresent()) {
      return leader;
    }
    return at.nodes().isAlive(nodeId) ? nodeId : -1;
  }

  /** Clients leave a gateway that stops; nodes with replicas hand their leaderships over first. */
  private boolean isShown(NodeImage node) {
    return showsGateways ? node.isActive() : !node.fenced();
  }

  private static boolean isBroker(NodeImage node) {
    return !node.fenced() && !node.gateway();
  }

  private static Optional<Node> address(NodeImage node, String listenerName) {
    return node.listener(listenerName)
        .map(endpoint ->
            new Node(node.id(), endpoint.host(), endpoint.port(), node.rack(), node.fenced()));
  }
}
