package io.tidemark.gateway.security.auth;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a JSON Web Token (RFC 7519) is good: signed with a key of the issuer's by an
 * asymmetric algorithm, of the right issuer, for the right audience, and in its time. Pure.
 */
final class JwtValidator {

  /** Why a token is not taken; for the log alone. */
  static final class InvalidTokenException extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean isKeyUnknown;

    private InvalidTokenException(String why, boolean isKeyUnknown) {
      super(why, null, false, false);
      this.isKeyUnknown = isKeyUnknown;
    }

    boolean isKeyUnknown() {
      return isKeyUnknown;
    }
  }

  /**
   * What a token must say.
   *
   * @param issuer null: any
   * @param audiences empty: any
   */
  record Expected(
      @Nullable String issuer, List<String> audiences, String subjectClaim, int clockSkewSeconds) {}

  /** What a good token says; times in milliseconds, {@code issuedMs} 0 where it does not say. */
  record Claims(String subject, long issuedMs, long expiresMs) {}

  private final Expected expected;

  JwtValidator(Expected expected) {
    this.expected = expected;
  }

  Claims validate(String token, JsonWebKeys keys, long nowMs) throws InvalidTokenException {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      throw invalid("it has not three parts");
    }
    Map<String, Object> header = json(parts[0]);
    verify(header, parts, keys);
    return claims(json(parts[1]), nowMs);
  }

  private static InvalidTokenException invalid(String why) {
    return new InvalidTokenException(why, false);
  }

  private static Map<String, Object> json(String part) throws InvalidTokenException {
    try {
      return JSON.std.mapFrom(new String(decode(part), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw invalid("a part of it is no JSON object");
    }
  }

  private static byte[] decode(String part) throws InvalidTokenException {
    try {
      return Base64.getUrlDecoder().decode(part);
    } catch (IllegalArgumentException e) {
      throw invalid("a part of it is not Base64");
    }
  }

  private static void verify(Map<String, Object> header, String[] parts, JsonWebKeys keys)
      throws InvalidTokenException {
    if (header.containsKey("crit")) {
      throw invalid("it has critical extensions");
    }
    PublicKey key = keys.byId().get(String.valueOf(header.get("kid")));
    if (key == null) {
      throw new InvalidTokenException("its key is not known", true);
    }
    String algorithm = algorithm(String.valueOf(header.get("alg")), key);
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initVerify(key);
      signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
      if (!signature.verify(decode(parts[2]))) {
        throw invalid("its signature is wrong");
      }
    } catch (GeneralSecurityException e) {
      throw invalid("its signature cannot be checked");
    }
  }

  /** The JDK's name; the key's kind must be the algorithm's, or keys could be confused. */
  private static String algorithm(String name, PublicKey key) throws InvalidTokenException {
    String found =
        switch (name) {
          case "RS256" -> key instanceof RSAKey ? "SHA256withRSA" : "";
          case "RS384" -> key instanceof RSAKey ? "SHA384withRSA" : "";
          case "RS512" -> key instanceof RSAKey ? "SHA512withRSA" : "";
          case "ES256" -> isOnCurve(key, 256) ? "SHA256withECDSAinP1363Format" : "";
          case "ES384" -> isOnCurve(key, 384) ? "SHA384withECDSAinP1363Format" : "";
          case "ES512" -> isOnCurve(key, 521) ? "SHA512withECDSAinP1363Format" : "";
          default -> "";
        };
    if (found.isEmpty()) {
      throw invalid("its algorithm " + name + " is not taken with this key");
    }
    return found;
  }

  private static boolean isOnCurve(PublicKey key, int bits) {
    return key instanceof ECKey ec && ec.getParams().getCurve().getField().getFieldSize() == bits;
  }

  private Claims claims(Map<String, Object> claims, long nowMs) throws InvalidTokenException {
    long skewMs = TimeUnit.SECONDS.toMillis(expected.clockSkewSeconds);
    long expiresMs = requiredTimeMs(claims, "exp");
    if (nowMs - skewMs >= expiresMs) {
      throw invalid("it has expired");
    }
    if (timeMs(claims, "nbf") - skewMs > nowMs || timeMs(claims, "iat") - skewMs > nowMs) {
      throw invalid("its time has not come");
    }
    if (expected.issuer != null && !expected.issuer.equals(claims.get("iss"))) {
      throw invalid("it is of another issuer");
    }
    if (!expected.audiences.isEmpty() && !isForUs(claims.get("aud"))) {
      throw invalid("it is for another audience");
    }
    if (!(claims.get(expected.subjectClaim) instanceof String subject) || subject.isBlank()) {
      throw invalid("it names nobody in " + expected.subjectClaim);
    }
    return new Claims(subject, timeMs(claims, "iat"), expiresMs);
  }

  private boolean isForUs(@Nullable Object audience) {
    return switch (audience) {
      case String one -> expected.audiences.contains(one);
      case Collection<?> several -> several.stream().anyMatch(expected.audiences::contains);
      case null, default -> false;
    };
  }

  private static long requiredTimeMs(Map<String, Object> claims, String name)
      throws InvalidTokenException {
    if (!(claims.get(name) instanceof Number)) {
      throw invalid("it does not say " + name);
    }
    return timeMs(claims, name);
  }

  private static long timeMs(Map<String, Object> claims, String name) throws InvalidTokenException {
    return switch (claims.get(name)) {
      case null -> 0;
      case Number seconds -> (long) (seconds.doubleValue() * 1_000);
      default -> throw invalid(name + " is no number");
    };
  }
}
