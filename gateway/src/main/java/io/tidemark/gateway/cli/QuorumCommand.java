package io.tidemark.gateway.cli;

import picocli.CommandLine.Command;

@Command(
    name = "quorum",
    description = "Describe the metadata quorum, and change who votes in it.",
    subcommands = {
      QuorumDescribeCommand.class,
      QuorumAddVoterCommand.class,
      QuorumRemoveVoterCommand.class
    })
final class QuorumCommand extends GroupOfCommands {}
