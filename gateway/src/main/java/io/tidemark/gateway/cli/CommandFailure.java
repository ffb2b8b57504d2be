package io.tidemark.gateway.cli;

/** A command that could not do what was asked: its message is the line that the user reads. */
final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  private CommandFailure(int exitCode, String message) {
    super(message, null, false, false);
    this.exitCode = exitCode;
  }

  static CommandFailure refused(String message) {
    return new CommandFailure(ExitCode.REFUSED, message);
  }

  static CommandFailure usage(String message) {
    return new CommandFailure(ExitCode.USAGE, message);
  }

  static CommandFailure noConnection(String message) {
    return new CommandFailure(ExitCode.NO_CONNECTION, message);
  }

  int exitCode() {
    return exitCode;
  }
}
