package io.tidemark.gateway.cli;

import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that asks a node something through the Admin client and prints the answer. */
abstract class NodeCommand implements Callable<Integer> {
  @Mixin ClientOptions client = new ClientOptions();

  @Mixin HelpOption help = new HelpOption();

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public final Integer call() throws Exception {
    try (Admin admin = client.admin()) {
      return run(admin);
    }
  }

  /** Does the work; answers the exit code. */
  abstract int run(Admin admin) throws Exception;

  final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  final void print(Result result) {
    result.print(out(), client.output.format);
  }

  /** Says that something was done, as a line or as an object with one entry. */
  final void say(String what, String line) {
    switch (client.output.format) {
      case table -> out().println(line);
      case json -> Result.printJson(out(), java.util.Map.of("result", what, "message", line));
    }
    out().flush();
  }

  /** Waits for an answer; one that the client does not have is a bug of ours. */
  static <T> T await(@Nullable KafkaFuture<T> future) throws Exception {
    return Objects.requireNonNull(future, "nothing was asked").get();
  }
}
