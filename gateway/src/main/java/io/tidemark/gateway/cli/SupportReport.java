package io.tidemark.gateway.cli;

import static io.tidemark.gateway.cli.NodeCommand.await;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;

/**
 * Asks a cluster, part by part, for what tells most about it. Each part stands for itself, since a
 * cluster that needs help may not answer for all of them. Nodes hide the values of secrets, so that
 * none get here.
 */
final class SupportReport {
  private final Admin admin;

  /** Known once the section of nodes is told. */
  private final List<Integer> alive = new ArrayList<>();

  SupportReport(Admin admin) {
    this.admin = admin;
  }

  List<SupportSection> sections() throws Exception {
    List<SupportSection> sections = new ArrayList<>();
    sections.add(SupportSection.of("this tool", VersionCommand::versions));
    sections.add(SupportSection.of("nodes", this::nodes));
    sections.add(SupportSection.of("quorum", () -> QuorumDescribeCommand.voters(admin)));
    sections.add(SupportSection.of("features", () -> FeaturesDescribeCommand.levels(admin)));
    for (int node : alive) {
      sections.add(SupportSection.of("settings of node " + node, () -> settings(node)));
      sections.add(SupportSection.of("directories of node " + node, () -> directories(node)));
    }
    sections.add(SupportSection.of("settings of topics", this::topicSettings));
    sections.add(SupportSection.of("partitions that are not well", this::partitions));
    return sections;
  }

  private Result nodes() throws Exception {
    Result result = new Result("node", "address", "rack", "state");
    Collection<Node> nodes =
        await(
            admin.describeCluster(new DescribeClusterOptions().includeFencedBrokers(true)).nodes());
    nodes.stream()
        .sorted(Comparator.comparingInt(Node::id))
        .forEach(node -> {
          result.add(
              node.id(),
              node.host() + ":" + node.port(),
              node.rack(),
              node.isFenced() ? "fenced" : "active");
          if (!node.isFenced()) {
            alive.add(node.id());
          }
        });
    return result;
  }

  private Result settings(int node) throws Exception {
    return ConfigDescribeCommand.settings(admin, ClusterState.resource(node), true);
  }

  private Result directories(int node) throws Exception {
    Result result =
        new Result("directory", "replicas", "total bytes", "usable bytes", "cordoned", "error");
    Map<String, LogDirDescription> directories =
        await(admin.describeLogDirs(List.of(node)).descriptions().get(node));
    new TreeMap<>(directories)
        .forEach((path, directory) ->
            result.add(
                path,
                directory.replicaInfos().size(),
                number(directory.totalBytes()),
                number(directory.usableBytes()),
                directory.isCordoned(),
                directory.error() == null ? null : directory.error().getMessage()));
    return result;
  }

  private static @Nullable Long number(OptionalLong number) {
    return number.isPresent() ? Long.valueOf(number.getAsLong()) : null;
  }

  private Set<String> topics() throws Exception {
    return await(admin.listTopics(new ListTopicsOptions().listInternal(true)).names());
  }

  private Result topicSettings() throws Exception {
    Result result = new Result("topic", "name", "value");
    List<ConfigResource> resources =
        topics().stream()
            .sorted()
            .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
            .toList();
    Map<ConfigResource, Config> configs = await(admin.describeConfigs(resources).all());
    for (ConfigResource resource : resources) {
      Config config = configs.get(resource);
      if (config != null) {
        config.entries().stream()
            .filter(entry -> entry.source() == ConfigSource.DYNAMIC_TOPIC_CONFIG)
            .sorted(Comparator.comparing(ConfigEntry::name))
            .forEach(entry ->
                result.add(resource.name(), entry.name(), ConfigDescribeCommand.shown(entry)));
      }
    }
    return result;
  }

  /** Those that nobody leads, and those with replicas that lag behind. */
  private Result partitions() throws Exception {
    Result result = new Result("topic", "partition", "leader", "replicas", "isr");
    Map<String, TopicDescription> described =
        new TreeMap<>(await(admin.describeTopics(topics()).allTopicNames()));
    for (TopicDescription topic : described.values()) {
      for (TopicPartitionInfo partition : topic.partitions()) {
        Node leader = partition.leader();
        if (leader == null || partition.isr().size() < partition.replicas().size()) {
          result.add(
              topic.name(),
              partition.partition(),
              leader == null ? null : leader.id(),
              partition.replicas().stream().map(Node::id).toList(),
              partition.isr().stream().map(Node::id).toList());
        }
      }
    }
    return result;
  }
}
