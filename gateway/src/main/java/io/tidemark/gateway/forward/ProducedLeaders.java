package io.tidemark.gateway.forward;

import io.tidemark.gateway.net.Request;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.NodeEndpoint;

/**
 * Where a producer is told to go instead (KIP-951): nodes say who leads now, and clients of a
 * gateway hear of the gateway that stands for it, in the same leader epoch. Pure.
 */
record ProducedLeaders(Routes routes) {

  void show(Request request, ProduceResponseData answer) {
    answer.nodeEndpoints().clear();
    answer
        .responses()
        .forEach(topic ->
            topic
                .partitionResponses()
                .forEach(partition -> {
                  if (partition.currentLeader().leaderId() >= 0) {
                    show(
                        new PartitionPart(topic.topicId(), topic.name(), partition.index()),
                        partition.currentLeader(),
                        request,
                        answer);
                  }
                }));
  }

  private void show(
      PartitionPart part,
      ProduceResponseData.LeaderIdAndEpoch leader,
      Request request,
      ProduceResponseData answer) {
    routes
        .shownLeader(part, request.listenerName())
        .ifPresentOrElse(
            node -> {
              leader.setLeaderId(node.id());
              if (answer.nodeEndpoints().find(node.id()) == null) {
                answer
                    .nodeEndpoints()
                    .add(
                        new NodeEndpoint()
                            .setNodeId(node.id())
                            .setHost(node.host())
                            .setPort(node.port())
                            .setRack(node.rack()));
              }
            },
            () -> leader.setLeaderId(-1).setLeaderEpoch(-1));
  }
}
