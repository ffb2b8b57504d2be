package io.tidemark.gateway.security.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.gateway.net.ManualTime;
import io.tidemark.gateway.security.auth.Authentication.Admission;
import io.tidemark.gateway.security.auth.Authentication.Message;
import io.tidemark.gateway.security.auth.Authentication.Reply;
import io.tidemark.gateway.security.auth.Authentication.Token;
import io.tidemark.scenario.Scenario;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.SaslAuthenticateRequest;
import org.apache.kafka.common.requests.SaslHandshakeRequest;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.security.plain.internals.PlainSaslServer;
import org.apache.kafka.common.security.scram.ScramCredential;
import org.apache.kafka.common.security.scram.internals.ScramFormatter;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;
import org.apache.kafka.common.security.scram.internals.ScramSaslServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SaslAuthenticationTest {
  private static final String JAAS =
      "org.apache.kafka.common.security.plain.PlainLoginModule required user_alice=\"a\""
          + " user_bob=\"b\";";

  private final ManualTime time = new ManualTime();
  private final ScramUsers users = new OneUser();
  private final SaslAuthentication authentication = open();

  /** Only alice exists, by SCRAM-SHA-256. */
  private static final class OneUser implements ScramUsers {
    private final ScramCredential alice;

    OneUser() {
      try {
        alice =
            new ScramFormatter(ScramMechanism.SCRAM_SHA_256).generateCredential("secret", 4_096);
      } catch (java.security.NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public @Nullable ScramCredential credential(String mechanism, String user) {
      return user.equals("alice") ? alice : null;
    }

    @Override
    public byte[] secret() {
      return new byte[] {7};
    }

    @Override
    public int usualIterations(String mechanism) {
      return 4_096;
    }
  }

  private SaslAuthentication open() {
    PlainUsers plain = PlainUsers.parse("L", JAAS);
    ScramCallbacks scram = new ScramCallbacks(ScramMechanism.SCRAM_SHA_256, users);
    SaslDoor door =
        new SaslDoor(
            "L",
            SecurityProtocol.SASL_PLAINTEXT,
            List.of("PLAIN", "SCRAM-SHA-256"),
            Map.of(
                "PLAIN",
                new SaslDoor.Mechanism("PLAIN", 60_000, () -> new PlainSaslServer(plain)),
                "SCRAM-SHA-256",
                new SaslDoor.Mechanism("SCRAM-SHA-256", 0, () -> scramServer(scram))),
            time);
    return (SaslAuthentication) door.open(InetAddress.getLoopbackAddress());
  }

  private static ScramSaslServer scramServer(ScramCallbacks callbacks) {
    try {
      return new ScramSaslServer(ScramMechanism.SCRAM_SHA_256, Map.of(), callbacks);
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private Reply handshake(SaslAuthentication with, String mechanism, int version) {
    return with.answer(
        new SaslHandshakeRequest(
            new SaslHandshakeRequestData().setMechanism(mechanism), (short) version));
  }

  private SaslAuthenticateResponseData authenticate(SaslAuthentication with, String token) {
    Reply reply =
        with.answer(
            new SaslAuthenticateRequest(
                new SaslAuthenticateRequestData().setAuthBytes(token.getBytes(UTF_8)), (short) 2));
    return (SaslAuthenticateResponseData) ((Message) reply.body()).message();
  }

  private static String plain(String user, String password) {
    return "\0" + user + "\0" + password;
  }

  private void login(String user, String password) {
    handshake(authentication, "PLAIN", 1);
    authenticate(authentication, plain(user, password));
  }

  @Test
  @Scenario("S-186")
  void nothingPassesBeforeSomebodyIsKnown() {
    assertThat(authentication.admit(ApiKeys.API_VERSIONS)).isInstanceOf(Admission.Passed.class);
    for (ApiKeys api : List.of(ApiKeys.METADATA, ApiKeys.PRODUCE, ApiKeys.SASL_AUTHENTICATE)) {
      assertThat(authentication.admit(api)).isInstanceOf(Admission.Refused.class);
    }
    handshake(authentication, "PLAIN", 1);
    assertThat(authentication.admit(ApiKeys.METADATA)).isInstanceOf(Admission.Refused.class);
    assertThat(authentication.principal()).isEqualTo(KafkaPrincipal.ANONYMOUS);
    authenticate(authentication, plain("alice", "a"));
    assertThat(authentication.admit(ApiKeys.METADATA)).isInstanceOf(Admission.Passed.class);
    assertThat(authentication.principal()).isEqualTo(new KafkaPrincipal("User", "alice"));
  }

  @Test
  @Scenario("S-186")
  void whatIsWrongEndsIt() {
    for (String token :
        List.of(
            plain("alice", "b"),
            plain("eve", "a"),
            "nonsense",
            "",
            "bob\0alice\0a",
            "\0".repeat(9))) {
      SaslAuthentication one = open();
      handshake(one, "PLAIN", 1);
      assertThat(authenticate(one, token).errorCode())
          .isEqualTo(Errors.SASL_AUTHENTICATION_FAILED.code());
      assertThat(one.admit(ApiKeys.SASL_HANDSHAKE)).isInstanceOf(Admission.Refused.class);
      assertThat(one.isDone()).isFalse();
    }
  }

  @Test
  void oldClientsSendTokensAlone() {
    handshake(authentication, "PLAIN", 0);
    assertThat(authentication.takesBareTokens()).isTrue();
    Reply reply = authentication.answer(ByteBuffer.wrap(plain("bob", "b").getBytes(UTF_8)));
    assertThat(reply.body()).isInstanceOf(Token.class);
    assertThat(authentication.isDone()).isTrue();
    assertThat(authentication.takesBareTokens()).isFalse();
  }

  @Test
  void aSessionEndsUnlessItsClientComesBack() {
    login("alice", "a");
    time.sleep(59_000);
    assertThat(authentication.admit(ApiKeys.FETCH)).isInstanceOf(Admission.Passed.class);
    assertThat(authentication.admit(ApiKeys.SASL_HANDSHAKE)).isInstanceOf(Admission.Taken.class);
    handshake(authentication, "PLAIN", 1);
    assertThat(authenticate(authentication, plain("alice", "a")).sessionLifetimeMs())
        .isEqualTo(60_000);
    time.sleep(59_000);
    assertThat(authentication.admit(ApiKeys.FETCH)).isInstanceOf(Admission.Passed.class);
    time.sleep(1_001);
    assertThat(authentication.admit(ApiKeys.FETCH)).isInstanceOf(Admission.Refused.class);
    assertThat(authentication.admit(ApiKeys.SASL_HANDSHAKE)).isInstanceOf(Admission.Taken.class);
  }

  @Test
  @Scenario("S-186")
  void nobodyComesBackAsAnotherUserOrByAnotherMechanism() {
    login("alice", "a");
    handshake(authentication, "PLAIN", 1);
    assertThat(authenticate(authentication, plain("bob", "b")).errorCode())
        .isEqualTo(Errors.SASL_AUTHENTICATION_FAILED.code());
    SaslAuthentication other = open();
    handshake(other, "PLAIN", 1);
    authenticate(other, plain("alice", "a"));
    Reply reply = handshake(other, "SCRAM-SHA-256", 1);
    assertThat(((SaslHandshakeResponseData) ((Message) reply.body()).message()).errorCode())
        .isEqualTo(Errors.ILLEGAL_SASL_STATE.code());
    assertThat(reply.failure()).isPresent();
  }

  @Test
  @Scenario("S-187")
  void theFirstAnswerOfScramDoesNotTellWhoExists() {
    List<String> answers = new ArrayList<>();
    for (String user : List.of("alice", "eve", "eve")) {
      SaslAuthentication one = open();
      handshake(one, "SCRAM-SHA-256", 1);
      answers.add(new String(authenticate(one, "n,,n=" + user + ",r=abc").authBytes(), UTF_8));
    }
    for (String answer : answers) {
      assertThat(answer).matches("r=abc[0-9a-z]+,s=[0-9A-Za-z+/=]{32,36},i=4096");
    }
    assertThat(salt(answers.get(1))).isEqualTo(salt(answers.get(2)));
  }

  private static String salt(String answer) {
    return answer.replaceAll(".*,s=([^,]*),.*", "$1");
  }

  @Test
  @Scenario("S-186")
  void aWrongProofAndAReplayedNonceAreRefused() {
    for (String last : List.of("c=biws,r=abc,p=AAAA", "c=biws,r=abcWRONG,p=AAAA", "x", "")) {
      SaslAuthentication one = open();
      handshake(one, "SCRAM-SHA-256", 1);
      authenticate(one, "n,,n=alice,r=abc");
      assertThat(authenticate(one, last).errorCode())
          .isEqualTo(Errors.SASL_AUTHENTICATION_FAILED.code());
    }
  }
}
