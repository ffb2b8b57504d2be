package io.tidemark.gateway.api;

import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaMoves;
import io.tidemark.log.replica.ReplicaView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopic;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeLogDirsRequest;
import org.apache.kafka.common.requests.DescribeLogDirsResponse;

/**
 * DescribeLogDirs: what lies in each log directory of this node, and, as one more directory, in the
 * store: {@code remote://} and its address, with what the partitions led here have there. A replica
 * that is being moved to another directory is in both, there as the future one.
 */
public final class DescribeLogDirsHandler implements ApiHandler {
  /** What the store's name as a directory begins with. */
  public static final String REMOTE = "remote://";

  private final Supplier<Collection<Replica>> replicas;
  private final Supplier<List<Directory>> directories;
  private final Supplier<List<ReplicaMoves.Copying>> copies;
  private final Optional<Store> store;
  private final Executor diskReaders;

  /**
   * A log directory.
   *
   * @param totalBytes of its file system; -1 when it cannot be told
   * @param notLoadedBytes what the logs that cannot be used take up
   */
  public record Directory(
      Path path,
      boolean isOnline,
      long totalBytes,
      long usableBytes,
      Map<TopicIdPartition, Long> notLoadedBytes) {}

  /**
   * The object store.
   *
   * @param address with its scheme
   * @param coldBytes of a partition, as its leader last saw them committed
   */
  public record Store(String address, ToLongFunction<Replica> coldBytes) {}

  /**
   * @param copies of replicas that move from one directory to another
   * @param diskReaders threads that may wait for a disk
   */
  public DescribeLogDirsHandler(
      Supplier<Collection<Replica>> replicas,
      Supplier<List<Directory>> directories,
      Supplier<List<ReplicaMoves.Copying>> copies,
      Optional<Store> store,
      Executor diskReaders) {
    this.replicas = replicas;
    this.directories = directories;
    this.copies = copies;
    this.store = store;
    this.diskReaders = diskReaders;
  }

  @Override
  public void handle(Request request, Responder responder) {
    DescribeLogDirsRequestData asked = ((DescribeLogDirsRequest) request.body()).data();
    Answers.when(
        CompletableFuture.supplyAsync(() -> describe(asked), diskReaders), request, responder);
  }

  private DescribeLogDirsResponseData describe(DescribeLogDirsRequestData asked) {
    Predicate<TopicIdPartition> isAskedFor = isAskedFor(asked);
    List<Replica> described =
        replicas.get().stream().filter(replica -> isAskedFor.test(replica.id())).toList();
    List<DescribeLogDirsResult> results = new ArrayList<>();
    List<ReplicaMoves.Copying> copied =
        copies.get().stream().filter(copy -> isAskedFor.test(copy.id())).toList();
    directories
        .get()
        .forEach(directory -> results.add(describe(directory, described, copied, isAskedFor)));
    store.ifPresent(remote -> results.add(describe(remote, described)));
    return new DescribeLogDirsResponseData().setResults(results);
  }

  private static Predicate<TopicIdPartition> isAskedFor(DescribeLogDirsRequestData asked) {
    if (asked.topics() == null) {
      return id -> true;
    }
    return id -> {
      TopicPartition partition = id.topicPartition();
      DescribableLogDirTopic topic = asked.topics().find(partition.topic());
      return topic != null && topic.partitions().contains(partition.partition());
    };
  }

  private static DescribeLogDirsResult describe(
      Directory directory,
      List<Replica> described,
      List<ReplicaMoves.Copying> copied,
      Predicate<TopicIdPartition> isAskedFor) {
    Map<String, DescribeLogDirsTopic> topics = new LinkedHashMap<>();
    for (Replica replica : described) {
      ReplicaView view = replica.view();
      if (view.logDirectory().equals(directory.path())) {
        add(topics, view, replica.sizeBytes());
      }
    }
    for (ReplicaMoves.Copying copy : copied) {
      if (copy.directory().equals(directory.path())) {
        add(topics, copy.id(), copy.sizeBytes(), copy.offsetLag()).setIsFutureKey(true);
      }
    }
    directory.notLoadedBytes.forEach((id, sizeBytes) -> {
      if (isAskedFor.test(id)) {
        add(topics, id, sizeBytes, DescribeLogDirsResponse.INVALID_OFFSET_LAG);
      }
    });
    return new DescribeLogDirsResult()
        .setErrorCode((directory.isOnline() ? Errors.NONE : Errors.KAFKA_STORAGE_ERROR).code())
        .setLogDir(directory.path().toAbsolutePath().toString())
        .setTotalBytes(directory.totalBytes())
        .setUsableBytes(directory.usableBytes())
        .setTopics(List.copyOf(topics.values()));
  }

  private static DescribeLogDirsResult describe(Store remote, List<Replica> described) {
    Map<String, DescribeLogDirsTopic> topics = new LinkedHashMap<>();
    for (Replica replica : described) {
      long coldBytes = remote.coldBytes.applyAsLong(replica);
      if (coldBytes > 0) {
        add(topics, replica.view(), coldBytes);
      }
    }
    return new DescribeLogDirsResult()
        .setLogDir(REMOTE + withoutScheme(remote.address))
        .setTopics(List.copyOf(topics.values()));
  }

  private static void add(
      Map<String, DescribeLogDirsTopic> topics, ReplicaView view, long sizeBytes) {
    add(topics, view.id(), sizeBytes, Math.max(0, view.highWatermark() - view.logEndOffset()));
  }

  private static DescribeLogDirsPartition add(
      Map<String, DescribeLogDirsTopic> topics, TopicIdPartition id, long sizeBytes, long lag) {
    DescribeLogDirsPartition described =
        new DescribeLogDirsPartition()
            .setPartitionIndex(id.partition())
            .setPartitionSize(sizeBytes)
            .setOffsetLag(lag);
    topics
        .computeIfAbsent(id.topic(), name -> new DescribeLogDirsTopic().setName(name))
        .partitions()
        .add(described);
    return described;
  }

  private static String withoutScheme(String address) {
    int end = address.indexOf("://");
    return end < 0 ? address : address.substring(end + "://".length());
  }
}
