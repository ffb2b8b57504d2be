package io.tidemark.gateway.security.auth;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import org.apache.kafka.common.security.scram.ScramCredential;
import org.apache.kafka.common.security.scram.ScramCredentialCallback;
import org.apache.kafka.common.security.scram.internals.ScramFormatter;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;
import org.apache.kafka.common.security.token.delegation.internals.DelegationTokenCredentialCallback;

/**
 * Gives kafka-clients' SCRAM server the credential of whoever begins. A user who does not exist
 * gets one that looks like any other, the same each time and on every node, and that no password
 * fits: so nobody learns from the first answer, or from how long it takes, who exists.
 */
final class ScramCallbacks implements CallbackHandler {
  private static final int SALT_BITS = 130; // as long as the salts of Kafka's clients
  private static final int SALT_RADIX = 36;

  private final ScramMechanism mechanism;
  private final ScramUsers users;

  ScramCallbacks(ScramMechanism mechanism, ScramUsers users) {
    this.mechanism = mechanism;
    this.users = users;
  }

  @Override
  public void handle(Callback[] callbacks) throws UnsupportedCallbackException {
    String user = "";
    for (Callback callback : callbacks) {
      switch (callback) {
        case NameCallback name -> user = name.getDefaultName();
        case DelegationTokenCredentialCallback asked -> showToken(user, asked);
        case ScramCredentialCallback asked -> asked.scramCredential(credential(user));
        default -> throw new UnsupportedCallbackException(callback);
      }
    }
  }

  /** Ids of tokens are drawn, so that nobody finds one by trying. */
  private void showToken(String id, DelegationTokenCredentialCallback asked) {
    ScramUsers.TokenLogin login = users.token(mechanism.mechanismName(), id);
    if (login != null) {
      asked.scramCredential(login.credential());
      asked.tokenOwner(login.owner());
      asked.tokenExpiryTimestamp(login.expiresMs());
    }
  }

  private ScramCredential credential(String user) {
    ScramCredential invented = invented(user);
    ScramCredential known = users.credential(mechanism.mechanismName(), user);
    return known == null ? invented : known;
  }

  private ScramCredential invented(String user) {
    try {
      ScramFormatter formatter = new ScramFormatter(mechanism);
      byte[] drawn =
          formatter.hmac(users.secret(), ("salt " + user).getBytes(StandardCharsets.UTF_8));
      byte[] salt =
          new BigInteger(1, drawn)
              .mod(BigInteger.ONE.shiftLeft(SALT_BITS))
              .toString(SALT_RADIX)
              .getBytes(StandardCharsets.UTF_8);
      byte[] key = formatter.hmac(users.secret(), ("key " + user).getBytes(StandardCharsets.UTF_8));
      int iterations =
          Math.max(mechanism.minIterations(), users.usualIterations(mechanism.mechanismName()));
      return new ScramCredential(salt, key, Arrays.copyOf(drawn, drawn.length), iterations);
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every JDK has " + mechanism.macAlgorithm(), e);
    }
  }
}
