package io.tidemark.gateway.api;

import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.metadata.controller.Controller;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKey;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.message.UpdateFeaturesResponseData.UpdatableFeatureResult;
import org.apache.kafka.common.protocol.Errors;

/**
 * UpdateFeatures: decided by the controller and answered when this node has the new levels. Version
 * 0 knows but one kind of downgrade, which is taken for a safe one; versions 0 and 1 are told of
 * each feature by itself.
 */
public final class UpdateFeaturesHandler implements ApiHandler {
  private static final short OLDEST_WITHOUT_RESULTS = 2;
  private static final int DEFAULT_TIMEOUT_MS = 60_000;

  private final Controller controller;

  /**
   * @param controller answers when this node has applied what it reports
   */
  public UpdateFeaturesHandler(Controller controller) {
    this.controller = controller;
  }

  @Override
  public void handle(Request request, Responder responder) {
    UpdateFeaturesRequestData asked = (UpdateFeaturesRequestData) request.body().data();
    CompletableFuture<UpdateFeaturesResponseData> answer =
        controller
            .updateFeatures(withUpgradeTypes(asked))
            .thenApply(done -> withResults(done, asked, request.apiVersion()));
    int waitMs = asked.timeoutMs() > 0 ? asked.timeoutMs() : DEFAULT_TIMEOUT_MS;
    Answers.when(Futures.within(waitMs, request.loop(), answer), request, responder);
  }

  private static UpdateFeaturesRequestData withUpgradeTypes(UpdateFeaturesRequestData asked) {
    UpdateFeaturesRequestData request = asked.duplicate();
    request.featureUpdates().stream()
        .filter(FeatureUpdateKey::allowDowngrade)
        .forEach(update ->
            update.setAllowDowngrade(false).setUpgradeType(UpgradeType.SAFE_DOWNGRADE.code()));
    return request;
  }

  private static UpdateFeaturesResponseData withResults(
      UpdateFeaturesResponseData done, UpdateFeaturesRequestData asked, short apiVersion) {
    if (apiVersion >= OLDEST_WITHOUT_RESULTS || done.errorCode() != Errors.NONE.code()) {
      return done;
    }
    asked
        .featureUpdates()
        .forEach(update ->
            done.results().add(new UpdatableFeatureResult().setFeature(update.feature())));
    return done;
  }
}
