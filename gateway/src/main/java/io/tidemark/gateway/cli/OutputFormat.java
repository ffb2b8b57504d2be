package io.tidemark.gateway.cli;

/** How a command shows its result: {@code --output table|json}. */
enum OutputFormat {
  table,
  json
}
