package io.tidemark.gateway.security.auth;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLSession;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

/** Everybody is ANONYMOUS and comes in. Without state, so shared. */
final class OpenAuthentication implements Authentication {
  static final OpenAuthentication INSTANCE = new OpenAuthentication();

  private static final Admission PASSED = new Admission.Passed();

  private OpenAuthentication() {}

  @Override
  public void encrypted(SSLSession session) {
    // whoever it is, they are not asked
  }

  @Override
  public KafkaPrincipal principal() {
    return KafkaPrincipal.ANONYMOUS;
  }

  @Override
  public boolean isDone() {
    return true;
  }

  @Override
  public boolean takesBareTokens() {
    return false;
  }

  @Override
  public Admission admit(ApiKeys api) {
    return PASSED;
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
