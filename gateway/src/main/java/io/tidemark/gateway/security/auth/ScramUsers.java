package io.tidemark.gateway.security.auth;

import org.apache.kafka.common.security.scram.ScramCredential;
import org.jspecify.annotations.Nullable;

/** Credentials of SCRAM as the cluster has them now. Safe from any thread; never waits. */
public interface ScramUsers {

  /** A cluster without users. */
  ScramUsers NONE =
      new ScramUsers() {
        @Override
        public @Nullable ScramCredential credential(String mechanism, String user) {
          return null;
        }

        @Override
        public byte[] secret() {
          return new byte[1];
        }

        @Override
        public int usualIterations(String mechanism) {
          return 0;
        }
      };

  /**
   * What a delegation token is good for now.
   *
   * @param owner whom it stands for
   * @param expiresMs when it ends, in milliseconds since 1970
   */
  record TokenLogin(ScramCredential credential, String owner, long expiresMs) {}

  /** Null when there is no such token, or it is over. */
  default @Nullable TokenLogin token(String mechanism, String tokenId) {
    return null;
  }

  /** Null when there is no such user. */
  @Nullable ScramCredential credential(String mechanism, String user);

  /**
   * Something only nodes know and all of them agree on, from which the credentials of users who do
   * not exist are made up.
   */
  byte[] secret();

  /** How many iterations a user of the mechanism has, as a rule; 0 where there is none. */
  int usualIterations(String mechanism);
}
