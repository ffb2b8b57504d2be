package io.tidemark.gateway.cli;

import picocli.CommandLine.Command;

@Command(
    name = "node",
    description = "List, empty and remove the cluster's nodes.",
    subcommands = {
      NodeListCommand.class,
      NodeDrainCommand.class,
      NodeUndrainCommand.class,
      NodeRemoveCommand.class
    })
final class NodesCommand extends GroupOfCommands {}
