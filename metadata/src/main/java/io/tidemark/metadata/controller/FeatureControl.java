package io.tidemark.metadata.controller;

import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.NodeImage;
import io.tidemark.metadata.image.NodeImage.FeatureRange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidUpdateVersionException;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKey;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;

/**
 * Changes the levels of features: all that are asked for, or none, as Kafka does since version 2 of
 * the request. A level is one that this controller and every registered node can work with, and
 * goes down only when the request says that it is to.
 */
final class FeatureControl {
  private FeatureControl() {}

  static Function<ClusterImage, UpdateFeaturesResponseData> update(
      Draft draft, UpdateFeaturesRequestData request) {
    ClusterImage image = draft.image();
    Set<String> named = new HashSet<>();
    List<Event> changes = new ArrayList<>();
    for (FeatureUpdateKey update : request.featureUpdates()) {
      if (!named.add(update.feature())) {
        throw new InvalidRequestException("The request names " + update.feature() + " twice");
      }
      check(image, update);
      if (update.maxVersionLevel() != image.features().level(update.feature())) {
        changes.add(
            new Event.FeatureFinalised(
                update.feature(), update.maxVersionLevel(), Event.EPOCH_IS_INDEX));
      }
    }
    if (!request.validateOnly()) {
      draft.add(changes);
    }
    return _ -> new UpdateFeaturesResponseData();
  }

  private static void check(ClusterImage image, FeatureUpdateKey update) {
    short level = update.maxVersionLevel();
    UpgradeType type = UpgradeType.fromCode(update.upgradeType());
    if (type == UpgradeType.UNKNOWN) {
      throw refusal(update, "The controller does not support the given upgrade type.");
    }
    if (level < 0) {
      throw refusal(update, "A feature version cannot be less than 0.");
    }
    checkSupport(image, update);
    short current = image.features().level(update.feature());
    if (level < current && type == UpgradeType.UPGRADE) {
      throw refusal(
          update,
          "Can't downgrade the version of this feature without setting the upgrade type to either"
              + " safe or unsafe downgrade.");
    }
    if (level > current && type != UpgradeType.UPGRADE) {
      throw refusal(update, "Can't downgrade to a newer version.");
    }
  }

  private static void checkSupport(ClusterImage image, FeatureUpdateKey update) {
    Short greatest = Features.INITIAL.get(update.feature());
    if (greatest == null) {
      throw refusal(update, "The controller does not support this feature.");
    }
    boolean isChange = update.maxVersionLevel() != image.features().level(update.feature());
    if (isChange && !Features.CHANGEABLE.contains(update.feature())) {
      throw refusal(update, "Its level is that of the release that made the cluster.");
    }
    if (update.maxVersionLevel() > greatest) {
      throw refusal(update, "The controller only supports versions 0-%d".formatted(greatest));
    }
    image
        .nodes()
        .all()
        .forEach(node ->
            reasonAgainst(node, update)
                .ifPresent(reason -> {
                  throw refusal(update, "Broker %d %s".formatted(node.id(), reason));
                }));
  }

  private static Optional<String> reasonAgainst(NodeImage node, FeatureUpdateKey update) {
    FeatureRange range = node.features().get(update.feature());
    short level = update.maxVersionLevel();
    if (range == null) {
      return level == 0 ? Optional.empty() : Optional.of("does not support this feature.");
    }
    return range.min() <= level && level <= range.max()
        ? Optional.empty()
        : Optional.of("only supports versions %d-%d".formatted(range.min(), range.max()));
  }

  private static InvalidUpdateVersionException refusal(FeatureUpdateKey update, String reason) {
    return new InvalidUpdateVersionException(
        "The update failed for all features since the following feature had an error: Invalid"
            + " update version %d for feature %s. %s"
                .formatted(update.maxVersionLevel(), update.feature(), reason));
  }
}
