package io.tidemark.gateway.cli;

import picocli.CommandLine.Command;

@Command(
    name = "features",
    description = "Describe the cluster's features, and put them at other levels.",
    subcommands = {
      FeaturesDescribeCommand.class,
      FeaturesUpgradeCommand.class,
      FeaturesDowngradeCommand.class
    })
final class FeaturesCommand extends GroupOfCommands {}
