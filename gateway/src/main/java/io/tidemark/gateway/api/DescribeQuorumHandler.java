package io.tidemark.gateway.api;

import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.metadata.controller.Controller;
import org.apache.kafka.common.requests.DescribeQuorumRequest;

/**
 * DescribeQuorum: the voters of the metadata quorum and how far each has got, as the controller
 * sees them.
 */
public final class DescribeQuorumHandler implements ApiHandler {
  private final Controller controller;

  public DescribeQuorumHandler(Controller controller) {
    this.controller = controller;
  }

  @Override
  public void handle(Request request, Responder responder) {
    DescribeQuorumRequest body = (DescribeQuorumRequest) request.body();
    Answers.when(controller.describeQuorum(body.data()), request, responder);
  }
}
