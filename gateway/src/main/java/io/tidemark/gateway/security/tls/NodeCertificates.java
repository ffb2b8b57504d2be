package io.tidemark.gateway.security.tls;

import io.tidemark.gateway.config.AuthorisationKeys;
import io.tidemark.gateway.config.ListenerSettings;
import io.tidemark.gateway.config.NodePrincipals;
import io.tidemark.gateway.config.TlsKeys;
import io.tidemark.metadata.quorum.QuorumTls;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.ssl.SslPrincipalMapper;

/** Which nodes certificates are of, by a listener's rules. Safe from any thread. */
public final class NodeCertificates {
  private final ListenerSettings listener;
  private final TlsEngines engines;
  private final SslPrincipalMapper rules;

  private NodeCertificates(
      ListenerSettings listener, TlsEngines engines, SslPrincipalMapper rules) {
    this.listener = listener;
    this.engines = engines;
    this.rules = rules;
  }

  /** By the rules of a listener, with the stores this node goes to it with. */
  public static NodeCertificates of(ListenerSettings listener, TlsEngines engines) {
    return new NodeCertificates(
        listener,
        engines,
        SslPrincipalMapper.fromRules(listener.getString(TlsKeys.PRINCIPAL_MAPPING_RULES)));
  }

  /**
   * Throws {@link ConfigException} unless this node's own certificate is of the node it wants to
   * be: others would not believe it.
   */
  public void requireOwn(NodePrincipals principals, int nodeId) {
    if (!principals.areBound()) {
      return;
    }
    KafkaPrincipal own =
        own()
            .map(this::principal)
            .orElseThrow(() ->
                new ConfigException(
                    "ssl.keystore.location: this node shows others its certificate at %s, and has none"
                        .formatted(listener.name())));
    if (!principals.isNode(own, nodeId)) {
      throw new ConfigException(
          "%s: this node's certificate for %s makes it %s, and it must be %s to speak for node %d"
              .formatted(
                  AuthorisationKeys.NODE_PRINCIPAL,
                  listener.name(),
                  own,
                  principals.of(nodeId),
                  nodeId));
    }
  }

  private Optional<X509Certificate> own() {
    KeyStore keys = engines.stores().keystore();
    if (keys == null) {
      return Optional.empty();
    }
    try {
      for (String alias : Collections.list(keys.aliases())) {
        if (keys.isKeyEntry(alias) && keys.getCertificate(alias) instanceof X509Certificate own) {
          return Optional.of(own);
        }
      }
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a store that was read", e);
    }
  }

  private KafkaPrincipal principal(X509Certificate certificate) {
    String name = certificate.getSubjectX500Principal().getName();
    try {
      return new KafkaPrincipal(KafkaPrincipal.USER_TYPE, rules.getName(name));
    } catch (IOException e) {
      return KafkaPrincipal.ANONYMOUS; // no rule speaks of it
    }
  }

  /** What voters encrypt with and know each other by; follows the stores as they change. */
  public QuorumTls betweenVoters(NodePrincipals principals) {
    StoreManagers managers = new StoreManagers(listener, engines);
    return new QuorumTls(
        managers.keys(),
        managers.authorities(),
        new QuorumTls.VoterCertificates() {
          @Override
          public boolean isOf(X509Certificate certificate, int nodeId) {
            return principals.isNode(principal(certificate), nodeId);
          }

          @Override
          public boolean isOfSomeNode(X509Certificate certificate) {
            return principals.isSomeNode(principal(certificate));
          }
        },
        listener.getList(TlsKeys.ENABLED_PROTOCOLS),
        listener.getList(TlsKeys.CIPHER_SUITES));
  }
}
