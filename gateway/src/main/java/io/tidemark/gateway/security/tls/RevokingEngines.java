package io.tidemark.gateway.security.tls;

import io.tidemark.gateway.config.TlsKeys;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CRL;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.X509CertSelector;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.auth.SslEngineFactory;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's engines of a listener, which also refuse certificates that a list revokes. Every
 * certificate a client shows must be spoken for by a current list of its issuer; without one it is
 * refused, since nobody knows whether it was revoked. Made by kafka-clients, which wants a public
 * class and its constructor.
 */
public final class RevokingEngines implements SslEngineFactory {
  private final DefaultSslEngineFactory stores = new DefaultSslEngineFactory();
  private Path file = Path.of("");
  private FileTime readAt = FileTime.fromMillis(0);
  private @Nullable SSLContext context;
  private @Nullable TrustManagerFactory authorities;
  private Map<String, ?> settings = Map.of();

  @Override
  public void configure(Map<String, ?> configured) {
    settings = new HashMap<>(configured);
    stores.configure(configured);
    file = Path.of(text(TlsKeys.CRL_LOCATION));
    try {
      readAt = Files.getLastModifiedTime(file);
      SSLContext made = SSLContext.getInstance(text(TlsKeys.PROTOCOL));
      TrustManagerFactory trusted = trusted(revocations());
      made.init(keys(), trusted.getTrustManagers(), null);
      authorities = trusted;
      context = made;
    } catch (IOException | GeneralSecurityException e) {
      throw new ConfigException(
          TlsKeys.CRL_LOCATION, file, "certificates cannot be checked against it: " + e);
    }
  }

  private Collection<? extends CRL> revocations() throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      Collection<? extends CRL> lists = CertificateFactory.getInstance("X.509").generateCRLs(in);
      if (lists.isEmpty()) {
        throw new IOException("there is no list in it");
      }
      return lists;
    }
  }

  private KeyManager @Nullable [] keys() throws GeneralSecurityException {
    KeyStore keystore = stores.keystore();
    if (keystore == null) {
      return null;
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keystore, keyPassword());
    return factory.getKeyManagers();
  }

  private char @Nullable [] keyPassword() {
    for (String key : List.of(TlsKeys.KEY_PASSWORD, TlsKeys.KEYSTORE_PASSWORD)) {
      if (settings.get(key) instanceof Password password) {
        return password.value().toCharArray();
      }
    }
    return null;
  }

  private TrustManagerFactory trusted(Collection<? extends CRL> revocations)
      throws GeneralSecurityException {
    KeyStore truststore = stores.truststore();
    if (truststore == null) {
      throw new ConfigException(
          TlsKeys.CRL_LOCATION, file, "only a truststore says whose lists count");
    }
    PKIXRevocationChecker checker =
        (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
    checker.setOptions(
        EnumSet.of(
            PKIXRevocationChecker.Option.PREFER_CRLS, PKIXRevocationChecker.Option.NO_FALLBACK));
    PKIXBuilderParameters parameters =
        new PKIXBuilderParameters(truststore, new X509CertSelector());
    parameters.addCertStore(
        CertStore.getInstance("Collection", new CollectionCertStoreParameters(revocations)));
    parameters.addCertPathChecker(checker);
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(new CertPathTrustManagerParameters(parameters));
    return factory;
  }

  /** Whom these engines trust, for others. */
  TrustManagerFactory authorities() {
    TrustManagerFactory known = authorities;
    if (known == null) {
      throw new IllegalStateException("not configured");
    }
    return known;
  }

  @Override
  public SSLEngine createServerSslEngine(String peerHost, int peerPort) {
    SSLContext made = context;
    if (made == null) {
      throw new IllegalStateException("not configured");
    }
    SSLEngine engine = made.createSSLEngine(peerHost, peerPort);
    engine.setUseClientMode(false);
    List<?> protocols = list(TlsKeys.ENABLED_PROTOCOLS);
    if (!protocols.isEmpty()) {
      engine.setEnabledProtocols(protocols.toArray(String[]::new));
    }
    List<?> ciphers = list(TlsKeys.CIPHER_SUITES);
    if (!ciphers.isEmpty()) {
      engine.setEnabledCipherSuites(ciphers.toArray(String[]::new));
    }
    switch (text(TlsKeys.CLIENT_AUTH)) {
      case "required" -> engine.setNeedClientAuth(true);
      case "requested" -> engine.setWantClientAuth(true);
      default -> engine.setNeedClientAuth(false);
    }
    return engine;
  }

  @Override
  public SSLEngine createClientSslEngine(String peerHost, int peerPort, String identification) {
    throw new KafkaException("revocation lists are for who connects to a listener");
  }

  private String text(String key) {
    return settings.get(key) instanceof String text ? text : "";
  }

  private List<?> list(String key) {
    return settings.get(key) instanceof List<?> list ? list : List.of();
  }

  /** Also when the list was replaced; one that cannot be looked at is left for the next time. */
  @Override
  public boolean shouldBeRebuilt(Map<String, Object> next) {
    return stores.shouldBeRebuilt(next) || hasOtherList(next);
  }

  private boolean hasOtherList(Map<String, Object> next) {
    try {
      return !file.toString().equals(String.valueOf(next.get(TlsKeys.CRL_LOCATION)))
          || !Files.getLastModifiedTime(file).equals(readAt);
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public Set<String> reconfigurableConfigs() {
    Set<String> keys = new HashSet<>(stores.reconfigurableConfigs());
    keys.add(TlsKeys.CRL_LOCATION);
    return keys;
  }

  @Override
  public @Nullable KeyStore keystore() {
    return stores.keystore();
  }

  @Override
  public @Nullable KeyStore truststore() {
    return stores.truststore();
  }

  @Override
  public void close() {
    stores.close();
  }
}
