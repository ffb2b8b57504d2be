package io.tidemark.gateway.api;

import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.metadata.controller.Controller;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.requests.AlterConfigsRequest;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.IncrementalAlterConfigsRequest;
import org.jspecify.annotations.Nullable;

/**
 * AlterConfigs and IncrementalAlterConfigs: settings are the controller's matter, and answered when
 * this node works by them. Levels of loggers belong to this process and are set here.
 */
public final class AlterConfigsHandlers {
  private static final byte LOGGER = ConfigResource.Type.BROKER_LOGGER.id();
  private static final byte NODE = ConfigResource.Type.BROKER.id();

  private final Controller controller;
  private final LoggerChanges loggers;
  private final OwnSettings ownSettings;

  /**
   * @param controller answers when this node follows
   * @param ownSettings looks at nodes' settings before the controller does
   */
  public AlterConfigsHandlers(
      Controller controller, LoggerChanges loggers, OwnSettings ownSettings) {
    this.controller = controller;
    this.loggers = loggers;
    this.ownSettings = ownSettings;
  }

  public void alter(Request request, Responder responder) {
    AlterConfigsRequestData asked = ((AlterConfigsRequest) request.body()).data();
    for (AlterConfigsRequestData.AlterConfigsResource resource : asked.resources()) {
      if (resource.resourceType() == NODE) {
        Map<String, @Nullable String> changes = new HashMap<>();
        resource.configs().forEach(config -> changes.put(config.name(), config.value()));
        ownSettings.check(resource.resourceName(), changes);
      }
    }
    Answers.when(controller.alterConfigs(asked), request, responder);
  }

  public void alterIncrementally(Request request, Responder responder) {
    IncrementalAlterConfigsRequestData asked =
        ((IncrementalAlterConfigsRequest) request.body()).data();
    List<AlterConfigsResourceResponse> here = new ArrayList<>();
    IncrementalAlterConfigsRequestData there =
        new IncrementalAlterConfigsRequestData().setValidateOnly(asked.validateOnly());
    for (AlterConfigsResource resource : asked.resources()) {
      AlterConfigsResourceResponse refused = refusal(resource);
      if (resource.resourceType() == LOGGER) {
        here.add(loggers.alter(resource, asked.validateOnly()));
      } else if (refused != null) {
        here.add(refused);
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

  private @Nullable AlterConfigsResourceResponse refusal(AlterConfigsResource resource) {
    if (resource.resourceType() != NODE) {
      return null;
    }
    Map<String, @Nullable String> changes = new HashMap<>();
    resource
        .configs()
        .forEach(config ->
            changes.put(
                config.name(),
                config.configOperation() == OpType.DELETE.id() ? null : config.value()));
    try {
      ownSettings.check(resource.resourceName(), changes);
      return null;
    } catch (ApiException e) {
      ApiError error = ProtocolErrors.describe(e);
      return new AlterConfigsResourceResponse()
          .setResourceType(resource.resourceType())
          .setResourceName(resource.resourceName())
          .setErrorCode(error.error().code())
          .setErrorMessage(error.message());
    }
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
