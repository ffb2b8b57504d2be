package io.tidemark.gateway.api;

import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.requests.ApiError;

/**
 * Changes of logger levels as IncrementalAlterConfigs asks for them: all of a resource, or none.
 */
public final class LoggerChanges {
  private final int nodeId;
  private final LoggerLevels levels;

  public LoggerChanges(int nodeId, LoggerLevels levels) {
    this.nodeId = nodeId;
    this.levels = levels;
  }

  AlterConfigsResourceResponse alter(AlterConfigsResource resource, boolean validateOnly) {
    AlterConfigsResourceResponse response =
        new AlterConfigsResourceResponse()
            .setResourceType(resource.resourceType())
            .setResourceName(resource.resourceName());
    try {
      check(resource);
      if (!validateOnly) {
        resource.configs().forEach(this::apply);
      }
      return response;
    } catch (ApiException e) {
      ApiError error = ProtocolErrors.describe(e);
      return response.setErrorCode(error.error().code()).setErrorMessage(error.message());
    }
  }

  private void check(AlterConfigsResource resource) {
    if (!resource.resourceName().equals(Integer.toString(nodeId))) {
      throw new InvalidRequestException(
          "This is node %d; the loggers of another are set there".formatted(nodeId));
    }
    for (AlterableConfig change : resource.configs()) {
      if (!levels.isKnown(change.name())) {
        throw new InvalidConfigurationException("There is no logger " + change.name());
      }
      switch (OpType.forId(change.configOperation())) {
        case SET -> levels.requireLevel(change.value());
        case DELETE -> {}
        case APPEND, SUBTRACT ->
            throw new InvalidRequestException("A level is set or deleted, nothing else");
        case null -> throw new InvalidRequestException("Unknown operation");
      }
    }
  }

  private void apply(AlterableConfig change) {
    boolean isSet = change.configOperation() == OpType.SET.id();
    levels.set(change.name(), isSet ? change.value() : null);
  }
}
