package io.tidemark.gateway.api;

import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.metadata.controller.Controller;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.TopicImage;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.AddRaftVoterRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData.ListPartitionReassignmentsTopics;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData.OngoingPartitionReassignment;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData.OngoingTopicReassignment;
import org.apache.kafka.common.message.RemoveRaftVoterRequestData;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Where partitions are: AlterPartitionReassignments, ElectLeaders and UnregisterBroker, decided by
 * the controller and answered when this node has acted on it, and ListPartitionReassignments, from
 * this node's image. Kafka's time-outs bound the wait.
 */
public final class PlacementHandlers {
  private static final int DEFAULT_TIMEOUT_MS = 60_000;

  private final Controller controller;
  private final ClusterView cluster;

  /**
   * @param controller answers when this node's replicas follow
   */
  public PlacementHandlers(Controller controller, ClusterView cluster) {
    this.controller = controller;
    this.cluster = cluster;
  }

  public void alterReassignments(Request request, Responder responder) {
    AlterPartitionReassignmentsRequestData body =
        (AlterPartitionReassignmentsRequestData) request.body().data();
    answer(controller.alterReassignments(body), body.timeoutMs(), request, responder);
  }

  public void electLeaders(Request request, Responder responder) {
    ElectLeadersRequestData body = (ElectLeadersRequestData) request.body().data();
    answer(controller.electLeaders(body), body.timeoutMs(), request, responder);
  }

  public void unregister(Request request, Responder responder) {
    UnregisterBrokerRequestData body = (UnregisterBrokerRequestData) request.body().data();
    answer(controller.unregisterNode(body), DEFAULT_TIMEOUT_MS, request, responder);
  }

  public void addVoter(Request request, Responder responder) {
    AddRaftVoterRequestData body = (AddRaftVoterRequestData) request.body().data();
    answer(controller.addVoter(body), body.timeoutMs(), request, responder);
  }

  public void removeVoter(Request request, Responder responder) {
    RemoveRaftVoterRequestData body = (RemoveRaftVoterRequestData) request.body().data();
    answer(controller.removeVoter(body), DEFAULT_TIMEOUT_MS, request, responder);
  }

  private static void answer(
      CompletableFuture<? extends ApiMessage> result,
      int timeoutMs,
      Request request,
      Responder responder) {
    int waitMs = timeoutMs > 0 ? timeoutMs : DEFAULT_TIMEOUT_MS;
    Answers.when(Futures.within(waitMs, request.loop(), result), request, responder);
  }

  public void listReassignments(Request request, Responder responder) {
    ListPartitionReassignmentsRequestData asked =
        (ListPartitionReassignmentsRequestData) request.body().data();
    responder.respond(list(cluster.image(), asked.topics()));
  }

  /** Topics and partitions that are not there are left out, as in Kafka; null means all. */
  private static ListPartitionReassignmentsResponseData list(
      ClusterImage image, List<ListPartitionReassignmentsTopics> asked) {
    ListPartitionReassignmentsResponseData response = new ListPartitionReassignmentsResponseData();
    if (asked == null) {
      image
          .topics()
          .all()
          .forEach(topic ->
              add(response, topic, IntStream.range(0, topic.partitionCount()).boxed().toList()));
    } else {
      for (ListPartitionReassignmentsTopics topic : asked) {
        image
            .topics()
            .byName(topic.name())
            .ifPresent(found -> add(response, found, topic.partitionIndexes()));
      }
    }
    return response;
  }

  private static void add(
      ListPartitionReassignmentsResponseData response, TopicImage topic, List<Integer> indexes) {
    OngoingTopicReassignment ongoing = new OngoingTopicReassignment().setName(topic.name());
    for (int index : indexes) {
      topic
          .partition(index)
          .filter(partition -> partition.reassignment().isUnderWay())
          .ifPresent(partition -> ongoing.partitions().add(ongoing(index, partition)));
    }
    if (!ongoing.partitions().isEmpty()) {
      response.topics().add(ongoing);
    }
  }

  private static OngoingPartitionReassignment ongoing(int index, PartitionImage partition) {
    return new OngoingPartitionReassignment()
        .setPartitionIndex(index)
        .setReplicas(partition.replicas())
        .setAddingReplicas(partition.reassignment().adding())
        .setRemovingReplicas(partition.reassignment().removing());
  }
}
