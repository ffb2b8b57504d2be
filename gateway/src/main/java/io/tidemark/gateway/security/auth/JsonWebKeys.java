package io.tidemark.gateway.security.auth;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Public keys by their {@code kid}, from a JSON Web Key Set (RFC 7517): RSA and elliptic curves.
 * Other keys of a set are passed over. Immutable.
 */
record JsonWebKeys(Map<String, PublicKey> byId) {
  static final JsonWebKeys NONE = new JsonWebKeys(Map.of());

  private static final int MIN_RSA_BITS = 2_048;

  JsonWebKeys {
    byId = Map.copyOf(byId);
  }

  /** Reads a set; throws {@link IOException} where the text is none. */
  static JsonWebKeys parse(String json) throws IOException {
    Map<String, PublicKey> keys = new HashMap<>();
    if (!(JSON.std.mapFrom(json).get("keys") instanceof List<?> list)) {
      throw new IOException("it is no JSON Web Key Set: there are no keys");
    }
    for (Object each : list) {
      if (each instanceof Map<?, ?> key && key.get("kid") instanceof String id) {
        PublicKey parsed = key(key);
        if (parsed != null) {
          keys.put(id, parsed);
        }
      }
    }
    return new JsonWebKeys(keys);
  }

  private static @Nullable PublicKey key(Map<?, ?> key) throws IOException {
    try {
      return switch (String.valueOf(key.get("kty"))) {
        case "RSA" -> rsa(key);
        case "EC" -> ec(key);
        default -> null;
      };
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException("its key " + key.get("kid") + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static PublicKey rsa(Map<?, ?> key) throws GeneralSecurityException {
    BigInteger modulus = number(key, "n");
    if (modulus.bitLength() < MIN_RSA_BITS) {
      throw new IllegalArgumentException("an RSA key needs " + MIN_RSA_BITS + " bits");
    }
    return KeyFactory.getInstance("RSA")
        .generatePublic(new RSAPublicKeySpec(modulus, number(key, "e")));
  }

  private static @Nullable PublicKey ec(Map<?, ?> key) throws GeneralSecurityException {
    String curve =
        switch (String.valueOf(key.get("crv"))) {
          case "P-256" -> "secp256r1";
          case "P-384" -> "secp384r1";
          case "P-521" -> "secp521r1";
          default -> "";
        };
    if (curve.isEmpty()) {
      return null;
    }
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec(curve));
    return KeyFactory.getInstance("EC")
        .generatePublic(
            new ECPublicKeySpec(
                new ECPoint(number(key, "x"), number(key, "y")),
                parameters.getParameterSpec(ECParameterSpec.class)));
  }

  private static BigInteger number(Map<?, ?> key, String field) {
    return new BigInteger(1, Base64.getUrlDecoder().decode(String.valueOf(key.get(field))));
  }
}
