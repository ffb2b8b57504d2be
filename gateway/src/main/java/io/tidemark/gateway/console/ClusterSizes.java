package io.tidemark.gateway.console;

import io.tidemark.gateway.api.ClusterView;
import io.tidemark.metadata.image.NodeImage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * What all nodes have on their disks and, of the partitions they lead, in the store. Each is asked
 * by DescribeLogDirs, at most once in {@link #FRESH_MS} whoever looks. Safe from any thread; the
 * lock guards the newest sizes and is held while nodes are asked, so that one asks for all.
 */
final class ClusterSizes {
  static final long FRESH_MS = 4_000;
  private static final String REMOTE = "remote://";

  private final ClusterView cluster;
  private final NodeAnswers nodes;
  private final Time time;
  private final ReentrantLock asking = new ReentrantLock();
  private @Nullable Sizes newest;
  private long askedAtMs;

  /**
   * Bytes of one thing.
   *
   * @param hot on local disks, every replica counted
   * @param cold in the store, counted once
   */
  record Bytes(long hot, long cold) {
    static final Bytes NONE = new Bytes(0, 0);

    Bytes plus(Bytes other) {
      return new Bytes(hot + other.hot, cold + other.cold);
    }
  }

  /**
   * The sizes at one moment.
   *
   * @param unanswered nodes whose share is missing
   */
  record Sizes(
      Map<TopicPartition, Bytes> partitions,
      Map<String, Bytes> topics,
      Map<Integer, Long> hotByNode,
      Set<Integer> unanswered) {

    Bytes of(String topic) {
      return topics.getOrDefault(topic, Bytes.NONE);
    }

    Bytes of(TopicPartition partition) {
      return partitions.getOrDefault(partition, Bytes.NONE);
    }

    Bytes total() {
      return topics.values().stream().reduce(Bytes.NONE, Bytes::plus);
    }
  }

  ClusterSizes(ClusterView cluster, NodeAnswers nodes, Time time) {
    this.cluster = cluster;
    this.nodes = nodes;
    this.time = time;
  }

  /** As of a few seconds ago at most. Waits for the nodes. */
  Sizes get() {
    asking.lock();
    try {
      Sizes known = newest;
      if (known == null || time.hiResClockMs() - askedAtMs >= FRESH_MS) {
        known = ask();
        newest = known;
        askedAtMs = time.hiResClockMs();
      }
      return known;
    } finally {
      asking.unlock();
    }
  }

  private Sizes ask() {
    List<NodeImage> all = List.copyOf(cluster.image().nodes().all());
    Asked<DescribeLogDirsResponseData> asked =
        Asked.all(
            nodes,
            ApiKeys.DESCRIBE_LOG_DIRS,
            all.stream().filter(node -> !node.fenced()).map(NodeImage::id).toList(),
            new DescribeLogDirsRequestData().setTopics(null),
            DescribeLogDirsResponseData.class);
    Map<TopicPartition, Bytes> partitions = new HashMap<>();
    Map<Integer, Long> hotByNode = new HashMap<>();
    Set<Integer> unanswered = new TreeSet<>(asked.unanswered());
    asked.forEach((node, answer) -> {
      if (answer.errorCode() != 0) {
        unanswered.add(node);
      } else {
        hotByNode.put(node, add(answer, partitions));
      }
    });
    all.stream().filter(NodeImage::fenced).map(NodeImage::id).forEach(unanswered::add);
    Map<String, Bytes> topics = new HashMap<>();
    partitions.forEach((id, bytes) -> topics.merge(id.topic(), bytes, Bytes::plus));
    return new Sizes(partitions, topics, hotByNode, unanswered);
  }

  /** Answers what the node has on its disks. */
  private static long add(
      DescribeLogDirsResponseData answer, Map<TopicPartition, Bytes> partitions) {
    long hot = 0;
    for (DescribeLogDirsResult directory : answer.results()) {
      boolean isStore = directory.logDir().startsWith(REMOTE);
      for (var topic : directory.topics()) {
        for (var partition : topic.partitions()) {
          long size = partition.partitionSize();
          hot += isStore ? 0 : size;
          partitions.merge(
              new TopicPartition(topic.name(), partition.partitionIndex()),
              isStore ? new Bytes(0, size) : new Bytes(size, 0),
              Bytes::plus);
        }
      }
    }
    return hot;
  }
}
