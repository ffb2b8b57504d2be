package io.tidemark.gateway.cli;

import picocli.CommandLine.Option;

/** The flag of every command that shows a result. */
final class OutputOption {
  @Option(
      names = "--output",
      paramLabel = "table|json",
      defaultValue = "table",
      description = "How to show the result (default: ${DEFAULT-VALUE}).")
  OutputFormat format = OutputFormat.table;
}
