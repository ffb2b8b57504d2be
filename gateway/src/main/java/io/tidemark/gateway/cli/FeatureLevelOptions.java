package io.tidemark.gateway.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import picocli.CommandLine.Option;

/** Which features to put at which levels, and whether only to ask. */
final class FeatureLevelOptions {
  private static final Pattern LEVEL = Pattern.compile("\\d{1,4}");

  @Option(
      names = "--feature",
      required = true,
      paramLabel = "FEATURE=LEVEL",
      description = "A feature and its new level; may be repeated. All are changed, or none.")
  List<String> features = List.of();

  @Option(names = "--dry-run", description = "Only ask whether it could be done.")
  boolean dryRun;

  Map<String, FeatureUpdate> updates(UpgradeType type) {
    Map<String, FeatureUpdate> updates = new LinkedHashMap<>();
    KeyValues.parse("--feature", features)
        .forEach((feature, level) ->
            updates.put(feature, new FeatureUpdate(level(feature, level), type)));
    return updates;
  }

  private static short level(String feature, String level) {
    if (!LEVEL.matcher(level).matches()) {
      throw CommandFailure.usage(
          "--feature %s=%s: a level is a whole number from 0 to 9999".formatted(feature, level));
    }
    return Short.parseShort(level);
  }

  UpdateFeaturesOptions options() {
    return new UpdateFeaturesOptions().validateOnly(dryRun);
  }

  /** What came of it: {@code done}, or only that it could be. */
  String result(String done) {
    return dryRun ? "valid" : done;
  }

  String line(String done) {
    return dryRun ? "could be " + done : done;
  }
}
