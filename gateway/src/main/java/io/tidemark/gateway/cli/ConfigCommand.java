package io.tidemark.gateway.cli;

import picocli.CommandLine.Command;

@Command(
    name = "config",
    description = "Show and change settings of topics, nodes and groups, and log levels.",
    subcommands = {ConfigDescribeCommand.class, ConfigAlterCommand.class})
final class ConfigCommand extends GroupOfCommands {}
