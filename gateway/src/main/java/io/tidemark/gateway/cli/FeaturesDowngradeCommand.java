package io.tidemark.gateway.cli;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "downgrade",
    description = "Put features at lower levels, as far as nothing is lost by it; 0 is off.")
final class FeaturesDowngradeCommand extends NodeCommand {
  @Mixin FeatureLevelOptions levels = new FeatureLevelOptions();

  @Override
  int run(Admin admin) throws Exception {
    await(admin.updateFeatures(levels.updates(UpgradeType.SAFE_DOWNGRADE), levels.options()).all());
    say(levels.result("downgraded"), levels.line("downgraded"));
    return ExitCode.DONE;
  }
}
