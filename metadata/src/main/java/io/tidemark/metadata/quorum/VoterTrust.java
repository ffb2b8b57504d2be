package io.tidemark.metadata.quorum;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trusts nodes alone: who connects must be one, and who is connected to must be the voter that is
 * configured to listen there. A good certificate of somebody else is worth nothing here. Safe from
 * any thread.
 */
final class VoterTrust extends X509ExtendedTrustManager {
  private final QuorumTls tls;
  private final List<Voter> voters;

  VoterTrust(QuorumTls tls, List<Voter> voters) {
    this.tls = tls;
    this.voters = voters;
  }

  @Override
  public void checkClientTrusted(
      X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
      throws CertificateException {
    tls.authorities().checkClientTrusted(chain, authType, engine);
    require(tls.voters().isOfSomeNode(chain[0]), chain[0], "a node");
  }

  @Override
  public void checkServerTrusted(
      X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
      throws CertificateException {
    tls.authorities().checkServerTrusted(chain, authType, engine);
    Optional<Voter> meant = engine == null ? Optional.empty() : at(engine);
    require(
        meant
            .map(voter -> tls.voters().isOf(chain[0], voter.nodeId()))
            .orElseGet(() -> tls.voters().isOfSomeNode(chain[0])),
        chain[0],
        meant.map(voter -> "voter " + voter.nodeId()).orElse("a node"));
  }

  private Optional<Voter> at(SSLEngine engine) {
    return voters.stream()
        .filter(voter ->
            voter.host().equalsIgnoreCase(engine.getPeerHost())
                && voter.port() == engine.getPeerPort())
        .findFirst();
  }

  private static void require(boolean isGood, X509Certificate certificate, String whose)
      throws CertificateException {
    if (!isGood) {
      throw new CertificateException(
          "The certificate of %s is not of %s"
              .formatted(certificate.getSubjectX500Principal(), whose));
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    checkClientTrusted(chain, authType, (SSLEngine) null);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    checkServerTrusted(chain, authType, (SSLEngine) null);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    checkClientTrusted(chain, authType);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    checkServerTrusted(chain, authType);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return tls.authorities().getAcceptedIssuers();
  }
}
