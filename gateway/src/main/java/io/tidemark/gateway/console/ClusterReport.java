package io.tidemark.gateway.console;

import io.tidemark.gateway.api.ClusterView;
import io.tidemark.gateway.http.HttpRequest;
import io.tidemark.gateway.http.HttpResponse;
import io.tidemark.gateway.http.JsonWriter;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.NodeImage;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.TopicImage;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code GET /v1/cluster}: the nodes, what they lead, and how the cluster is. */
final class ClusterReport {
  private final ClusterView cluster;
  private final List<Integer> voters;
  private final ClusterSizes sizes;

  /** What a node has of the partitions. */
  private static final class Share {
    int leaders;
    int replicas;
  }

  /**
   * @param voters ids of the metadata quorum
   */
  ClusterReport(ClusterView cluster, List<Integer> voters, ClusterSizes sizes) {
    this.cluster = cluster;
    this.voters = List.copyOf(voters);
    this.sizes = sizes;
  }

  HttpResponse answer(HttpRequest request) {
    ClusterImage image = cluster.image();
    ClusterSizes.Sizes known = sizes.get();
    Map<Integer, Share> shares = new HashMap<>();
    int leaderless = 0;
    int underReplicated = 0;
    for (TopicImage topic : image.topics().all()) {
      for (PartitionImage partition : topic.partitions()) {
        leaderless += partition.hasLeader() ? 0 : 1;
        underReplicated += isUnderReplicated(partition) ? 1 : 0;
        count(partition, shares);
      }
    }
    JsonWriter json =
        new JsonWriter()
            .object()
            .field("clusterId", image.clusterId())
            .field("node", cluster.nodeId())
            .field("version", image.version())
            .field("quorumLeader", cluster.quorumLeader())
            .field("topics", image.topics().size())
            .field("partitions", image.topics().partitionCount())
            .field("leaderless", leaderless)
            .field("underReplicated", underReplicated)
            .field("hotBytes", known.total().hot())
            .field("coldBytes", known.total().cold());
    Reports.ids(json, "voters", voters);
    Reports.ids(json, "unanswered", known.unanswered());
    json.name("nodes").array();
    image.nodes().all().stream()
        .sorted(Comparator.comparingInt(NodeImage::id))
        .forEach(node -> write(node, shares.getOrDefault(node.id(), new Share()), known, json));
    return Reports.answer(json.end().end());
  }

  static boolean isUnderReplicated(PartitionImage partition) {
    return !partition.isr().containsAll(partition.targetReplicas());
  }

  private static void count(PartitionImage partition, Map<Integer, Share> shares) {
    for (int replica : partition.replicas()) {
      shares.computeIfAbsent(replica, id -> new Share()).replicas++;
    }
    if (partition.hasLeader()) {
      shares.computeIfAbsent(partition.leader(), id -> new Share()).leaders++;
    }
  }

  private void write(NodeImage node, Share share, ClusterSizes.Sizes known, JsonWriter json) {
    json.object()
        .field("id", node.id())
        .field("rack", node.rack())
        .field("state", state(node))
        .field("address", address(node))
        .field("voter", voters.contains(node.id()))
        .field("leaders", share.leaders)
        .field("replicas", share.replicas);
    Long hot = known.hotByNode().get(node.id());
    if (hot != null) {
      json.field("hotBytes", hot);
    }
    json.end();
  }

  private static String state(NodeImage node) {
    if (node.fenced()) {
      return "fenced";
    }
    return node.inControlledShutdown() ? "stopping" : "serving";
  }

  /** The first one: clients', as the settings name them first. */
  private static String address(NodeImage node) {
    return node.listeners().stream()
        .findFirst()
        .map(endpoint -> endpoint.host() + ":" + endpoint.port())
        .orElse("");
  }
}
