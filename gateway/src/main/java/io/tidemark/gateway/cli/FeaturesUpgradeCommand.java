package io.tidemark.gateway.cli;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "upgrade",
    description =
        "Put features at higher levels. Clients take notice with their next connection or"
            + " transaction.")
final class FeaturesUpgradeCommand extends NodeCommand {
  @Mixin FeatureLevelOptions levels = new FeatureLevelOptions();

  @Override
  int run(Admin admin) throws Exception {
    await(admin.updateFeatures(levels.updates(UpgradeType.UPGRADE), levels.options()).all());
    say(levels.result("upgraded"), levels.line("upgraded"));
    return ExitCode.DONE;
  }
}
