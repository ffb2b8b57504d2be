package io.tidemark.gateway.security.tls;

import io.tidemark.gateway.config.ListenerSettings;
import io.tidemark.gateway.config.TlsKeys;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.apache.kafka.common.security.auth.SslEngineFactory;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's managers of the stores that {@link TlsEngines} has read, for those who make engines
 * themselves. Both ask for the stores at each handshake, so a change holds from the next one on.
 * Safe from any thread.
 */
final class StoreManagers {

  /** The managers of stores as they were read once. */
  private record Current(
      SslEngineFactory stores, X509ExtendedKeyManager keys, X509ExtendedTrustManager authorities) {}

  private final TlsEngines engines;
  private final boolean checksHosts;
  private volatile @Nullable Current current; // because handshakes come from any thread

  StoreManagers(ListenerSettings listener, TlsEngines engines) {
    this.engines = engines;
    this.checksHosts = listener.getOptional(TlsKeys.ENDPOINT_IDENTIFICATION).isPresent();
  }

  X509ExtendedKeyManager keys() {
    return new Keys();
  }

  X509ExtendedTrustManager authorities() {
    return new Authorities();
  }

  /** Reloading makes new ones, so that the same stores are the same object. */
  @SuppressWarnings("ReferenceEquality")
  private Current now() {
    SslEngineFactory stores = engines.stores();
    Current known = current;
    if (known == null || known.stores != stores) {
      known = read(stores);
      current = known;
    }
    return known;
  }

  private Current read(SslEngineFactory stores) {
    try {
      return new Current(stores, keysOf(stores.keystore()), authoritiesOf(stores.truststore()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("stores that were read", e);
    }
  }

  private X509ExtendedKeyManager keysOf(KeyStore store) throws GeneralSecurityException {
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, engines.keyPassword());
    return only(X509ExtendedKeyManager.class, factory.getKeyManagers());
  }

  private static X509ExtendedTrustManager authoritiesOf(KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return only(X509ExtendedTrustManager.class, factory.getTrustManagers());
  }

  private static <T> T only(Class<T> type, Object[] managers) {
    return Stream.of(managers).filter(type::isInstance).map(type::cast).findFirst().orElseThrow();
  }

  private final class Keys extends X509ExtendedKeyManager {

    @Override
    public String chooseEngineClientAlias(
        String[] keyTypes, Principal[] issuers, SSLEngine engine) {
      return now().keys.chooseEngineClientAlias(keyTypes, issuers, engine);
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
      return now().keys.chooseEngineServerAlias(keyType, issuers, engine);
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
      return now().keys.chooseClientAlias(keyTypes, issuers, socket);
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
      return now().keys.chooseServerAlias(keyType, issuers, socket);
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
      return now().keys.getClientAliases(keyType, issuers);
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
      return now().keys.getServerAliases(keyType, issuers);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return now().keys.getCertificateChain(alias);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return now().keys.getPrivateKey(alias);
    }
  }

  private final class Authorities extends X509ExtendedTrustManager {

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
        throws CertificateException {
      now().authorities.checkClientTrusted(chain, authType, engine);
    }

    /** With the engine, the host that was meant must be in the certificate too. */
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
        throws CertificateException {
      if (checksHosts) {
        now().authorities.checkServerTrusted(chain, authType, engine);
      } else {
        now().authorities.checkServerTrusted(chain, authType);
      }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
        throws CertificateException {
      now().authorities.checkClientTrusted(chain, authType, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
        throws CertificateException {
      now().authorities.checkServerTrusted(chain, authType, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      now().authorities.checkClientTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      now().authorities.checkServerTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return now().authorities.getAcceptedIssuers();
    }
  }
}
