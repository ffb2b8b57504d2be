package io.tidemark.gateway.cli;

import io.tidemark.gateway.config.ConfigurationException;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.node.Node;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * A node in this process. Says on standard output, in one line, when it serves; SIGTERM and SIGINT
 * close it in order.
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
    PrintWriter err = spec.commandLine().getErr();
    NodeConfig settings;
    try {
      settings = NodeConfig.load(config, set);
    } catch (ConfigurationException e) {
      e.problems().forEach(problem -> err.println("tidemark: " + problem));
      throw CommandFailure.usage("the configuration is not usable, see the lines above");
    }
    Node node = Node.start(settings);
    StopHook hook = StopHook.install(node, () -> {});
    PrintWriter out = spec.commandLine().getOut();
    out.println(node.readyLine());
    out.flush();
    try {
      node.stopped().get();
      return ExitCode.DONE;
    } catch (ExecutionException e) {
      throw CommandFailure.refused("the node stopped: " + NodeFailure.messageOf(e));
    } finally {
      hook.stop();
    }
  }
}
