package io.tidemark.gateway.cli;

import static io.tidemark.gateway.cli.NodeCommand.await;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.PartitionReassignment;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;

/**
 * The nodes and where every partition is, internal ones included, as the cluster said at one time.
 */
record ClusterState(List<Member> nodes, List<Placed> partitions) {
  static final String CORDONED_LOG_DIRS = "cordoned.log.dirs";

  private static final String PROCESS_ROLES = "process.roles";
  private static final String GATEWAY = "gateway";

  /**
   * A node.
   *
   * @param isCordoned not known, and false, of one that is fenced
   * @param roles null where they are not known, as of one that is fenced
   */
  record Member(
      int id,
      String address,
      @Nullable String rack,
      boolean isFenced,
      boolean isCordoned,
      @Nullable String roles) {

    /** May get replicas. */
    boolean takesReplicas() {
      return !isFenced && !isCordoned && !GATEWAY.equals(roles);
    }
  }

  /**
   * A partition.
   *
   * @param replicas all there are, those that come and go included
   * @param target those that stay, in order of preference
   * @param leader -1 when nobody leads
   */
  record Placed(
      TopicPartition partition,
      List<Integer> replicas,
      List<Integer> target,
      boolean isMoving,
      int leader) {

    boolean isOn(int nodeId) {
      return replicas.contains(nodeId);
    }
  }

  static ClusterState read(Admin admin) throws Exception {
    List<Node> nodes =
        await(
                admin
                    .describeCluster(new DescribeClusterOptions().includeFencedBrokers(true))
                    .nodes())
            .stream()
            .sorted(Comparator.comparingInt(Node::id))
            .toList();
    Map<Integer, Config> configs = configs(admin, nodes);
    return new ClusterState(
        nodes.stream()
            .map(node ->
                new Member(
                    node.id(),
                    node.host() + ":" + node.port(),
                    node.rack(),
                    node.isFenced(),
                    setting(configs, node.id(), CORDONED_LOG_DIRS).isPresent(),
                    setting(configs, node.id(), PROCESS_ROLES).orElse(null)))
            .toList(),
        partitions(admin));
  }

  /** Asked of each node itself, so only of those that are there. */
  private static Map<Integer, Config> configs(Admin admin, List<Node> nodes) throws Exception {
    List<ConfigResource> alive =
        nodes.stream().filter(node -> !node.isFenced()).map(node -> resource(node.id())).toList();
    Map<Integer, Config> configs = new HashMap<>();
    await(admin.describeConfigs(alive).all())
        .forEach((resource, config) -> configs.put(Integer.parseInt(resource.name()), config));
    return configs;
  }

  /** Empty where it is blank or not known. */
  private static Optional<String> setting(Map<Integer, Config> configs, int nodeId, String name) {
    return Optional.ofNullable(configs.get(nodeId))
        .map(config -> config.get(name))
        .map(ConfigEntry::value)
        .filter(value -> !value.isBlank());
  }

  static ConfigResource resource(int nodeId) {
    return new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(nodeId));
  }

  private static List<Placed> partitions(Admin admin) throws Exception {
    Set<String> names = await(admin.listTopics(new ListTopicsOptions().listInternal(true)).names());
    Map<TopicPartition, PartitionReassignment> moving =
        await(admin.listPartitionReassignments().reassignments());
    List<Placed> partitions = new ArrayList<>();
    for (TopicDescription topic : await(admin.describeTopics(names).allTopicNames()).values()) {
      for (TopicPartitionInfo info : topic.partitions()) {
        TopicPartition partition = new TopicPartition(topic.name(), info.partition());
        partitions.add(placed(partition, info, moving.get(partition)));
      }
    }
    partitions.sort(
        Comparator.comparing((Placed placed) -> placed.partition().topic())
            .thenComparingInt(placed -> placed.partition().partition()));
    return partitions;
  }

  private static Placed placed(
      TopicPartition partition, TopicPartitionInfo info, @Nullable PartitionReassignment moving) {
    List<Integer> replicas = info.replicas().stream().map(Node::id).toList();
    List<Integer> removing = moving == null ? List.of() : moving.removingReplicas();
    Node leader = info.leader();
    return new Placed(
        partition,
        replicas,
        replicas.stream().filter(id -> !removing.contains(id)).toList(),
        moving != null,
        leader == null ? -1 : leader.id());
  }

  Optional<Member> node(int id) {
    return nodes.stream().filter(node -> node.id() == id).findFirst();
  }

  /**
   * The node with this id.
   *
   * @throws CommandFailure when there is none
   */
  Member existing(int id) {
    return node(id)
        .orElseThrow(() ->
            CommandFailure.refused(
                "there is no node " + id + "; 'tidemark node list' shows the nodes there are"));
  }

  /** The partitions of which a node has a replica, be it one that comes or goes. */
  List<Placed> on(int nodeId) {
    return partitions.stream().filter(placed -> placed.isOn(nodeId)).toList();
  }
}
