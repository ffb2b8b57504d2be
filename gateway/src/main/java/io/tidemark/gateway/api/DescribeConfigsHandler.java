package io.tidemark.gateway.api;

import io.tidemark.gateway.config.ConfigEntry;
import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.DescribeConfigsRequest;
import org.apache.kafka.common.requests.DescribeConfigsResponse;

/** DescribeConfigs: the settings of topics, nodes and loggers, with where each value comes from. */
public final class DescribeConfigsHandler implements ApiHandler {
  private final ConfigDescriptions descriptions;

  public DescribeConfigsHandler(ConfigDescriptions descriptions) {
    this.descriptions = descriptions;
  }

  @Override
  public void handle(Request request, Responder responder) {
    DescribeConfigsRequestData asked = ((DescribeConfigsRequest) request.body()).data();
    responder.respond(
        new DescribeConfigsResponseData()
            .setResults(
                asked.resources().stream().map(resource -> describe(resource, asked)).toList()));
  }

  private DescribeConfigsResult describe(
      DescribeConfigsResource resource, DescribeConfigsRequestData asked) {
    DescribeConfigsResult result =
        new DescribeConfigsResult()
            .setResourceType(resource.resourceType())
            .setResourceName(resource.resourceName());
    try {
      ConfigResource wanted =
          new ConfigResource(
              ConfigResource.Type.forId(resource.resourceType()), resource.resourceName());
      List<DescribeConfigsResourceResult> configs =
          descriptions.describe(wanted).stream()
              .filter(isAskedFor(resource))
              .map(entry -> wire(entry, asked))
              .toList();
      return result.setConfigs(configs);
    } catch (ApiException e) {
      ApiError error = ProtocolErrors.describe(e);
      return result.setErrorCode(error.error().code()).setErrorMessage(error.message());
    }
  }

  private static Predicate<ConfigEntry> isAskedFor(DescribeConfigsResource resource) {
    List<String> keys = resource.configurationKeys();
    return keys == null || keys.isEmpty() ? entry -> true : entry -> keys.contains(entry.name());
  }

  private static DescribeConfigsResourceResult wire(
      ConfigEntry entry, DescribeConfigsRequestData asked) {
    DescribeConfigsResourceResult result =
        new DescribeConfigsResourceResult()
            .setName(entry.name())
            .setValue(entry.isSensitive() ? null : entry.value())
            .setReadOnly(entry.isReadOnly())
            .setConfigSource(entry.sourceId())
            .setIsSensitive(entry.isSensitive())
            .setConfigType(DescribeConfigsResponse.ConfigType.valueOf(entry.type().name()).id())
            .setDocumentation(asked.includeDocumentation() ? entry.documentation() : null);
    if (asked.includeSynonyms()) {
      result.setSynonyms(
          entry.synonyms().stream().map(synonym -> wire(synonym, entry.isSensitive())).toList());
    }
    return result;
  }

  private static DescribeConfigsSynonym wire(ConfigEntry.Synonym synonym, boolean isSensitive) {
    return new DescribeConfigsSynonym()
        .setName(synonym.name())
        .setValue(isSensitive ? null : synonym.value())
        .setSource(synonym.sourceId());
  }
}
