package io.tidemark.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Exit codes and messages of command lines that need no node. */
class TidemarkTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void helpIsPrintedForEveryCommand() {
    for (String line :
        new String[] {
          "--help",
          "topic --help",
          "topic create --help",
          "topic delete-records --help",
          "produce --help",
          "consume --help",
          "group reset-offsets --help",
          "tier verify --help",
          "config alter --help",
          "cluster describe --help",
          "cluster quickstart --help",
          "node list --help",
          "node drain --help",
          "node undrain --help",
          "node remove --help",
          "support --help",
          "version --help"
        }) {
      assertThat(run(line.split(" "))).as(line).isEqualTo(ExitCode.DONE);
      assertThat(out.toString()).as(line).contains("Usage: tidemark");
      assertThat(err.toString()).as(line).isEmpty();
    }
  }

  @Test
  void theHelpListsEveryCommandByTheNameThatItHas() {
    assertThat(run("--help")).isEqualTo(ExitCode.DONE);
    List<String> names =
        Pattern.compile("^  ([a-z]+) +[A-Z]", Pattern.MULTILINE)
            .matcher(out.toString())
            .results()
            .map(found -> found.group(1))
            .toList();

    assertThat(names).hasSize(17).contains("server", "topic", "version");
    for (String name : names) {
      assertThat(run(name, "--help")).as(name).isEqualTo(ExitCode.DONE);
      assertThat(out.toString()).as(name).contains("Usage: tidemark " + name + " ");
    }
  }

  @Test
  void wrongUsageIsOneLineThatPointsToTheHelp() {
    assertThat(run("topic", "create")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("TOPIC").contains("see 'tidemark topic create --help'");
    assertThat(run("topik")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .contains("did you mean", "topic", "See 'tidemark --help'");
    assertThat(run()).isEqualTo(ExitCode.USAGE);
    assertThat(run("topic")).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void aPortWhereNobodyListensIsNoConnection() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }

    assertThat(run("topic", "list", "--bootstrap-server", "localhost:" + port))
        .isEqualTo(ExitCode.NO_CONNECTION);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).contains("cannot connect to localhost:" + port);
    assertThat(run("tier", "status", "--http", "localhost:" + port))
        .isEqualTo(ExitCode.NO_CONNECTION);
    assertThat(err.toString()).contains("connection refused");
  }

  @Test
  void aMalformedAddressIsWrongUsage() {
    assertThat(run("topic", "list", "--bootstrap-server", "nowhere")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("host:port");
  }

  @Test
  void versionNamesTidemarkTheProtocolAndJava() {
    assertThat(run("version", "--output", "json")).isEqualTo(ExitCode.DONE);
    assertThat(out.toString()).contains("\"kafkaProtocol\"");
  }

  private int run(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Tidemark.execute(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }
}
