package io.tidemark.tests.hostile;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** Errors and stack traces that this process logs while it is open. Any thread. */
final class LoggedErrors extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private static final int MAX_KEPT = 1_000;

  private final Queue<String> lines = new ConcurrentLinkedQueue<>();

  static LoggedErrors open() {
    LoggedErrors errors = new LoggedErrors();
    errors.start();
    root().addAppender(errors);
    return errors;
  }

  @Override
  protected void append(ILoggingEvent event) {
    boolean isBad =
        event.getLevel().isGreaterOrEqual(Level.ERROR) || event.getThrowableProxy() != null;
    if (isBad && lines.size() < MAX_KEPT) {
      lines.add(describe(event));
    }
  }

  private static String describe(ILoggingEvent event) {
    StringBuilder line = new StringBuilder();
    line.append(event.getLoggerName()).append(": ").append(event.getFormattedMessage());
    if (event.getThrowableProxy() != null) {
      line.append(" - ").append(event.getThrowableProxy().getClassName()).append(": ");
      line.append(event.getThrowableProxy().getMessage());
      for (var frame : event.getThrowableProxy().getStackTraceElementProxyArray()) {
        line.append("\n  ").append(frame);
        if (line.length() > 2_000) {
          break;
        }
      }
    }
    return line.toString();
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void close() {
    root().detachAppender(this);
    stop();
  }

  private static Logger root() {
    return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }
}
