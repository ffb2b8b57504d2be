package io.tidemark.gateway.security.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.gateway.security.auth.JwtValidator.Expected;
import io.tidemark.gateway.security.auth.JwtValidator.InvalidTokenException;
import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JwtValidatorTest {
  private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();
  private static final long NOW_MS = 1_000_000_000L;
  private static final String GOOD =
      "{\"sub\":\"alice\",\"iss\":\"i\",\"aud\":\"us\",\"exp\":1000100,\"iat\":999000}";

  private static KeyPair rsa;
  private static KeyPair ec;
  private static JsonWebKeys keys;

  private final JwtValidator validator =
      new JwtValidator(new Expected("i", List.of("us"), "sub", 30));

  @BeforeAll
  static void makeKeys() throws Exception {
    KeyPairGenerator ofRsa = KeyPairGenerator.getInstance("RSA");
    ofRsa.initialize(2048);
    rsa = ofRsa.generateKeyPair();
    KeyPairGenerator ofEc = KeyPairGenerator.getInstance("EC");
    ofEc.initialize(new ECGenParameterSpec("secp256r1"));
    ec = ofEc.generateKeyPair();
    RSAPublicKey rsaKey = (RSAPublicKey) rsa.getPublic();
    ECPublicKey ecKey = (ECPublicKey) ec.getPublic();
    keys =
        JsonWebKeys.parse(
            """
            {"keys":[
              {"kty":"RSA","kid":"r","n":"%s","e":"%s"},
              {"kty":"EC","kid":"e","crv":"P-256","x":"%s","y":"%s"},
              {"kty":"oct","kid":"o","k":"AAAA"}
            ]}\
            """
                .formatted(
                    text(rsaKey.getModulus()),
                    text(rsaKey.getPublicExponent()),
                    text(ecKey.getW().getAffineX()),
                    text(ecKey.getW().getAffineY())));
  }

  private static String text(BigInteger number) {
    byte[] bytes = number.toByteArray();
    return URL.encodeToString(bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes);
  }

  private static String signed(String header, String claims, KeyPair pair, String algorithm)
      throws Exception {
    String signing =
        URL.encodeToString(header.getBytes(UTF_8))
            + "."
            + URL.encodeToString(claims.getBytes(UTF_8));
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(pair.getPrivate());
    signature.update(signing.getBytes(UTF_8));
    return signing + "." + URL.encodeToString(signature.sign());
  }

  private static String token(String claims) throws Exception {
    return signed("{\"alg\":\"RS256\",\"kid\":\"r\"}", claims, rsa, "SHA256withRSA");
  }

  @Test
  void aGoodTokenSaysWhoAndUntilWhen() throws Exception {
    assertThat(validator.validate(token(GOOD), keys, NOW_MS))
        .isEqualTo(new JwtValidator.Claims("alice", 999_000_000, 1_000_100_000));
    String byCurve =
        signed("{\"alg\":\"ES256\",\"kid\":\"e\"}", GOOD, ec, "SHA256withECDSAinP1363Format");
    assertThat(validator.validate(byCurve, keys, NOW_MS).subject()).isEqualTo("alice");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          {"sub":"alice","iss":"i","aud":"us","exp":999969}; has expired
          {"sub":"alice","iss":"i","aud":"us"}; does not say exp
          {"sub":"alice","iss":"i","aud":"us","exp":"x"}; does not say exp
          {"sub":"alice","iss":"i","aud":"us","exp":1000100,"nbf":1000031}; has not come
          {"sub":"alice","iss":"j","aud":"us","exp":1000100}; another issuer
          {"sub":"alice","aud":"us","exp":1000100}; another issuer
          {"sub":"alice","iss":"i","aud":"them","exp":1000100}; another audience
          {"sub":"alice","iss":"i","exp":1000100}; another audience
          {"iss":"i","aud":"us","exp":1000100}; names nobody
          []; no JSON object
          """)
  void otherTokensAreNotTaken(String claims, String why) throws Exception {
    String token = token(claims);
    assertThatThrownBy(() -> validator.validate(token, keys, NOW_MS))
        .isInstanceOf(InvalidTokenException.class)
        .hasMessageContaining(why);
  }

  @Test
  void signaturesMustBeOfAKnownKeyByItsOwnAlgorithm() throws Exception {
    String good = token(GOOD);
    String altered =
        good.substring(0, good.indexOf('.') + 1)
            + URL.encodeToString(GOOD.replace("alice", "root").getBytes(UTF_8))
            + good.substring(good.lastIndexOf('.'));
    String none =
        URL.encodeToString("{\"alg\":\"none\",\"kid\":\"r\"}".getBytes(UTF_8))
            + "."
            + URL.encodeToString(GOOD.getBytes(UTF_8))
            + ".";
    String confused = signed("{\"alg\":\"HS256\",\"kid\":\"r\"}", GOOD, rsa, "SHA256withRSA");
    String unknown = signed("{\"alg\":\"RS256\",\"kid\":\"x\"}", GOOD, rsa, "SHA256withRSA");
    String swapped = signed("{\"alg\":\"RS256\",\"kid\":\"e\"}", GOOD, rsa, "SHA256withRSA");
    for (String token : List.of(altered, none, confused, unknown, swapped, "a.b", "", "a.b.c")) {
      assertThatThrownBy(() -> validator.validate(token, keys, NOW_MS))
          .isInstanceOf(InvalidTokenException.class);
    }
  }

  @Test
  void whatIsNoSetOfKeysIsRefused() {
    for (String json :
        List.of(
            "",
            "{}",
            "[1]",
            "{\"keys\":7}",
            "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"r\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}")) {
      assertThatThrownBy(() -> JsonWebKeys.parse(json)).isInstanceOf(IOException.class);
    }
  }
}
