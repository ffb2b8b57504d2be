package io.tidemark.gateway.api;

import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.metadata.image.ClusterImage;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeClusterRequest;

/**
 * DescribeCluster: the nodes that serve clients, by the listener asked on; fenced ones where they
 * are asked for.
 */
public final class DescribeClusterHandler implements ApiHandler {
  private static final byte BROKERS = 1;

  private final ClusterView cluster;

  public DescribeClusterHandler(ClusterView cluster) {
    this.cluster = cluster;
  }

  @Override
  public void handle(Request request, Responder responder) {
    DescribeClusterRequestData asked = ((DescribeClusterRequest) request.body()).data();
    if (asked.endpointType() != BROKERS) {
      Answers.failed(
          Errors.MISMATCHED_ENDPOINT_TYPE.exception(
              "This is a listener for clients, not for controllers"),
          request,
          responder);
      return;
    }
    ClusterImage image = cluster.image();
    DescribeClusterResponseData response =
        new DescribeClusterResponseData()
            .setEndpointType(BROKERS)
            .setClusterId(image.clusterId())
            .setControllerId(cluster.controllerId(image));
    for (Node node : cluster.nodes(image, request.listenerName(), asked.includeFencedBrokers())) {
      response
          .brokers()
          .add(
              new DescribeClusterBroker()
                  .setBrokerId(node.id())
                  .setHost(node.host())
                  .setPort(node.port())
                  .setRack(node.rack())
                  .setIsFenced(node.isFenced()));
    }
    if (asked.includeClusterAuthorizedOperations()) {
      response.setClusterAuthorizedOperations(AuthorisedOperations.CLUSTER);
    }
    responder.respond(response);
  }
}
