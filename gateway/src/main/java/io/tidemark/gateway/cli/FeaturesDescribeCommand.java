package io.tidemark.gateway.cli;

import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.SupportedVersionRange;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

@Command(
    name = "describe",
    description =
        "Show at which level each feature is, which levels the node that answers can work with, and"
            + " the epoch of the last change.")
final class FeaturesDescribeCommand extends NodeCommand {
  @Override
  int run(Admin admin) throws Exception {
    print(levels(admin));
    return ExitCode.DONE;
  }

  static Result levels(Admin admin) throws Exception {
    FeatureMetadata features = await(admin.describeFeatures().featureMetadata());
    Map<String, FinalizedVersionRange> finalised = features.finalizedFeatures();
    @Nullable Long epoch = features.finalizedFeaturesEpoch().orElse(null);
    Result result = new Result("feature", "level", "oldest", "newest", "epoch");
    new TreeMap<>(features.supportedFeatures())
        .forEach((name, range) -> add(result, name, range, finalised.get(name), epoch));
    return result;
  }

  /**
   * @param finalised null when the feature is at level 0
   */
  private static void add(
      Result result,
      String name,
      SupportedVersionRange range,
      @Nullable FinalizedVersionRange finalised,
      @Nullable Long epoch) {
    result.add(
        name,
        finalised == null ? 0 : finalised.maxVersionLevel(),
        range.minVersion(),
        range.maxVersion(),
        epoch);
  }
}
