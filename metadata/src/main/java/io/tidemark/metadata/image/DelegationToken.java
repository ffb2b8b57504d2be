package io.tidemark.metadata.image;

import java.util.List;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

/**
 * What the cluster knows of a delegation token (KIP-48). The secret by which somebody logs in with
 * it is not here: nodes work it out from the id and a key they share.
 *
 * @param owner who somebody with the token is
 * @param requester who had it made
 * @param renewers who may prolong it besides these two
 * @param maxMs after which nobody can prolong it, in milliseconds since 1970, as the other times
 * @param expiresMs after which it is no longer good
 */
public record DelegationToken(
    String id,
    KafkaPrincipal owner,
    KafkaPrincipal requester,
    List<KafkaPrincipal> renewers,
    long issuedMs,
    long maxMs,
    long expiresMs) {

  public DelegationToken {
    renewers = List.copyOf(renewers);
  }

  public boolean isExpired(long nowMs) {
    return maxMs < nowMs || expiresMs < nowMs;
  }

  /** Whether somebody may prolong it, end it and see it. */
  public boolean isOf(KafkaPrincipal principal) {
    return owner.equals(principal) || requester.equals(principal) || renewers.contains(principal);
  }

  public DelegationToken until(long nextExpiresMs) {
    return new DelegationToken(id, owner, requester, renewers, issuedMs, maxMs, nextExpiresMs);
  }
}
