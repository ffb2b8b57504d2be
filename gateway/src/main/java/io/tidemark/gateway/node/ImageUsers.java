package io.tidemark.gateway.node;

import io.tidemark.gateway.security.auth.ScramUsers;
import io.tidemark.gateway.security.auth.TokenSecrets;
import io.tidemark.metadata.image.DelegationToken;
import io.tidemark.metadata.image.ScramSecret;
import io.tidemark.metadata.image.ScramUser;
import io.tidemark.metadata.image.SecurityImage;
import java.util.Comparator;
import java.util.Map;
import org.apache.kafka.common.security.scram.ScramCredential;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * The users and tokens of one image. What the credentials of strangers are made from is the key of
 * the first user by name: every node has it, nobody else does, and it changes only with that user.
 * Immutable.
 */
final class ImageUsers implements ScramUsers {
  private static final Comparator<ScramUser> BY_NAME =
      Comparator.comparing(ScramUser::name).thenComparingInt(ScramUser::mechanism);

  private final Map<ScramUser, ScramSecret> secrets;
  private final @Nullable ScramSecret first;
  private final Map<String, DelegationToken> tokens;
  private final TokenSecrets tokenSecrets;
  private final Time time;

  ImageUsers(SecurityImage image, TokenSecrets tokenSecrets, Time time) {
    this.tokens = image.tokens();
    this.tokenSecrets = tokenSecrets;
    this.time = time;
    secrets = image.scram();
    first = secrets.keySet().stream().min(BY_NAME).map(secrets::get).orElse(null);
  }

  @Override
  public @Nullable ScramCredential credential(String mechanism, String user) {
    ScramSecret secret = secrets.get(new ScramUser(user, number(mechanism)));
    return secret == null
        ? null
        : new ScramCredential(
            secret.salt(), secret.storedKey(), secret.serverKey(), secret.iterations());
  }

  @Override
  public @Nullable TokenLogin token(String mechanism, String tokenId) {
    DelegationToken token = tokens.get(tokenId);
    if (token == null || !tokenSecrets.isOn() || token.isExpired(time.milliseconds())) {
      return null;
    }
    return new TokenLogin(
        tokenSecrets.credential(mechanism, tokenId), token.owner().getName(), token.expiresMs());
  }

  private static byte number(String mechanism) {
    return (byte) (mechanism.equals("SCRAM-SHA-256") ? 1 : 2);
  }

  @Override
  public byte[] secret() {
    return first == null ? ScramUsers.NONE.secret() : first.serverKey();
  }

  @Override
  public int usualIterations(String mechanism) {
    return first == null ? 0 : first.iterations();
  }
}
