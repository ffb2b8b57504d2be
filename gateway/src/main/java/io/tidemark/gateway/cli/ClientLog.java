package io.tidemark.gateway.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;

/** What the Kafka clients in this process log. */
final class ClientLog {
  private static final String CLIENTS = "org.apache.kafka.clients";

  private ClientLog() {}

  /** No warnings any more of retries and lost connections, where nodes are killed on purpose. */
  static void errorsOnly() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.getLogger(CLIENTS).setLevel(Level.ERROR);
    }
  }
}
