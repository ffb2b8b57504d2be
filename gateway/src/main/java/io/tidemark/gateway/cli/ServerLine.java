package io.tidemark.gateway.cli;

import io.tidemark.gateway.config.ConfigurationException;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.node.Node;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The command line of a node as services write it, read without Picocli, which takes a quarter of a
 * second to look at itself: a fifth of a node's start. Help, mistakes and everything unusual are
 * Picocli's, see {@link ServerCommand}.
 *
 * @param config a properties file
 * @param set settings over those of the file, {@code KEY=VALUE}
 */
record ServerLine(@Nullable Path config, List<String> set) {
  private static final String COMMAND = "server";
  private static final String CONFIG = "--config";
  private static final String SET = "--set";

  ServerLine {
    set = List.copyOf(set);
  }

  /** Nothing where anything but the command and its two options, rightly written, stands there. */
  static Optional<ServerLine> of(String... args) {
    if (args.length == 0 || !args[0].equals(COMMAND)) {
      return Optional.empty();
    }
    @Nullable Path config = null;
    List<String> set = new ArrayList<>();
    int next = 1;
    while (next < args.length) {
      String option = args[next];
      int equals = option.indexOf('=');
      String name = equals < 0 ? option : option.substring(0, equals);
      boolean isApart = equals < 0;
      if (isApart && next + 1 == args.length) {
        return Optional.empty();
      }
      String value = isApart ? args[next + 1] : option.substring(equals + 1);
      if (value.isEmpty() || (isApart && value.startsWith("-"))) {
        return Optional.empty();
      }
      if (name.equals(SET)) {
        set.add(value);
      } else if (name.equals(CONFIG) && config == null) {
        config = Path.of(value);
      } else {
        return Optional.empty();
      }
      next += isApart ? 2 : 1;
    }
    return Optional.of(new ServerLine(config, set));
  }

  /**
   * Runs the node until it is stopped.
   *
   * @param out told in one line when it serves
   * @return the exit code
   * @throws CommandFailure the configuration is not usable, or the node could not go on
   */
  int run(PrintWriter out, PrintWriter err) throws IOException, InterruptedException {
    NodeConfig settings;
    try {
      settings = NodeConfig.load(config, set);
    } catch (ConfigurationException e) {
      e.problems().forEach(problem -> err.println("tidemark: " + problem));
      throw CommandFailure.usage("the configuration is not usable, see the lines above");
    }
    Node node = Node.start(settings);
    StopHook hook = StopHook.install(node, () -> {});
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
