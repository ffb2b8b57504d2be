package io.tidemark.gateway.cli;

import picocli.CommandLine.Command;

@Command(
    name = "user",
    description = "Create, list and delete users who log in by SCRAM.",
    subcommands = {UserCreateCommand.class, UserListCommand.class, UserDeleteCommand.class})
final class UserCommand extends GroupOfCommands {}
