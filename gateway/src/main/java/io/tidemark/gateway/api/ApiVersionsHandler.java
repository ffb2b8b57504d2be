package io.tidemark.gateway.api;

import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.FeaturesImage;
import java.util.function.Supplier;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ApiVersionsResponseData.FinalizedFeatureKey;
import org.apache.kafka.common.message.ApiVersionsResponseData.SupportedFeatureKey;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiVersionsRequest;

/**
 * ApiVersions: what may be asked on this listener, and the cluster's features. A client that says
 * which node of which cluster it means (v5, KIP-1242) and has come to another one is sent back to
 * its bootstrap servers.
 */
public final class ApiVersionsHandler implements ApiHandler {
  private static final short OLDEST_VERSION_WITH_TARGET = 5;

  private final ClusterView cluster;
  private final Supplier<ApiTable> apis;

  /**
   * @param apis the table this handler itself stands in
   */
  public ApiVersionsHandler(ClusterView cluster, Supplier<ApiTable> apis) {
    this.cluster = cluster;
    this.apis = apis;
  }

  @Override
  public void handle(Request request, Responder responder) {
    ApiVersionsRequest body = (ApiVersionsRequest) request.body();
    if (body.hasUnsupportedRequestVersion()) {
      responder.respond(describe().setErrorCode(Errors.UNSUPPORTED_VERSION.code()));
      return;
    }
    if (!body.isValid()) {
      Answers.failed(Errors.INVALID_REQUEST.exception(), request, responder);
      return;
    }
    if (isMisrouted(body.data(), request.apiVersion())) {
      Answers.failed(Errors.REBOOTSTRAP_REQUIRED.exception(), request, responder);
      return;
    }
    responder.respond(describe());
  }

  private boolean isMisrouted(ApiVersionsRequestData asked, short apiVersion) {
    return apiVersion >= OLDEST_VERSION_WITH_TARGET
        && asked.clusterId() != null
        && (!asked.clusterId().equals(cluster.image().clusterId())
            || asked.nodeId() != cluster.nodeId());
  }

  private ApiVersionsResponseData describe() {
    ApiVersionsResponseData response = new ApiVersionsResponseData();
    apis.get()
        .entries()
        .forEach((key, entry) -> {
          if (entry.isAdvertised()) {
            response
                .apiKeys()
                .add(
                    new ApiVersion()
                        .setApiKey(key.id)
                        .setMinVersion(entry.advertised())
                        .setMaxVersion(entry.latest()));
          }
        });
    addFeatures(response);
    return response;
  }

  private void addFeatures(ApiVersionsResponseData response) {
    ClusterImage image = cluster.image();
    SupportedFeatures.RANGES.forEach((name, range) ->
        response
            .supportedFeatures()
            .add(
                new SupportedFeatureKey()
                    .setName(name)
                    .setMinVersion(range.min())
                    .setMaxVersion(range.max())));
    FeaturesImage finalised = image.features();
    finalised
        .levels()
        .forEach((name, level) ->
            response
                .finalizedFeatures()
                .add(
                    new FinalizedFeatureKey()
                        .setName(name)
                        .setMinVersionLevel(level)
                        .setMaxVersionLevel(level)));
    response.setFinalizedFeaturesEpoch(finalised.epoch());
  }
}
