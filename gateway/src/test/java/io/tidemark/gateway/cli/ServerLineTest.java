package io.tidemark.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Whatever is read here Picocli would have read alike. */
class ServerLineTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "server",
        "server --config=node.properties",
        "server --config node.properties",
        "server --set=node.id=2",
        "server --set node.id=2 --config=/etc/node.properties --set=log.dirs=/a=b,/c",
        "server --set=node.id --set=x==y",
      })
  void aLineOfAServiceReadsAsPicocliReadsIt(String line) {
    String[] args = line.split(" ");
    ServerCommand command = new ServerCommand();
    new CommandLine(command)
        .parseArgs(List.of(args).subList(1, args.length).toArray(String[]::new));

    assertThat(ServerLine.of(args)).hasValue(new ServerLine(command.config, command.set));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "version",
        "server --help",
        "server -h",
        "server node.properties",
        "server --config",
        "server --config=",
        "server --config a --config b",
        "server --set",
        "server --set --config",
        "server --sett=node.id=2",
        "server @file",
        "Server"
      })
  void everythingElseIsPicoclis(String line) {
    assertThat(ServerLine.of(line.split(" "))).isEmpty();
  }

  @Test
  void noCommandIsPicoclis() {
    assertThat(ServerLine.of()).isEmpty();
  }

  @Test
  void settingsKeepTheirOrder() {
    assertThat(ServerLine.of("server", "--set=a=1", "--set", "b=2", "--config", "f"))
        .hasValue(new ServerLine(Path.of("f"), List.of("a=1", "b=2")));
  }
}
