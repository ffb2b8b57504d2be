package io.tidemark.gateway.logging;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How an event looks. */
public enum LogFormat {
  TEXT,
  JSON;

  private static volatile LogFormat current = initial(); // because any thread logs

  /** What the process logs in from here on. */
  public static void use(LogFormat format) {
    current = format;
  }

  /** From a setting's value. */
  public static LogFormat of(String value) {
    return valueOf(value.strip().toUpperCase(Locale.ROOT));
  }

  static LogFormat current() {
    return current;
  }

  private static LogFormat initial() {
    String property = System.getProperty("tidemark.log.format");
    @Nullable String wanted = property == null ? System.getenv("TIDEMARK_LOG_FORMAT") : property;
    return "json".equalsIgnoreCase(wanted) ? JSON : TEXT;
  }
}
