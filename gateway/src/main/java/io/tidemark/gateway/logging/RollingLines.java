package io.tidemark.gateway.logging;

import ch.qos.logback.core.ContextBase;
import ch.qos.logback.core.encoder.EncoderBase;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.TriggeringPolicyBase;
import io.tidemark.gateway.security.audit.AuditSink;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A file of lines that is begun anew when it is full: {@code audit.log} becomes {@code audit.log.1}
 * and so on, of which the last few are kept. Rolled by Logback. Used by one thread.
 */
public final class RollingLines implements AuditSink {
  private static final byte[] NOTHING = {};

  private final RollingFileAppender<String> appender = new RollingFileAppender<>();

  private RollingLines() {}

  /** Opens the file, to go on behind what is there. */
  public static RollingLines open(Path file, long maxBytes, int maxFiles) throws IOException {
    RollingLines lines = new RollingLines();
    lines.start(file, maxBytes, maxFiles);
    return lines;
  }

  private void start(Path file, long maxBytes, int maxFiles) throws IOException {
    ContextBase context = new ContextBase(); // its own, whatever else logs in this process
    FixedWindowRollingPolicy rolling = new FixedWindowRollingPolicy();
    rolling.setContext(context);
    rolling.setParent(appender);
    rolling.setFileNamePattern(file + ".%i");
    rolling.setMinIndex(1);
    rolling.setMaxIndex(maxFiles);
    WhenFull trigger = new WhenFull(maxBytes);
    trigger.setContext(context);
    Lines encoder = new Lines();
    encoder.setContext(context);
    appender.setContext(context);
    appender.setName("audit");
    appender.setFile(file.toString());
    appender.setEncoder(encoder);
    appender.setRollingPolicy(rolling);
    appender.setTriggeringPolicy(trigger);
    rolling.start();
    trigger.start();
    encoder.start();
    appender.start();
    if (!appender.isStarted()) {
      throw new IOException(file + " cannot be written to");
    }
  }

  /** A file that failed is opened again with the next line. */
  @Override
  public boolean write(String line) {
    if (!appender.isStarted()) {
      appender.start();
    }
    appender.doAppend(line);
    return appender.isStarted();
  }

  @Override
  public void close() {
    appender.stop();
  }

  /** Logback's own looks only once a minute. */
  private static final class WhenFull extends TriggeringPolicyBase<String> {
    private final long maxBytes;

    WhenFull(long maxBytes) {
      this.maxBytes = maxBytes;
    }

    @Override
    public boolean isTriggeringEvent(File active, String line) {
      return active.length() >= maxBytes;
    }
  }

  private static final class Lines extends EncoderBase<String> {
    @Override
    public byte[] encode(String line) {
      return (line + "\n").getBytes(StandardCharsets.UTF_8);
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
}
