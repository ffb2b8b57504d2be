package io.tidemark.gateway.cli;

import picocli.CommandLine.Command;

@Command(
    name = "group",
    description = "Show consumer groups and their lag, move their offsets, delete them.",
    subcommands = {
      GroupListCommand.class,
      GroupDescribeCommand.class,
      GroupResetOffsetsCommand.class,
      GroupDeleteCommand.class
    })
final class GroupCommand extends GroupOfCommands {}
