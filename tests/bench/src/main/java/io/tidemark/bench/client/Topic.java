package io.tidemark.bench.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** A topic of a node that leads all of its partitions. */
public record Topic(InetSocketAddress node, String name, Uuid id, int partitions) {
  private static final int CREATE_VERSION = 7;
  private static final int METADATA_VERSION = 12;
  private static final int TIMEOUT_MS = 30_000;
  private static final long LOOK_AGAIN_MS = 20;

  /** Finds the topic, and creates it with so many partitions if it is not there. */
  public static Topic findOrCreate(InetSocketAddress node, String name, int partitions)
      throws IOException, InterruptedException {
    try (ClientSocket socket = new ClientSocket(node)) {
      MetadataResponseTopic found = describe(socket, name);
      if (found.errorCode() == Errors.UNKNOWN_TOPIC_OR_PARTITION.code()) {
        create(socket, name, partitions);
      }
      while (!isReady(found)) {
        Thread.sleep(LOOK_AGAIN_MS);
        found = describe(socket, name);
      }
      return new Topic(node, name, found.topicId(), found.partitions().size());
    }
  }

  private static boolean isReady(MetadataResponseTopic topic) {
    return topic.errorCode() == Errors.NONE.code()
        && topic.partitions().stream().allMatch(partition -> partition.leaderId() >= 0);
  }

  private static MetadataResponseTopic describe(ClientSocket socket, String name)
      throws IOException {
    MetadataRequestData body =
        new MetadataRequestData()
            .setTopics(List.of(new MetadataRequestTopic().setName(name)))
            .setAllowAutoTopicCreation(false);
    Request request = Request.of(ApiKeys.METADATA, METADATA_VERSION, body);
    return socket.call(request, new MetadataResponseData()).topics().iterator().next();
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
