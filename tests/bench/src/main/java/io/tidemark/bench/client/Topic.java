package io.tidemark.bench.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * A topic and where its partitions are led.
 *
 * @param leaders of the partitions, in their order
 */
public record Topic(List<InetSocketAddress> leaders, String name, Uuid id) {
  private static final int CREATE_VERSION = 7;
  private static final int METADATA_VERSION = 12;
  private static final int TIMEOUT_MS = 30_000;
  private static final long LOOK_AGAIN_MS = 20;

  /** Finds the topic, and creates it with so many partitions if it is not there. */
  public static Topic findOrCreate(InetSocketAddress node, String name, int partitions)
      throws IOException, InterruptedException {
    try (ClientSocket socket = new ClientSocket(node)) {
      MetadataResponseData answer = describe(socket, name);
      if (topic(answer).errorCode() == Errors.UNKNOWN_TOPIC_OR_PARTITION.code()) {
        create(socket, name, partitions);
      }
      long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS);
      while (!isReady(topic(answer))) {
        if (System.nanoTime() - deadline > 0) {
          throw new IOException(name + " is not led after " + TIMEOUT_MS + " ms");
        }
        Thread.sleep(LOOK_AGAIN_MS);
        answer = describe(socket, name);
      }
      return new Topic(leaders(answer), name, topic(answer).topicId());
    }
  }

  public int partitions() {
    return leaders.size();
  }

  /** The node that leads all partitions. */
  InetSocketAddress onlyLeader() {
    if (leaders.stream().distinct().count() != 1) {
      throw new IllegalStateException(name + " has several leaders: " + leaders);
    }
    return leaders.getFirst();
  }

  private static List<InetSocketAddress> leaders(MetadataResponseData answer) {
    return topic(answer).partitions().stream()
        .sorted(Comparator.comparingInt(MetadataResponsePartition::partitionIndex))
        .map(partition -> answer.brokers().find(partition.leaderId()))
        .map(broker -> new InetSocketAddress(broker.host(), broker.port()))
        .toList();
  }

  private static MetadataResponseTopic topic(MetadataResponseData answer) {
    return answer.topics().iterator().next();
  }

  private static boolean isReady(MetadataResponseTopic topic) {
    return topic.errorCode() == Errors.NONE.code()
        && topic.partitions().stream().allMatch(partition -> partition.leaderId() >= 0);
  }

  private static MetadataResponseData describe(ClientSocket socket, String name)
      throws IOException {
    MetadataRequestData body =
        new MetadataRequestData()
            .setTopics(List.of(new MetadataRequestTopic().setName(name)))
            .setAllowAutoTopicCreation(false);
    Request request = Request.of(ApiKeys.METADATA, METADATA_VERSION, body);
    return socket.call(request, new MetadataResponseData());
  }

  private static void create(ClientSocket socket, String name, int partitions) throws IOException {
    CreateTopicsRequestData body = new CreateTopicsRequestData().setTimeoutMs(TIMEOUT_MS);
    body.topics()
        .add(
            new CreatableTopic()
                .setName(name)
                .setNumPartitions(partitions)
                .setReplicationFactor((short) 1));
    Request request = Request.of(ApiKeys.CREATE_TOPICS, CREATE_VERSION, body);
    CreateTopicsResponseData answer = socket.call(request, new CreateTopicsResponseData());
    Errors error = Errors.forCode(answer.topics().find(name).errorCode());
    if (error != Errors.NONE && error != Errors.TOPIC_ALREADY_EXISTS) {
      throw error.exception();
    }
  }
}
