package io.tidemark.gateway.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
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
    footer = {
      "",
      "Exit codes: 0 done, 1 refused or verification failed, 2 wrong usage, 3 no connection, 130"
          + " interrupted."
    })
public final class Tidemark implements Runnable {
  /** In the order of the help. */
  private static final SequencedMap<String, Class<?>> COMMANDS = commands();

  @Mixin HelpOption help = new HelpOption();

  @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  private Tidemark() {}

  public static void main(String[] args) {
    PrintWriter out = writer(System.out);
    PrintWriter err = writer(System.err);
    Optional<ServerLine> server = ServerLine.of(args);
    int exitCode = server.isPresent() ? serve(server.get(), out, err) : execute(out, err, args);
    out.flush();
    System.exit(exitCode);
  }

  /** Runs one command line and answers its exit code. */
  public static int execute(PrintWriter out, PrintWriter err, String... args) {
    return commandLine(args)
        .setOut(out)
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(Tidemark::wrongUsage)
        .setExecutionExceptionHandler(
            (thrown, command, result) -> failed(thrown, command.getOut(), command.getErr()))
        .execute(args);
  }

  private static int serve(ServerLine server, PrintWriter out, PrintWriter err) {
    try {
      return server.run(out, err);
    } catch (InterruptedException | IOException | RuntimeException e) {
      return failed(e, out, err);
    }
  }

  /** With the command that is called alone, as looking at all of them takes half a second. */
  private static CommandLine commandLine(String... args) {
    CommandLine all = new CommandLine(new Tidemark());
    @Nullable Class<?> called = args.length == 0 ? null : COMMANDS.get(args[0]);
    if (called == null) {
      COMMANDS.forEach(all::addSubcommand);
    } else {
      all.addSubcommand(args[0], called);
    }
    return all;
  }

  private static SequencedMap<String, Class<?>> commands() {
    SequencedMap<String, Class<?>> commands = new LinkedHashMap<>();
    commands.put("quickstart", QuickstartCommand.class);
    commands.put("server", ServerCommand.class);
    commands.put("topic", TopicCommand.class);
    commands.put("produce", ProduceCommand.class);
    commands.put("consume", ConsumeCommand.class);
    commands.put("group", GroupCommand.class);
    commands.put("tier", TierCommand.class);
    commands.put("config", ConfigCommand.class);
    commands.put("acl", AclCommand.class);
    commands.put("quota", QuotaCommand.class);
    commands.put("user", UserCommand.class);
    commands.put("cluster", ClusterCommand.class);
    commands.put("node", NodesCommand.class);
    commands.put("quorum", QuorumCommand.class);
    commands.put("features", FeaturesCommand.class);
    commands.put("support", SupportCommand.class);
    commands.put("version", VersionCommand.class);
    return commands;
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

  private static int failed(Exception thrown, PrintWriter out, PrintWriter err) {
    CommandFailure failure = FailureReport.of(thrown);
    out.flush();
    err.println("tidemark: " + failure.getMessage());
    err.flush();
    return failure.exitCode();
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, false, StandardCharsets.UTF_8);
  }
}
