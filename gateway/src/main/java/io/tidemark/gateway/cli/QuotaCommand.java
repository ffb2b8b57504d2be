package io.tidemark.gateway.cli;

import picocli.CommandLine.Command;

@Command(
    name = "quota",
    description = "List and alter how much users, client ids and addresses may use.",
    subcommands = {QuotaListCommand.class, QuotaAlterCommand.class})
final class QuotaCommand extends GroupOfCommands {}
