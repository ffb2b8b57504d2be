package io.tidemark.tests.cluster;

import io.tidemark.gateway.config.HostPort;
import io.tidemark.gateway.peer.ConnectedPeers;
import io.tidemark.gateway.peer.PeerTransport;
import io.tidemark.gateway.peer.Peers;
import io.tidemark.tests.simulation.SimulatedProcess;
import io.tidemark.tests.simulation.Simulation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.BrokerNotAvailableException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.jspecify.annotations.Nullable;

/**
 * What every client does: finds nodes through any node it knows, keeps one connection to each, asks
 * again where the protocol says so. Straight blocking code for one virtual thread.
 */
final class ClusterClient {
  private static final long TIMEOUT_MS = 5_000;
  private static final long RETRY_MS = 50;

  /** What FindCoordinator calls a group, and a transactional id. */
  static final byte GROUP = 0;

  static final byte TRANSACTION = 1;

  /** Where a topic's partitions are led, as some node said. */
  record TopicView(Uuid id, List<PartitionView> partitions) {}

  /** {@code leader} is null while there is none. */
  record PartitionView(@Nullable HostPort leader, int leaderEpoch) {}

  private final Simulation simulation;
  private final List<HostPort> bootstrap;
  private final Peers peers;
  private final String name;
  private final Map<String, TopicView> topics = new HashMap<>();
  private final Map<TopicIdPartition, Integer> leaderEpochs = new HashMap<>();

  ClusterClient(SimulatedCluster cluster, SimulatedProcess process, String host, String name) {
    this(cluster, process, cluster.network().transport(host), name);
  }

  ClusterClient(
      SimulatedCluster cluster, SimulatedProcess process, PeerTransport transport, String name) {
    this.simulation = cluster.simulation();
    this.bootstrap = cluster.bootstrap();
    this.name = name;
    this.peers =
        new ConnectedPeers(
            name, transport, process.thread("network of " + name), simulation.random());
  }

  String name() {
    return name;
  }

  void pause() {
    simulation.time().sleep(RETRY_MS / 2 + simulation.random().nextLong(RETRY_MS));
  }

  /** The ids of all nodes it knows, which are numbered from 1. */
  List<Integer> nodeIds() {
    return IntStream.rangeClosed(1, bootstrap.size()).boxed().toList();
  }

  HostPort anyNode() {
    return bootstrap.get(simulation.random().nextInt(bootstrap.size()));
  }

  /** Sends without waiting; requests to one node are taken up there in this order. */
  CompletableFuture<Outcome> send(HostPort node, ApiKeys key, ApiMessage request) {
    return peers
        .at(node, name)
        .send(key, request, TIMEOUT_MS)
        .handle((answer, failure) -> outcome(answer, failure));
  }

  private static Outcome outcome(@Nullable AbstractResponse answer, @Nullable Throwable failure) {
    if (answer != null) {
      return new Outcome.Answered(answer.data());
    }
    Throwable cause = failure instanceof CompletionException e ? e.getCause() : failure;
    return switch (cause) {
      case BrokerNotAvailableException e -> new Outcome.NotSent(String.valueOf(e.getMessage()));
      case UnsupportedVersionException e -> throw new AssertionError("not served", e);
      case ApiException e -> new Outcome.Unknown(String.valueOf(e.getMessage()));
      default -> throw new AssertionError("unforeseen", cause);
    };
  }

  Outcome ask(HostPort node, ApiKeys key, ApiMessage request) {
    return send(node, key, request).join();
  }

  /** Asks one node after the other until one answers: for what may be done twice. */
  ApiMessage askAnybody(ApiKeys key, ApiMessage request) {
    while (true) {
      if (ask(anyNode(), key, request) instanceof Outcome.Answered(ApiMessage body)) {
        return body;
      }
      pause();
    }
  }

  /** Forgets where a topic is led: a node said that it is elsewhere, or did not answer. */
  void forget(String topic) {
    topics.remove(topic);
  }

  /** The topic as last heard; null when no node knows it. */
  @Nullable TopicView topic(String topic) {
    TopicView known = topics.get(topic);
    if (known == null) {
      known = lookUp(topic);
      if (known != null) {
        topics.put(topic, known);
      }
    }
    return known;
  }

  private @Nullable TopicView lookUp(String topic) {
    MetadataRequestData request = new MetadataRequestData().setAllowAutoTopicCreation(false);
    request.setTopics(List.of(new MetadataRequestData.MetadataRequestTopic().setName(topic)));
    MetadataResponseData answer = (MetadataResponseData) askAnybody(ApiKeys.METADATA, request);
    MetadataResponseData.MetadataResponseTopic found = answer.topics().find(topic);
    Errors error = Errors.forCode(found.errorCode());
    if (error != Errors.NONE) {
      return null;
    }
    Map<Integer, HostPort> nodes = new HashMap<>();
    answer
        .brokers()
        .forEach(node -> nodes.put(node.nodeId(), new HostPort(node.host(), node.port())));
    List<PartitionView> partitions = new ArrayList<>();
    found.partitions().stream()
        .sorted((one, other) -> Integer.compare(one.partitionIndex(), other.partitionIndex()))
        .forEach(each ->
            partitions.add(new PartitionView(nodes.get(each.leaderId()), each.leaderEpoch())));
    return new TopicView(found.topicId(), partitions);
  }

  /**
   * The partition's leader, or null while none is known; then the topic is looked up again. As
   * Kafka's clients do, it believes no node that tells of an older leader epoch than it has heard
   * of: a node that was cut off may take itself for the leader.
   */
  @Nullable HostPort leader(String topic, int partition) {
    TopicView view = topic(topic);
    HostPort leader =
        view == null || partition >= view.partitions().size()
            ? null
            : leaderUnlessOlder(topic, view, partition);
    if (leader == null) {
      forget(topic);
      pause();
    }
    return leader;
  }

  private @Nullable HostPort leaderUnlessOlder(String topic, TopicView view, int partition) {
    PartitionView found = view.partitions().get(partition);
    TopicIdPartition id = new TopicIdPartition(view.id(), partition, topic);
    int newest = leaderEpochs.merge(id, found.leaderEpoch(), Math::max);
    return found.leaderEpoch() < newest ? null : found.leader();
  }

  /** The group's coordinator, as soon as some node knows it. */
  HostPort coordinator(String group) {
    return coordinator(GROUP, group);
  }

  /** Who coordinates a group or a transactional id, as soon as some node knows it. */
  HostPort coordinator(byte keyType, String key) {
    while (true) {
      FindCoordinatorRequestData request =
          new FindCoordinatorRequestData().setKeyType(keyType).setCoordinatorKeys(List.of(key));
      FindCoordinatorResponseData answer =
          (FindCoordinatorResponseData) askAnybody(ApiKeys.FIND_COORDINATOR, request);
      FindCoordinatorResponseData.Coordinator found = answer.coordinators().getFirst();
      if (found.errorCode() == Errors.NONE.code()) {
        return new HostPort(found.host(), found.port());
      }
      checkRetriable(Errors.forCode(found.errorCode()), "FindCoordinator");
      pause();
    }
  }

  /** Clients give up on anything else, and none of it may come from faults alone. */
  static void checkRetriable(Errors error, String what) {
    if (!(error.exception() instanceof RetriableException)) {
      throw new AssertionError(what + " was refused for good: " + error);
    }
  }
}
