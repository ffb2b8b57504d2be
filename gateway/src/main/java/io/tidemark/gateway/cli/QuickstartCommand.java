package io.tidemark.gateway.cli;

import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.node.Node;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A node with a folder as its store, and the whole way of a stream through it, verified. */
@Command(
    name = "quickstart",
    description =
        "Start a node, produce a stream, let it move to object storage, replay and verify it, and"
            + " keep serving.")
final class QuickstartCommand implements Callable<Integer> {
  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description =
          "Where the node keeps its data (default: a temporary folder, deleted at the end).")
  @Nullable Path dataDir;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "9092",
      description =
          "The port for Kafka clients (default: ${DEFAULT-VALUE}); a taken one is stepped over, 0"
              + " means any.")
  int port = 9092;

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      defaultValue = "200MB",
      converter = ByteSize.Converter.class,
      description = "How much to produce (default: ${DEFAULT-VALUE}).")
  ByteSize size = new ByteSize(200_000_000);

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Another seed gives another stream (default: ${DEFAULT-VALUE}).")
  long seed = 1;

  @Option(names = "--exit", description = "Stop after the verification instead of serving on.")
  boolean exit;

  @Mixin HelpOption help = new HelpOption();

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    Progress progress = new Progress(out, Progress.isTerminal(), Time.SYSTEM);
    QuickstartPorts ports = QuickstartPorts.choose(port, progress::line);
    QuickstartHome home = QuickstartHome.of(dataDir);
    Node node = start(home, ports);
    StopHook hook = StopHook.install(node, home::discard);
    try {
      progress.line(node.readyLine());
      List<String> problems =
          new Quickstart("localhost:" + ports.kafka(), progress, Time.SYSTEM)
              .run(new Random(seed), size.bytes());
      if (!exit) {
        serve(node, progress, ports);
      }
      return problems.isEmpty() ? ExitCode.DONE : ExitCode.REFUSED;
    } finally {
      hook.stop();
    }
  }

  private static void serve(Node node, Progress progress, QuickstartPorts ports)
      throws InterruptedException {
    progress.line("");
    progress.line(
        "The node keeps serving; Ctrl-C stops it. Connect any Kafka client to localhost:"
            + ports.kafka()
            + ":");
    String at = ports.kafka() == 9092 ? "" : " --bootstrap-server localhost:" + ports.kafka();
    String http = ports.http() == 9094 ? "" : " --http localhost:" + ports.http();
    progress.line("  bin/tidemark consume orders --from beginning --max-messages 3" + at);
    progress.line("  bin/tidemark topic describe orders" + at);
    progress.line("  bin/tidemark tier status" + http);
    progress.line("Metrics: http://localhost:" + ports.http() + "/metrics");
    try {
      node.stopped().get();
    } catch (ExecutionException e) {
      throw CommandFailure.refused("the node stopped: " + NodeFailure.messageOf(e));
    }
  }

  private static Node start(QuickstartHome home, QuickstartPorts ports) throws IOException {
    try {
      return Node.start(NodeConfig.of(home.nodeSettings(ports)));
    } catch (IOException | RuntimeException e) {
      home.discard();
      throw e;
    }
  }
}
