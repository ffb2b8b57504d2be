package io.tidemark.gateway.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * A node in this process. Says on standard output, in one line, when it serves; SIGTERM and SIGINT
 * close it in order. What it does is {@link ServerLine}'s.
 */
@Command(name = "server", description = "Run a node until it is stopped.")
final class ServerCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "A properties file; every setting is in docs/configuration.md.")
  @Nullable Path config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A setting, over those of the file; may be repeated.")
  List<String> set = new ArrayList<>();

  @Mixin HelpOption help = new HelpOption();

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, InterruptedException {
    return new ServerLine(config, set)
        .run(spec.commandLine().getOut(), spec.commandLine().getErr());
  }
}
