package io.tidemark.gateway.cli;

import picocli.CommandLine.Command;

@Command(
    name = "acl",
    description = "List, add and remove rules of who may do what.",
    subcommands = {AclListCommand.class, AclAddCommand.class, AclRemoveCommand.class})
final class AclCommand extends GroupOfCommands {}
