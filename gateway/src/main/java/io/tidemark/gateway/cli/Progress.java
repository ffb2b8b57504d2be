package io.tidemark.gateway.cli;

import java.io.Console;
import java.io.PrintWriter;
import org.apache.kafka.common.utils.Time;

/**
 * Tells how far a job is: on a terminal one line that is drawn over, elsewhere a plain line every
 * few seconds, so that a log stays readable. Used by one thread.
 */
final class Progress {
  private static final long TERMINAL_EVERY_MS = 150;
  private static final long PLAIN_EVERY_MS = 2_000;

  private final PrintWriter out;
  private final boolean terminal;
  private final Time time;
  private long lastMs;
  private int drawn;

  Progress(PrintWriter out, boolean terminal, Time time) {
    this.out = out;
    this.terminal = terminal;
    this.time = time;
    this.lastMs = time.hiResClockMs();
  }

  /**
   * Whether somebody sits before a terminal. Without one there is no console at all on Java 25,
   * other than on 22 to 24.
   */
  @SuppressWarnings("SystemConsoleNull")
  static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /** Whether enough time has passed to show something again. */
  boolean isDue() {
    return time.hiResClockMs() - lastMs >= (terminal ? TERMINAL_EVERY_MS : PLAIN_EVERY_MS);
  }

  void show(String text) {
    lastMs = time.hiResClockMs();
    if (!terminal) {
      out.println(text);
    } else {
      out.print("\r" + text + " ".repeat(Math.max(0, drawn - text.length())));
      drawn = text.length();
    }
    out.flush();
  }

  /** Prints a line that stays. */
  void line(String text) {
    if (terminal && drawn > 0) {
      out.print("\r" + " ".repeat(drawn) + "\r");
      drawn = 0;
    }
    out.println(text);
    out.flush();
  }
}
