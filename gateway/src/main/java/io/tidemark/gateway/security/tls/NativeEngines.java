package io.tidemark.gateway.security.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.tidemark.gateway.config.TlsKeys;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.security.auth.SslEngineFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listener's engines of OpenSSL, which is BoringSSL by netty-tcnative: of the stores that
 * kafka-clients has read, and with the JDK's say on whom to trust, so only the arithmetic differs.
 * Nobody comes back to a session of before, since then no certificate would be looked at. Engines
 * are made by any thread; memory outside the heap is given back with the last of them.
 */
final class NativeEngines {
  private static final Logger log = LoggerFactory.getLogger(NativeEngines.class);
  private static final String OPENSSL = "openssl";
  private static final String JDK = "jdk";

  /** Of keys that both libraries know. */
  private static final Set<String> KEYS = Set.of("RSA", "EC");

  private final SslContext context;

  private NativeEngines(SslContext context) {
    this.context = context;
  }

  /**
   * Null where the JDK's engines are to be used: because the settings say so, or because this
   * machine or these settings cannot have others. Throws {@link ConfigException} where they must.
   *
   * @param name of the listener, for the log
   * @param stores as kafka-clients has read them by the same settings
   */
  static @Nullable NativeEngines of(
      String name, Map<String, Object> settings, SslEngineFactory stores) {
    String wanted = String.valueOf(settings.get(TlsKeys.ENGINE));
    if (wanted.equals(JDK)) {
      return null;
    }
    try {
      return new NativeEngines(context(settings, stores));
    } catch (SSLException | GeneralSecurityException | IllegalArgumentException e) {
      if (wanted.equals(OPENSSL)) {
        throw new ConfigException(TlsKeys.ENGINE, wanted, "cannot be had: " + e.getMessage());
      }
      log.info("{} encrypts with the JDK's engines: {}", name, e.getMessage());
      return null;
    }
  }

  private static SslContext context(Map<String, Object> settings, SslEngineFactory stores)
      throws SSLException, GeneralSecurityException {
    if (!OpenSsl.isAvailable()) {
      throw new SSLException(
          "there is no OpenSSL for this machine: " + OpenSsl.unavailabilityCause());
    }
    SslContextBuilder builder =
        SslContextBuilder.forServer(keys(settings, stores))
            .sslProvider(SslProvider.OPENSSL)
            .clientAuth(clientAuth(settings));
    trust(builder, stores);
    List<String> protocols = list(settings, TlsKeys.ENABLED_PROTOCOLS);
    if (!protocols.isEmpty()) {
      builder.protocols(protocols);
    }
    List<String> ciphers = list(settings, TlsKeys.CIPHER_SUITES);
    if (!ciphers.isEmpty()) {
      builder.ciphers(ciphers);
    }
    SslContext made = builder.build();
    ((OpenSslServerSessionContext) made.sessionContext()).setSessionCacheEnabled(false);
    return made;
  }

  private static KeyManagerFactory keys(Map<String, Object> settings, SslEngineFactory stores)
      throws GeneralSecurityException {
    KeyStore store = stores.keystore();
    if (store == null) {
      throw new GeneralSecurityException("there is no key");
    }
    for (String alias : Collections.list(store.aliases())) {
      Certificate certificate = store.getCertificate(alias);
      if (store.isKeyEntry(alias) && !KEYS.contains(certificate.getPublicKey().getAlgorithm())) {
        throw new GeneralSecurityException(
            "OpenSSL has no keys like " + certificate.getPublicKey().getAlgorithm());
      }
    }
    KeyManagerFactory factory =
        new OpenSslCachingX509KeyManagerFactory(
            KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm()));
    factory.init(store, TlsEngines.keyPassword(settings));
    return factory;
  }

  /** Without a truststore the JDK's own authorities are trusted, as with its engines. */
  private static void trust(SslContextBuilder builder, SslEngineFactory stores)
      throws GeneralSecurityException {
    if (stores instanceof RevokingEngines revoking) {
      builder.trustManager(revoking.authorities());
      return;
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(stores.truststore());
    builder.trustManager(factory);
  }

  private static ClientAuth clientAuth(Map<String, Object> settings) {
    return switch (String.valueOf(settings.get(TlsKeys.CLIENT_AUTH))) {
      case "required" -> ClientAuth.REQUIRE;
      case "requested" -> ClientAuth.OPTIONAL;
      default -> ClientAuth.NONE;
    };
  }

  private static List<String> list(Map<String, Object> settings, String key) {
    return settings.get(key) instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : List.of();
  }

  SSLEngine newEngine() {
    return context.newEngine(ByteBufAllocator.DEFAULT);
  }
}
