package io.tidemark.gateway.cli;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that only gathers sub-commands. */
abstract class GroupOfCommands implements Runnable {
  @Spec CommandSpec spec = CommandSpec.create();

  @Mixin HelpOption help = new HelpOption();

  @Override
  public final void run() {
    throw new ParameterException(
        spec.commandLine(),
        "a sub-command is missing: " + String.join(", ", spec.subcommands().keySet()));
  }
}
