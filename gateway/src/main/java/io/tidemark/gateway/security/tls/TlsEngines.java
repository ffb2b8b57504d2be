package io.tidemark.gateway.security.tls;

import io.tidemark.gateway.config.HostPort;
import io.tidemark.gateway.config.ListenerSettings;
import io.tidemark.gateway.config.TlsKeys;
import java.util.Map;
import javax.net.ssl.SSLEngine;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.network.ConnectionMode;
import org.apache.kafka.common.security.auth.SslEngineFactory;
import org.apache.kafka.common.security.ssl.SslFactory;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one listener encrypts with, or this node where it goes to others' listeners of that name.
 * Engines are made by any thread; everything that changes it happens one at a time. A connection
 * keeps what it was opened with.
 */
public final class TlsEngines implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TlsEngines.class);
  private static final String NOBODY = "";
  private static final int NO_PORT = -1;

  private final String name;
  private final ConnectionMode mode;
  private Map<String, Object> settings; // guarded by this
  private String refused = ""; // guarded by this: the last failure told, so that it is told once
  private volatile Engines engines; // because loops read what a reload has written

  /**
   * Makers of engines.
   *
   * @param factory of the JDK's, and what has read the stores
   * @param others of OpenSSL; null where there are none
   */
  private record Engines(SslFactory factory, @Nullable NativeEngines others) {
    SSLEngine make() {
      return others == null ? factory.createSslEngine(NOBODY, NO_PORT) : others.newEngine();
    }

    void close(String name) {
      Utils.closeQuietly(factory, "engines of " + name);
    }
  }

  private TlsEngines(
      String name, ConnectionMode mode, Map<String, Object> settings, Engines engines) {
    this.name = name;
    this.mode = mode;
    this.settings = settings;
    this.engines = engines;
  }

  /** Reads a listener's stores; throws {@link ConfigException} where they cannot be used. */
  public static TlsEngines ofListener(ListenerSettings listener) {
    return open("The listener " + listener.name(), ConnectionMode.SERVER, listener);
  }

  /** The same for connections from here to listeners of the name on other nodes. */
  public static TlsEngines toListeners(ListenerSettings listener) {
    return open("The way to listeners " + listener.name(), ConnectionMode.CLIENT, listener);
  }

  private static TlsEngines open(String name, ConnectionMode mode, ListenerSettings listener) {
    Map<String, Object> settings = settingsOf(mode, listener);
    return new TlsEngines(name, mode, settings, make(name, mode, settings));
  }

  /** Lists of revoked certificates are for who connects to here. */
  private static Map<String, Object> settingsOf(ConnectionMode mode, ListenerSettings listener) {
    Map<String, Object> settings = listener.tls();
    if (mode == ConnectionMode.SERVER && settings.containsKey(TlsKeys.CRL_LOCATION)) {
      settings.put(SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG, RevokingEngines.class);
    }
    return settings;
  }

  private static Engines make(String name, ConnectionMode mode, Map<String, Object> settings) {
    SslFactory made = new SslFactory(mode);
    try {
      made.configure(settings);
      made.createSslEngine(NOBODY, NO_PORT);
      return new Engines(
          made,
          mode == ConnectionMode.SERVER
              ? NativeEngines.of(name, settings, made.sslEngineFactory())
              : null);
    } catch (KafkaException | IllegalArgumentException e) {
      Utils.closeQuietly(made, "engines of " + name);
      throw new ConfigException("%s cannot encrypt: %s".formatted(name, reason(e)));
    }
  }

  private static String reason(Throwable failure) {
    Throwable cause = failure.getCause();
    return cause == null || cause.getMessage() == null
        ? String.valueOf(failure.getMessage())
        : failure.getMessage() + ": " + cause.getMessage();
  }

  /** An engine for one connection that somebody has opened to here. */
  public SSLEngine newEngine() {
    return engines.make();
  }

  /** An engine for one connection from here. */
  public SSLEngine newEngine(HostPort to) {
    return engines.factory.createSslEngine(to.host(), to.port());
  }

  /** The stores as they were read last; another object after each change. */
  SslEngineFactory stores() {
    return engines.factory.sslEngineFactory();
  }

  /** The password of the key in {@link #stores}, else of its store, as kafka-clients takes it. */
  synchronized char @Nullable [] keyPassword() {
    return keyPassword(settings);
  }

  static char @Nullable [] keyPassword(Map<String, Object> settings) {
    Object ofKey = settings.get(TlsKeys.KEY_PASSWORD);
    Object password = ofKey == null ? settings.get(TlsKeys.KEYSTORE_PASSWORD) : ofKey;
    return password instanceof Password secret ? secret.value().toCharArray() : null;
  }

  /**
   * Checks settings without using them: that stores can be read and that the new certificate is
   * still this node's, as Kafka demands. Throws {@link ConfigException}.
   */
  public synchronized void validate(ListenerSettings changed) {
    Map<String, Object> next = settingsOf(mode, changed);
    requireSuccessor(next);
    make(name, mode, next).close(name);
  }

  private void requireSuccessor(Map<String, Object> next) {
    try {
      engines.factory.validateReconfiguration(next);
    } catch (KafkaException | IllegalArgumentException e) {
      throw new ConfigException("%s cannot change its certificates: %s".formatted(name, reason(e)));
    }
  }

  /** Takes over changed settings; what cannot be used is logged and changes nothing. */
  public synchronized void reconfigure(ListenerSettings changed) {
    Map<String, Object> next = settingsOf(mode, changed);
    if (!next.equals(settings)) {
      replace(next);
    }
  }

  /** Looks whether a file has changed since it was read, and reads it again. */
  public synchronized void reloadIfChanged() {
    if (stores().shouldBeRebuilt(settings)) {
      replace(settings);
    }
  }

  private void replace(Map<String, Object> next) {
    try {
      requireSuccessor(next);
      Engines former = engines;
      engines = make(name, mode, next);
      settings = next;
      refused = "";
      former.close(name);
      log.info("{} uses other certificates from now on", name);
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
    engines.close(name);
  }
}
