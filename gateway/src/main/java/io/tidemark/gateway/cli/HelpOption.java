package io.tidemark.gateway.cli;

import picocli.CommandLine.Option;

/** The flag every command has. */
final class HelpOption {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean isAsked;
}
