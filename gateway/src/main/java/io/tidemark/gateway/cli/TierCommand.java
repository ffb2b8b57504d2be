package io.tidemark.gateway.cli;

import picocli.CommandLine.Command;

@Command(
    name = "tier",
    description = "Show what is in object storage, and check it.",
    subcommands = {TierStatusCommand.class, TierVerifyCommand.class})
final class TierCommand extends GroupOfCommands {}
