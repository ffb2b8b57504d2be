package io.tidemark.metadata.quorum;

import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * How voters encrypt what they say to each other and know who says it: both sides of every
 * connection show a certificate. Safe from any thread.
 *
 * @param keys this voter's key and certificate as they are at the moment
 * @param authorities whose certificates are good, and whether they fit the host that was meant
 * @param voters which voter a good certificate is of
 * @param protocols versions of TLS
 * @param cipherSuites empty means the JDK's choice
 */
public record QuorumTls(
    X509ExtendedKeyManager keys,
    X509ExtendedTrustManager authorities,
    VoterCertificates voters,
    List<String> protocols,
    List<String> cipherSuites) {

  /** Which node a certificate is of. */
  public interface VoterCertificates {
    boolean isOf(X509Certificate certificate, int nodeId);

    boolean isOfSomeNode(X509Certificate certificate);
  }

  public QuorumTls {
    protocols = List.copyOf(protocols);
    cipherSuites = List.copyOf(cipherSuites);
  }
}
