package io.tidemark.gateway.security.tls;

import io.tidemark.gateway.config.ListenerSettings;
import java.util.Map;
import javax.net.ssl.SSLEngine;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.network.ConnectionMode;
import org.apache.kafka.common.security.ssl.SslFactory;
import org.apache.kafka.common.utils.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one listener encrypts with. {@link #newEngine} is safe from any thread; everything that
 * changes it happens one at a time. A connection keeps what it was opened with.
 */
public final class TlsListener implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TlsListener.class);
  private static final String NO_CLIENT = "";
  private static final int NO_PORT = -1;

  private final String name;
  private Map<String, Object> settings; // guarded by this
  private String refused = ""; // guarded by this: the last failure told, so that it is told once
  private volatile SslFactory factory; // because loops read what a reload has written

  private TlsListener(String name, Map<String, Object> settings, SslFactory factory) {
    this.name = name;
    this.settings = settings;
    this.factory = factory;
  }

  /** Reads the listener's stores; throws {@link ConfigException} where they cannot be used. */
  public static TlsListener open(ListenerSettings listener) {
    Map<String, Object> settings = listener.tls();
    return new TlsListener(listener.name(), settings, make(listener.name(), settings));
  }

  private static SslFactory make(String listener, Map<String, Object> settings) {
    SslFactory made = new SslFactory(ConnectionMode.SERVER);
    try {
      made.configure(settings);
      made.createSslEngine(NO_CLIENT, NO_PORT);
      return made;
    } catch (KafkaException | IllegalArgumentException e) {
      Utils.closeQuietly(made, "engines of " + listener);
      throw new ConfigException(
          "The listener %s cannot encrypt: %s".formatted(listener, reason(e)));
    }
  }

  private static String reason(Throwable failure) {
    Throwable cause = failure.getCause();
    return cause == null || cause.getMessage() == null
        ? String.valueOf(failure.getMessage())
        : failure.getMessage() + ": " + cause.getMessage();
  }

  public String name() {
    return name;
  }

  /** An engine for one connection, in server mode. */
  public SSLEngine newEngine() {
    return factory.createSslEngine(NO_CLIENT, NO_PORT);
  }

  /**
   * Checks settings without using them: that stores can be read and that the new certificate is
   * still this node's, as Kafka demands. Throws {@link ConfigException}.
   */
  public synchronized void validate(ListenerSettings changed) {
    Map<String, Object> next = changed.tls();
    requireSuccessor(next);
    Utils.closeQuietly(make(name, next), "engines of " + name);
  }

  private void requireSuccessor(Map<String, Object> next) {
    try {
      factory.validateReconfiguration(next);
    } catch (KafkaException | IllegalArgumentException e) {
      throw new ConfigException(
          "The listener %s cannot change its certificates: %s".formatted(name, reason(e)));
    }
  }

  /** Takes over changed settings; what cannot be used is logged and changes nothing. */
  public synchronized void reconfigure(ListenerSettings changed) {
    Map<String, Object> next = changed.tls();
    if (!next.equals(settings)) {
      replace(next);
    }
  }

  /** Looks whether a file has changed since it was read, and reads it again. */
  public synchronized void reloadIfChanged() {
    if (factory.sslEngineFactory().shouldBeRebuilt(settings)) {
      replace(settings);
    }
  }

  private void replace(Map<String, Object> next) {
    try {
      requireSuccessor(next);
      SslFactory former = factory;
      factory = make(name, next);
      settings = next;
      refused = "";
      Utils.closeQuietly(former, "former engines of " + name);
      log.info("The listener {} uses other certificates from now on", name);
    } catch (ConfigException e) {
      tellOnce(String.valueOf(e.getMessage()));
    }
  }

  private void tellOnce(String why) {
    if (!why.equals(refused)) {
      refused = why;
      log.warn("{}; it goes on with the former ones", why);
    }
  }

  @Override
  public void close() {
    Utils.closeQuietly(factory, "engines of " + name);
  }
}
