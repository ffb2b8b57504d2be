package io.tidemark.tests.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.gateway.cli.Tidemark;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The walk through a cluster's life that the quickstart shows, to its end. */
@Tag("long")
class ClusterQuickstartIT {

  @Test
  void aLeaderIsKilledANodeAddedAndDrainedAndEverythingReadBack(@TempDir Path home) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();

    int exitCode =
        Tidemark.execute(
            new PrintWriter(out),
            new PrintWriter(err),
            "cluster",
            "quickstart",
            "--exit",
            "--port",
            "0",
            "--data-dir",
            home.toString());

    System.out.println(out);
    assertThat(exitCode).as("%s%n%s", out, err).isZero();
    assertThat(out.toString())
        .contains("kill -9  node", "failover", "back", "added", "moved", "drained", "verified: ");
    assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive)).isEmpty();
  }
}
