package io.tidemark.gateway.security.auth;

import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;

/** How this node says by SASL who it is, where it goes to another. Safe from any thread. */
public interface Login {

  /** Kafka's name of it, such as {@code PLAIN}. */
  String mechanism();

  /**
   * Begins one exchange; never waits.
   *
   * @throws SaslException where there is nothing to show at the moment, such as a token
   */
  SaslClient begin() throws SaslException;
}
