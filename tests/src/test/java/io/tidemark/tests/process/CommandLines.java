package io.tidemark.tests.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.gateway.cli.Tidemark;
import java.io.PrintWriter;
import java.io.StringWriter;

/** Runs command lines of {@code bin/tidemark} against a cluster, in this process. */
final class CommandLines {
  private CommandLines() {}

  /** Runs one that is expected to succeed; answers what it printed. */
  static String run(ClusterProcesses cluster, String... args) {
    String[] all = new String[args.length + 2];
    System.arraycopy(args, 0, all, 0, args.length);
    all[args.length] = "--bootstrap-server";
    all[args.length + 1] = cluster.bootstrapServers();
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode = Tidemark.execute(new PrintWriter(out), new PrintWriter(err), all);
    assertThat(exitCode).as("%s: %s", String.join(" ", args), err).isZero();
    return out.toString();
  }
}
