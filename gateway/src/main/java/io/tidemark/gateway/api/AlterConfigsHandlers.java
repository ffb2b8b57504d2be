package io.tidemark.gateway.api;

import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.metadata.controller.Controller;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.requests.AlterConfigsRequest;
import org.apache.kafka.common.requests.IncrementalAlterConfigsRequest;

/**
 * AlterConfigs and IncrementalAlterConfigs: settings are the controller's matter, and answered when
 * this node works by them. Levels of loggers belong to this process and are set here.
 */
public final class AlterConfigsHandlers {
  private static final byte LOGGER = ConfigResource.Type.BROKER_LOGGER.id();

  private final Controller controller;
  private final LoggerChanges loggers;

  /**
   * @param controller answers when this node follows
   */
  public AlterConfigsHandlers(Controller controller, LoggerChanges loggers) {
    this.controller = controller;
    this.loggers = loggers;
  }

  public void alter(Request request, Responder responder) {
    AlterConfigsRequestData asked = ((AlterConfigsRequest) request.body()).data();
    Answers.when(controller.alterConfigs(asked), request, responder);
  }

  public void alterIncrementally(Request request, Responder responder) {
    IncrementalAlterConfigsRequestData asked =
        ((IncrementalAlterConfigsRequest) request.body()).data();
    List<AlterConfigsResourceResponse> here = new ArrayList<>();
    IncrementalAlterConfigsRequestData there =
        new IncrementalAlterConfigsRequestData().setValidateOnly(asked.validateOnly());
    for (AlterConfigsResource resource : asked.resources()) {
      if (resource.resourceType() == LOGGER) {
        here.add(loggers.alter(resource, asked.validateOnly()));
      } else {
        there.resources().add(resource.duplicate());
      }
    }
    Answers.when(
        decided(there)
            .thenApply(response -> {
              response.responses().addAll(here);
              return response;
            }),
        request,
        responder);
  }

  private CompletableFuture<IncrementalAlterConfigsResponseData> decided(
      IncrementalAlterConfigsRequestData asked) {
    return asked.resources().isEmpty()
        ? CompletableFuture.completedFuture(new IncrementalAlterConfigsResponseData())
        : controller
            .incrementalAlterConfigs(asked)
            .thenApply(response -> response.setResponses(new ArrayList<>(response.responses())));
  }
}
