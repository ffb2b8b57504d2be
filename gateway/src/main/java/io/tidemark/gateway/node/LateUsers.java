package io.tidemark.gateway.node;

import io.tidemark.gateway.security.auth.ScramUsers;
import org.apache.kafka.common.security.scram.ScramCredential;
import org.jspecify.annotations.Nullable;

/** The cluster's users, for listeners that are made before the cluster is known. */
final class LateUsers implements ScramUsers {
  /** Volatile because the wiring sets it and event loops read it. */
  private volatile ScramUsers users = ScramUsers.NONE;

  void serve(ScramUsers known) {
    users = known;
  }

  @Override
  public @Nullable ScramCredential credential(String mechanism, String user) {
    return users.credential(mechanism, user);
  }

  @Override
  public @Nullable TokenLogin token(String mechanism, String tokenId) {
    return users.token(mechanism, tokenId);
  }

  @Override
  public byte[] secret() {
    return users.secret();
  }

  @Override
  public int usualIterations(String mechanism) {
    return users.usualIterations(mechanism);
  }
}
