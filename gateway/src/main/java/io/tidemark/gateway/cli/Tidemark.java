package io.tidemark.gateway.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The entry point of {@code bin/tidemark}. */
@Command(
    name = "tidemark",
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "A distributed commit log with its history in object storage; it speaks the Apache Kafka"
          + " protocol.",
      ""
    },
    subcommands = {
      QuickstartCommand.class,
      ServerCommand.class,
      TopicCommand.class,
      ProduceCommand.class,
      ConsumeCommand.class,
      GroupCommand.class,
      TierCommand.class,
      ConfigCommand.class,
      AclCommand.class,
      QuotaCommand.class,
      UserCommand.class,
      ClusterCommand.class,
      NodesCommand.class,
      QuorumCommand.class,
      FeaturesCommand.class,
      SupportCommand.class,
      VersionCommand.class
    },
    footer = {
      "",
      "Exit codes: 0 done, 1 refused or verification failed, 2 wrong usage, 3 no connection, 130"
          + " interrupted."
    })
public final class Tidemark implements Runnable {
  @Mixin HelpOption help = new HelpOption();

  @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  private Tidemark() {}

  public static void main(String[] args) {
    PrintWriter out = writer(System.out);
    int exitCode = execute(out, writer(System.err), args);
    out.flush();
    System.exit(exitCode);
  }

  /** Runs one command line and answers its exit code. */
  public static int execute(PrintWriter out, PrintWriter err, String... args) {
    return new CommandLine(new Tidemark())
        .setOut(out)
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(Tidemark::wrongUsage)
        .setExecutionExceptionHandler((thrown, command, result) -> failed(thrown, command))
        .execute(args);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  private static int wrongUsage(ParameterException e, String[] args) {
    PrintWriter err = e.getCommandLine().getErr();
    String name = e.getCommandLine().getCommandSpec().qualifiedName();
    err.println("tidemark: " + e.getMessage() + "; " + help(e, name));
    err.flush();
    return ExitCode.USAGE;
  }

  /** Where to read on, after Picocli's guess at what was meant if it has one. */
  private static String help(ParameterException e, String command) {
    StringWriter guess = new StringWriter();
    UnmatchedArgumentException.printSuggestions(e, new PrintWriter(guess, true));
    String line = guess.toString().strip().replaceAll("\\s*\\R\\s*", " ");
    return line.isEmpty()
        ? "see '" + command + " --help'"
        : line.substring(0, 1).toLowerCase(Locale.ROOT)
            + line.substring(1)
            + " See '"
            + command
            + " --help'";
  }

  private static int failed(Exception thrown, CommandLine command) {
    CommandFailure failure = FailureReport.of(thrown);
    command.getOut().flush();
    command.getErr().println("tidemark: " + failure.getMessage());
    command.getErr().flush();
    return failure.exitCode();
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, false, StandardCharsets.UTF_8);
  }
}
