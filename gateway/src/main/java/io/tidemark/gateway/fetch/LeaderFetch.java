package io.tidemark.gateway.fetch;

import io.tidemark.gateway.forward.Forwarder;
import io.tidemark.gateway.forward.Reply;
import io.tidemark.log.replica.Isolation;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchMetadata;
import org.apache.kafka.common.requests.FetchRequest;
import org.jspecify.annotations.Nullable;

/**
 * One client connection's fetches from one leader, one at a time.
 *
 * <pre>
 *   look ──▶ wanted ──sent together──▶ under way ──answered──▶ arrived ──told to the client──▶ (gone)
 * </pre>
 *
 * The leader waits for bytes as the client wants, and no other leader is waited for: who has
 * something first ends the client's poll. What a slower one answers stays here until the client
 * asks for it again, or asks this leader for something else. So at most one answer is held, of at
 * most {@link #MAX_BYTES} and one batch. Belongs to the client connection's loop.
 */
final class LeaderFetch {
  /** Of one answer, so that clients that ask for much do not make the gateway hold it. */
  static final int MAX_BYTES = 4 << 20;

  /** Where a client stands, as its leader was asked. */
  private record Asked(
      long fetchOffset, int currentLeaderEpoch, int lastFetchedEpoch, Isolation isolation) {

    static Asked of(FetchPartition position, FetchParameters fetch) {
      return new Asked(
          position.fetchOffset(),
          position.currentLeaderEpoch(),
          position.lastFetchedEpoch(),
          fetch.isolation());
    }
  }

  private record Wish(Asked asked, FetchPartition position) {}

  /** What the leader says of one partition. */
  record Arrived(PartitionData data, Runnable taken, int throttleTimeMs) {}

  private record Held(Asked asked, PartitionData data, int throttleTimeMs) {}

  private final int leader;
  private final Forwarder forwarder;
  private final Map<PartitionKey, Wish> wanted = new LinkedHashMap<>();
  private final Map<PartitionKey, Asked> underWay = new LinkedHashMap<>();
  private final Map<PartitionKey, Held> arrived = new HashMap<>();
  private final Map<PartitionKey, FetchedPartition> waiting = new HashMap<>();
  private boolean isScheduled;

  LeaderFetch(int leader, Forwarder forwarder) {
    this.leader = leader;
    this.forwarder = forwarder;
  }

  @Nullable Arrived look(FetchedPartition partition, FetchParameters fetch) {
    PartitionKey key = partition.key;
    Asked asked = Asked.of(partition.position(), fetch);
    Held held = arrived.get(key);
    if (held != null && held.asked.equals(asked)) {
      return new Arrived(held.data, () -> arrived.remove(key, held), held.throttleTimeMs);
    }
    arrived.remove(key);
    waiting.put(key, partition);
    if (!asked.equals(underWay.get(key))) {
      wanted.put(key, new Wish(asked, partition.position()));
      sendSoon(fetch);
    }
    return null;
  }

  /** In a moment, when the whole request has been looked at. */
  private void sendSoon(FetchParameters fetch) {
    if (!isScheduled && underWay.isEmpty()) {
      isScheduled = true;
      fetch
          .from()
          .loop()
          .execute(() -> {
            isScheduled = false;
            send(fetch);
          });
    }
  }

  private void send(FetchParameters fetch) {
    if (!underWay.isEmpty() || wanted.isEmpty()) {
      return;
    }
    FetchRequestData request = request(fetch);
    wanted.forEach((key, wish) -> underWay.put(key, wish.asked));
    wanted.clear();
    forwarder.send(leader, fetch.from(), request, reply -> replied(reply, fetch));
  }

  /** Without a session: the client's own is the gateway's. */
  private FetchRequestData request(FetchParameters fetch) {
    FetchRequest original = (FetchRequest) fetch.from().body();
    FetchRequestData request =
        new FetchRequestData()
            .setMaxWaitMs(original.maxWait())
            .setMinBytes(Math.min(original.minBytes(), MAX_BYTES))
            .setMaxBytes(Math.min(original.maxBytes(), MAX_BYTES))
            .setIsolationLevel(original.data().isolationLevel())
            .setSessionId(FetchMetadata.INVALID_SESSION_ID)
            .setSessionEpoch(FetchMetadata.FINAL_EPOCH);
    Map<PartitionKey, FetchTopic> topics = new LinkedHashMap<>();
    wanted.forEach((key, wish) ->
        topics
            .computeIfAbsent(
                new PartitionKey(key.topicId(), key.topicName(), 0),
                any -> new FetchTopic().setTopicId(key.topicId()).setTopic(key.topicName()))
            .partitions()
            .add(wish.position));
    request.topics().addAll(topics.values());
    return request;
  }

  private void replied(Reply reply, FetchParameters fetch) {
    arrived.clear();
    switch (reply) {
      case Reply.Answered(FetchResponseData answer) -> take(answer, fetch);
      default -> failAll(Errors.NOT_LEADER_OR_FOLLOWER);
    }
    underWay.clear();
    wake();
    if (!wanted.isEmpty()) {
      sendSoon(fetch);
    }
  }

  private void take(FetchResponseData answer, FetchParameters fetch) {
    Errors error = Errors.forCode(answer.errorCode());
    if (error != Errors.NONE) {
      failAll(error);
      return;
    }
    for (FetchableTopicResponse topic : answer.responses()) {
      for (PartitionData data : topic.partitions()) {
        PartitionKey key =
            PartitionKey.of(
                fetch.apiVersion(), topic.topicId(), topic.topic(), data.partitionIndex());
        Asked asked = underWay.get(key);
        if (asked != null) {
          arrived.put(key, new Held(asked, data, answer.throttleTimeMs()));
        }
      }
    }
  }

  /** Nothing was lost that cannot be fetched again: the client is to look for the leader. */
  private void failAll(Errors error) {
    underWay.forEach((key, asked) ->
        arrived.put(key, new Held(asked, FetchAnswers.error(key.partition(), error), 0)));
  }

  private void wake() {
    Set<FetchSession> touched = new LinkedHashSet<>();
    arrived
        .keySet()
        .forEach(key -> {
          FetchedPartition partition = waiting.remove(key);
          if (partition != null) {
            partition.session.markDirty(partition);
            touched.add(partition.session);
          }
        });
    touched.forEach(FetchSession::partitionsChanged);
  }
}
