package io.tidemark.gateway.api;

import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.metadata.controller.Controller;
import org.apache.kafka.common.message.DescribeQuorumResponseData;
import org.apache.kafka.common.requests.DescribeQuorumRequest;

/**
 * DescribeQuorum: the voters of the metadata quorum and how far each has got, as the controller
 * sees them.
 */
public final class DescribeQuorumHandler implements ApiHandler {
  private static final short OLDEST_VERSION_WITH_NODES = 2;

  private final Controller controller;

  public DescribeQuorumHandler(Controller controller) {
    this.controller = controller;
  }

  @Override
  public void handle(Request request, Responder responder) {
    DescribeQuorumRequest body = (DescribeQuorumRequest) request.body();
    Answers.when(
        controller
            .describeQuorum(body.data())
            .thenApply(described -> fitting(described, request.apiVersion())),
        request,
        responder);
  }

  /** Older versions have no room for the voters' addresses. */
  private static DescribeQuorumResponseData fitting(
      DescribeQuorumResponseData described, short apiVersion) {
    if (apiVersion < OLDEST_VERSION_WITH_NODES) {
      described.setNodes(new DescribeQuorumResponseData.NodeCollection());
    }
    return described;
  }
}
