package io.tidemark.gateway.security.auth;

import java.nio.ByteBuffer;
import java.util.function.Function;
import javax.net.ssl.SSLSession;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

/**
 * The client is whom its certificate names, ANONYMOUS where it has none; the handshake has checked
 * it.
 */
final class CertificateAuthentication implements Authentication {
  private static final Admission PASSED = new Admission.Passed();
  private static final Admission TOO_EARLY =
      new Admission.Refused("it sent a request before the TLS handshake was over");

  private final Function<SSLSession, KafkaPrincipal> names;
  private KafkaPrincipal principal = KafkaPrincipal.ANONYMOUS;
  private boolean isEncrypted;

  /**
   * @param names who a session's certificate is of
   */
  CertificateAuthentication(Function<SSLSession, KafkaPrincipal> names) {
    this.names = names;
  }

  @Override
  public void encrypted(SSLSession session) {
    principal = names.apply(session);
    isEncrypted = true;
  }

  @Override
  public KafkaPrincipal principal() {
    return principal;
  }

  @Override
  public boolean isDone() {
    return isEncrypted;
  }

  @Override
  public boolean takesBareTokens() {
    return false;
  }

  @Override
  public Admission admit(ApiKeys api) {
    return isEncrypted ? PASSED : TOO_EARLY;
  }

  @Override
  public Reply answer(AbstractRequest request) {
    throw new IllegalStateException("nothing is taken here");
  }

  @Override
  public Reply answer(ByteBuffer token) {
    throw new IllegalStateException("nothing is taken here");
  }
}
