package io.tidemark.gateway.cli;

/** What the process's exit status says. An interrupted process ends with the JVM's own 130. */
final class ExitCode {
  static final int DONE = 0;
  static final int REFUSED = 1;
  static final int USAGE = 2;
  static final int NO_CONNECTION = 3;

  private ExitCode() {}
}
