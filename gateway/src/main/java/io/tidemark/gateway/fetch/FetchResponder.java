package io.tidemark.gateway.fetch;

import io.tidemark.gateway.api.ClusterView;
import io.tidemark.gateway.api.ProtocolErrors;
import io.tidemark.gateway.api.TopicTraffic;
import io.tidemark.gateway.net.Responder;
import io.tidemark.metadata.image.ClusterImage;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.NodeEndpoint;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the response of one fetch. */
final class FetchResponder {
  private static final Logger log = LoggerFactory.getLogger(FetchResponder.class);
  private static final short OLDEST_VERSION_WITH_ENDPOINTS = 16;

  private final ClusterView cluster;
  private final FetchParameters fetch;
  private final String listenerName;
  private final TopicTraffic traffic;
  private final Responder responder;

  FetchResponder(
      ClusterView cluster,
      FetchParameters fetch,
      String listenerName,
      TopicTraffic traffic,
      Responder responder) {
    this.cluster = cluster;
    this.fetch = fetch;
    this.listenerName = listenerName;
    this.traffic = traffic;
    this.responder = responder;
  }

  /** An error of the session rather than of a partition. */
  static void fail(Errors error, int sessionId, Responder responder) {
    responder.respond(new FetchResponseData().setErrorCode(error.code()).setSessionId(sessionId));
  }

  /** A look failed as no partition's own error explains. */
  void failed(RuntimeException failure) {
    Errors error = ProtocolErrors.of(failure);
    if (error == Errors.UNKNOWN_SERVER_ERROR) {
      log.error("A fetch failed", failure);
    }
    fail(error, 0, responder);
  }

  /**
   * Takes over what the pass has read.
   *
   * @param isFull whether partitions without news are named too
   */
  void answer(int sessionId, boolean isFull, FetchPass pass) {
    List<FetchableTopicResponse> topics = new ArrayList<>();
    FetchResponseData response =
        new FetchResponseData().setSessionId(sessionId).setResponses(topics);
    for (PartitionAnswer answer : pass.answers()) {
      response.setThrottleTimeMs(Math.max(response.throttleTimeMs(), answer.throttleTimeMs()));
      if (isFull || answer.isNews()) {
        topicOf(answer, topics).partitions().add(answer.data());
        count(answer);
        addLeader(response, answer);
      } else {
        answer.onDiscard().run();
      }
    }
    responder.respond(response);
  }

  private void count(PartitionAnswer answer) {
    if (answer.view() != null && answer.sizeBytes() > 0 && !fetch.isReplica()) {
      traffic.fetched(answer.view().topic(), answer.sizeBytes());
    }
  }

  /** Neighbours of one topic share an entry; the order of partitions is kept. */
  private static FetchableTopicResponse topicOf(
      PartitionAnswer answer, List<FetchableTopicResponse> topics) {
    PartitionKey key = answer.partition().key;
    if (!topics.isEmpty()) {
      FetchableTopicResponse last = topics.getLast();
      if (last.topicId().equals(key.topicId()) && last.topic().equals(key.topicName())) {
        return last;
      }
    }
    FetchableTopicResponse topic =
        new FetchableTopicResponse().setTopicId(key.topicId()).setTopic(key.topicName());
    topics.add(topic);
    return topic;
  }

  /** Where the leader is found, so that the client need not ask for metadata first (KIP-951). */
  private void addLeader(FetchResponseData response, PartitionAnswer answer) {
    int leader = answer.data().currentLeader().leaderId();
    if (fetch.apiVersion() < OLDEST_VERSION_WITH_ENDPOINTS
        || leader < 0
        || response.nodeEndpoints().find(leader) != null) {
      return;
    }
    ClusterImage image = cluster.image();
    cluster
        .node(image, leader, listenerName)
        .ifPresent(node ->
            response
                .nodeEndpoints()
                .add(
                    new NodeEndpoint()
                        .setNodeId(node.id())
                        .setHost(node.host())
                        .setPort(node.port())
                        .setRack(node.rack())));
  }
}
