package io.tidemark.tests.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** A key by which an issuer signs JSON Web Tokens, and by which others know them. */
record TokenKey(String id, KeyPair keys) {
  private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();
  private static final int BITS = 2_048;
  private static final long AGE_SECONDS = 1_000;

  static TokenKey named(String id) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(BITS);
    return new TokenKey(id, generator.generateKeyPair());
  }

  /** A JSON Web Key Set. */
  static String set(List<TokenKey> keys) {
    return keys.stream().map(TokenKey::json).collect(Collectors.joining(",", "{\"keys\":[", "]}"));
  }

  private String json() {
    RSAPublicKey key = (RSAPublicKey) keys.getPublic();
    return "{\"kty\":\"RSA\",\"kid\":\"%s\",\"n\":\"%s\",\"e\":\"%s\"}"
        .formatted(
            id,
            URL.encodeToString(unsigned(key.getModulus().toByteArray())),
            URL.encodeToString(unsigned(key.getPublicExponent().toByteArray())));
  }

  private static byte[] unsigned(byte[] bytes) {
    return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
  }

  /** A token that is good for so long from now on, or has not been for so long. */
  String token(String subject, String audience, String issuer, long seconds)
      throws GeneralSecurityException {
    long now = Instant.now().getEpochSecond();
    String head = part("{\"alg\":\"RS256\",\"kid\":\"%s\",\"typ\":\"JWT\"}".formatted(id));
    String claims =
        part(
            "{\"sub\":\"%s\",\"aud\":[\"%s\"],\"iss\":\"%s\",\"iat\":%d,\"exp\":%d,\"scope\":\"a\"}"
                .formatted(subject, audience, issuer, now - AGE_SECONDS, now + seconds));
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(keys.getPrivate());
    signature.update((head + "." + claims).getBytes(UTF_8));
    return head + "." + claims + "." + URL.encodeToString(signature.sign());
  }

  private static String part(String json) {
    return URL.encodeToString(json.getBytes(UTF_8));
  }
}
