package io.tidemark.gateway.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A cluster on this machine, whose nodes are killed, added and emptied under a verified load. */
@Command(
    name = "quickstart",
    description =
        "Start three nodes on this machine, produce all the time, kill a leader and start it again,"
            + " add a fourth node, move partitions to it and drain it, then replay and verify"
            + " everything, and keep serving.")
final class ClusterQuickstartCommand implements Callable<Integer> {
  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description =
          "Where the nodes keep their data and logs (default: a temporary folder, deleted at the"
              + " end).")
  @Nullable Path dataDir;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "19092",
      description =
          "The first of the nodes' ports, four each (default: ${DEFAULT-VALUE}); a taken one is"
              + " stepped over, 0 means any.")
  int port = 19_092;

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
    ClientLog.errorsOnly();
    Progress progress =
        new Progress(spec.commandLine().getOut(), Progress.isTerminal(), Time.SYSTEM);
    QuickstartHome home = QuickstartHome.of(dataDir);
    NodeChildren nodes = new NodeChildren(home.path(), port, progress::line);
    Thread ending = Thread.ofPlatform().name("stop").unstarted(() -> end(nodes, home));
    Runtime.getRuntime().addShutdownHook(ending);
    try {
      List<String> problems = new ClusterQuickstart(nodes, progress, Time.SYSTEM, seed).run();
      if (!exit) {
        serve(progress, nodes);
      }
      return problems.isEmpty() ? ExitCode.DONE : ExitCode.REFUSED;
    } finally {
      end(nodes, home);
    }
  }

  /**
   * Twice does no harm, and whoever comes second waits: the process may be told to end while this
   * command does.
   */
  private static synchronized void end(NodeChildren nodes, QuickstartHome home) {
    nodes.close();
    home.discard();
  }

  private static void serve(Progress progress, NodeChildren nodes) throws InterruptedException {
    String at = " --bootstrap-server " + nodes.address(1);
    progress.line("");
    progress.line("The nodes keep serving; Ctrl-C stops them. Try:");
    progress.line("  bin/tidemark node list" + at);
    progress.line("  bin/tidemark quorum describe" + at);
    progress.line("  bin/tidemark topic describe orders" + at);
    new CountDownLatch(1).await();
  }
}
