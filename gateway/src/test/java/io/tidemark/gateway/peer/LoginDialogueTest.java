package io.tidemark.gateway.peer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.net.ManualTime;
import io.tidemark.gateway.security.auth.Authentication;
import io.tidemark.gateway.security.auth.Doors;
import io.tidemark.gateway.security.auth.Logins;
import io.tidemark.gateway.security.auth.ScramUsers;
import io.tidemark.scenario.Scenario;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.SaslAuthenticateRequest;
import org.apache.kafka.common.requests.SaslAuthenticateResponse;
import org.apache.kafka.common.requests.SaslHandshakeRequest;
import org.apache.kafka.common.requests.SaslHandshakeResponse;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.scram.ScramCredential;
import org.apache.kafka.common.security.scram.internals.ScramFormatter;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node's login against the very authentication that a listener has. */
class LoginDialogueTest {
  private static final String OF_SCRAM =
      "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"node-1\""
          + " password=\"%s\";";

  private final ManualTime time = new ManualTime();
  private final ScheduledExecutorService tokens = Executors.newSingleThreadScheduledExecutor();

  @AfterEach
  void stop() {
    tokens.shutdownNow();
  }

  /** Node 1 is the only user. */
  private static final class OneNode implements ScramUsers {

    @Override
    public @Nullable ScramCredential credential(String mechanism, String user) {
      try {
        return user.equals("node-1")
            ? new ScramFormatter(ScramMechanism.forMechanismName(mechanism))
                .generateCredential("right", 4_096)
            : null;
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public byte[] secret() {
      return new byte[] {1};
    }

    @Override
    public int usualIterations(String mechanism) {
      return 4_096;
    }
  }

  private static NodeConfig config(String mechanism, Map<String, String> more) {
    Map<String, String> settings =
        new HashMap<>(
            Map.of(
                "listeners", "SASL_PLAINTEXT://127.0.0.1:0",
                "sasl.enabled.mechanisms", mechanism,
                "connections.max.reauth.ms", "60000"));
    settings.putAll(more);
    return NodeConfig.of(settings);
  }

  private Authentication door(NodeConfig config) {
    return new Doors(new OneNode(), () -> tokens, time)
        .open(config.listener("SASL_PLAINTEXT"))
        .open(InetAddress.getLoopbackAddress());
  }

  private LoginDialogue dialogue(NodeConfig config, String mechanism) {
    return new LoginDialogue(
        new Logins(() -> tokens).open(config.listener("SASL_PLAINTEXT"), mechanism));
  }

  /** Goes to and fro until the dialogue has nothing more to ask. */
  private static void talk(LoginDialogue dialogue, Authentication door) {
    Optional<PeerCall> call = Optional.of(dialogue.first());
    while (call.isPresent()) {
      assertThat(dialogue.asked(call.get())).isTrue();
      call = dialogue.next(answer(door, call.get()));
    }
  }

  private static AbstractResponse answer(Authentication door, PeerCall call) {
    AbstractRequest request =
        switch (call.request()) {
          case SaslHandshakeRequestData data -> new SaslHandshakeRequest(data, (short) 1);
          case SaslAuthenticateRequestData data -> new SaslAuthenticateRequest(data, (short) 2);
          default -> throw new AssertionError(call.key);
        };
    assertThat(door.admit(call.key)).isInstanceOf(Authentication.Admission.Taken.class);
    ApiMessage body = ((Authentication.Message) door.answer(request).body()).message();
    return call.key == ApiKeys.SASL_HANDSHAKE
        ? new SaslHandshakeResponse((SaslHandshakeResponseData) body)
        : new SaslAuthenticateResponse((SaslAuthenticateResponseData) body);
  }

  private static Map<String, String> plain(String password) {
    return Map.of(
        "listener.name.sasl_plaintext.plain.sasl.jaas.config",
        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"node-1\""
            + " password=\"%s\" user_node-1=\"right\";".formatted(password));
  }

  @Test
  void plainLogsInForTheTimeTheListenerGives() {
    NodeConfig config = config("PLAIN", plain("right"));
    Authentication door = door(config);
    LoginDialogue dialogue = dialogue(config, "PLAIN");
    talk(dialogue, door);

    assertThat(door.principal()).isEqualTo(new KafkaPrincipal("User", "node-1"));
    assertThat(dialogue.lifetimeMs()).isEqualTo(60_000);
  }

  @Test
  @Scenario("S-186")
  void aWrongPasswordFailsWithWhatTheOtherSideSays() {
    NodeConfig config = config("PLAIN", plain("wrong"));

    assertThatThrownBy(() -> talk(dialogue(config, "PLAIN"), door(config)))
        .isInstanceOf(SaslAuthenticationException.class)
        .hasMessageContaining("login by PLAIN failed");
  }

  @Test
  void scramLogsInAndChecksTheOtherSideToo() {
    for (String mechanism : new String[] {"SCRAM-SHA-256", "SCRAM-SHA-512"}) {
      String key =
          "listener.name.sasl_plaintext.%s.sasl.jaas.config"
              .formatted(mechanism.toLowerCase(Locale.ROOT));
      NodeConfig right = config(mechanism, Map.of(key, OF_SCRAM.formatted("right")));
      Authentication door = door(right);
      talk(dialogue(right, mechanism), door);
      assertThat(door.principal()).isEqualTo(new KafkaPrincipal("User", "node-1"));

      NodeConfig wrong = config(mechanism, Map.of(key, OF_SCRAM.formatted("wrong")));
      assertThatThrownBy(() -> talk(dialogue(wrong, mechanism), door(wrong)))
          .isInstanceOf(SaslAuthenticationException.class);
    }
  }

  @Test
  void aMechanismThatIsNotServedFailsWithThoseThatAre() {
    NodeConfig served =
        config("SCRAM-SHA-256", Map.of("sasl.mechanism.inter.broker.protocol", "PLAIN"));
    NodeConfig own = config("PLAIN", plain("right"));

    assertThatThrownBy(() -> talk(dialogue(own, "PLAIN"), door(served)))
        .isInstanceOf(SaslAuthenticationException.class)
        .hasMessageContaining("SCRAM-SHA-256");
  }

  @Test
  void aTokenIsReadFromItsFileAndShownAsItIs(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("token"), "a.b.c\n");
    NodeConfig config =
        config(
            "OAUTHBEARER",
            Map.of(
                "sasl.oauthbearer.token.endpoint.url",
                file.toUri().toString(),
                "sasl.oauthbearer.jwks.endpoint.url",
                file.toUri().toString(),
                "sasl.oauthbearer.allow.unverified.issuer",
                "true",
                "sasl.oauthbearer.allow.unverified.audience",
                "true"));
    var login = new Logins(() -> tokens).open(config.listener("SASL_PLAINTEXT"), "OAUTHBEARER");
    Awaitility.await()
        .atMost(60, TimeUnit.SECONDS)
        .ignoreExceptions()
        .until(() -> {
          new LoginDialogue(login);
          return login.begin().hasInitialResponse();
        });
    LoginDialogue dialogue = new LoginDialogue(login);
    PeerCall shown =
        dialogue.next(new SaslHandshakeResponse(new SaslHandshakeResponseData())).orElseThrow();

    assertThat(new String(((SaslAuthenticateRequestData) shown.request()).authBytes(), UTF_8))
        .contains("auth=Bearer a.b.c");
    assertThatThrownBy(() -> talk(new LoginDialogue(login), door(config)))
        .isInstanceOf(SaslAuthenticationException.class);
  }

  @Test
  void withoutATokenThereIsNoLogin(@TempDir Path folder) {
    NodeConfig config =
        config(
            "OAUTHBEARER",
            Map.of(
                "sasl.oauthbearer.token.endpoint.url",
                folder.resolve("none").toUri().toString(),
                "sasl.oauthbearer.jwks.endpoint.url",
                folder.resolve("none").toUri().toString(),
                "sasl.oauthbearer.allow.unverified.issuer",
                "true",
                "sasl.oauthbearer.allow.unverified.audience",
                "true"));

    assertThatThrownBy(() -> dialogue(config, "OAUTHBEARER"))
        .isInstanceOf(SaslAuthenticationException.class)
        .hasMessageContaining("no token");
  }
}
