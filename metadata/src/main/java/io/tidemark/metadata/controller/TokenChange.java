package io.tidemark.metadata.controller;

import java.util.List;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

/** What somebody who may do so wants to become of a delegation token. */
public sealed interface TokenChange {

  KafkaPrincipal requester();

  /**
   * A token is to be made.
   *
   * @param maxLifeMs for how long it can be prolonged at most
   * @param lifeMs for how long it is good at first
   */
  record Create(
      KafkaPrincipal requester,
      KafkaPrincipal owner,
      List<KafkaPrincipal> renewers,
      long maxLifeMs,
      long lifeMs)
      implements TokenChange {
    public Create {
      renewers = List.copyOf(renewers);
    }
  }

  /** It is to be good for so long from now on, as far as it can be. */
  record Renew(KafkaPrincipal requester, String tokenId, long lifeMs) implements TokenChange {}

  /** It is to end in a while; at once where that is negative. */
  record Expire(KafkaPrincipal requester, String tokenId, long inMs) implements TokenChange {}
}
