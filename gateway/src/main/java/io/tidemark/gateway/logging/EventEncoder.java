package io.tidemark.gateway.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import io.tidemark.gateway.http.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * Writes a log event as one line, whatever it contains: line breaks and control characters are
 * escaped, so a client's name cannot forge an event, and a stack trace follows its message on the
 * same line.
 */
public final class EventEncoder extends EncoderBase<ILoggingEvent> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final int MAX_FRAMES = 40;
  private static final int MAX_CAUSES = 5;
  private static final byte[] NOTHING = {};

  @Override
  public byte[] encode(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(160);
    switch (LogFormat.current()) {
      case TEXT -> text(event, line);
      case JSON -> json(event, line);
    }
    return line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void text(ILoggingEvent event, StringBuilder line) {
    line.append(time(event)).append(' ').append(event.getLevel());
    line.append(" [").append(event.getThreadName()).append("] ");
    line.append(shortName(event.getLoggerName())).append(": ");
    printable(event.getFormattedMessage(), line);
    if (event.getThrowableProxy() != null) {
      line.append(" | ");
      printable(stack(event.getThrowableProxy()), line);
    }
  }

  private static void json(ILoggingEvent event, StringBuilder line) {
    JsonWriter json =
        new JsonWriter()
            .object()
            .field("time", time(event))
            .field("level", event.getLevel().toString())
            .field("thread", event.getThreadName())
            .field("logger", event.getLoggerName())
            .field("message", event.getFormattedMessage());
    if (event.getThrowableProxy() != null) {
      json.field("stack", stack(event.getThrowableProxy()));
    }
    line.append(json.end());
  }

  private static String time(ILoggingEvent event) {
    return TIME.format(Instant.ofEpochMilli(event.getTimeStamp()));
  }

  private static String shortName(String logger) {
    return logger.substring(logger.lastIndexOf('.') + 1);
  }

  private static void printable(String text, StringBuilder line) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= ' ' && c != 0x7f && c != 0x2028 && c != 0x2029 && c != 0x85) {
        line.append(c);
      } else {
        line.append(c == '\n' ? "\\n" : "\\u%04x".formatted((int) c));
      }
    }
  }

  private static String stack(IThrowableProxy thrown) {
    StringBuilder out = new StringBuilder();
    @Nullable IThrowableProxy next = thrown;
    for (int causes = 0; next != null && causes < MAX_CAUSES; causes++) {
      if (causes > 0) {
        out.append(" caused by ");
      }
      out.append(next.getClassName()).append(": ").append(next.getMessage());
      frames(next.getStackTraceElementProxyArray(), out);
      next = next.getCause();
    }
    return out.toString();
  }

  private static void frames(StackTraceElementProxy[] frames, StringBuilder out) {
    for (int i = 0; i < Math.min(frames.length, MAX_FRAMES); i++) {
      out.append(" < ").append(frames[i].getStackTraceElement());
    }
  }

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }
}
