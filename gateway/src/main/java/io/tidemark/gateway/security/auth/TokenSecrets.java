package io.tidemark.gateway.security.auth;

import io.tidemark.metadata.image.DelegationToken;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.common.security.scram.ScramCredential;
import org.apache.kafka.common.security.scram.internals.ScramFormatter;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;
import org.jspecify.annotations.Nullable;

/**
 * The secrets of delegation tokens, worked out from their ids and the key that all nodes share, as
 * Kafka does it: HMAC-SHA-512, whose Base64 is the password of SCRAM. Credentials are kept, at most
 * {@value #MAX_KEPT}, since working one out takes some milliseconds. Safe from any thread.
 */
public final class TokenSecrets {
  private static final String ALGORITHM = "HmacSHA512";
  private static final int MAX_KEPT = 10_000;

  private final @Nullable SecretKeySpec key;
  private final Map<Login, ScramCredential> kept = new ConcurrentHashMap<>();

  private record Login(ScramMechanism mechanism, String tokenId) {}

  /**
   * @param key {@code delegation.token.secret.key}; empty where there are no tokens
   */
  public TokenSecrets(Optional<String> key) {
    this.key =
        key.map(text -> new SecretKeySpec(text.getBytes(StandardCharsets.UTF_8), ALGORITHM))
            .orElse(null);
  }

  /** Whether there are tokens at all. */
  public boolean isOn() {
    return key != null;
  }

  /** What a token's holder shows. */
  public byte[] hmac(String tokenId) {
    if (key == null) {
      throw new IllegalStateException("there is no key");
    }
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(tokenId.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  /** The token whose secret this is, among some. */
  public Optional<DelegationToken> find(byte[] hmac, Collection<DelegationToken> tokens) {
    return tokens.stream()
        .filter(token -> MessageDigest.isEqual(hmac, hmac(token.id())))
        .findFirst();
  }

  /** What SCRAM checks a token's holder against. */
  public ScramCredential credential(String mechanism, String tokenId) {
    if (kept.size() > MAX_KEPT) {
      kept.clear();
    }
    return kept.computeIfAbsent(
        new Login(ScramMechanism.forMechanismName(mechanism), tokenId), this::worked);
  }

  private ScramCredential worked(Login login) {
    try {
      return new ScramFormatter(login.mechanism)
          .generateCredential(
              Base64.getEncoder().encodeToString(hmac(login.tokenId)),
              login.mechanism.minIterations());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + login.mechanism.macAlgorithm(), e);
    }
  }
}
