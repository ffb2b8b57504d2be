package io.tidemark.gateway.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.gateway.config.HostPort;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.net.ManualTime;
import io.tidemark.gateway.net.ResponseBytes;
import io.tidemark.gateway.security.auth.Authentication;
import io.tidemark.gateway.security.auth.Doors;
import io.tidemark.gateway.security.auth.Logins;
import io.tidemark.gateway.security.auth.ScramUsers;
import io.tidemark.log.ManualScheduler;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.scram.ScramCredential;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Connections that log in at the very authentication that a listener has. */
class LoggedInTransportTest {
  private static final HostPort NODE = new HostPort("node-1", 9092);
  private static final long LIFETIME_MS = 60_000;
  private static final Set<Short> LOGIN =
      Set.of(ApiKeys.SASL_HANDSHAKE.id, ApiKeys.SASL_AUTHENTICATE.id);

  private final ManualTime time = new ManualTime();
  private final ManualScheduler executor = new ManualScheduler(new io.tidemark.log.ManualTime(0));
  private final FakeNode node = new FakeNode();
  private final User user = new User();

  private static NodeConfig config(String password) {
    return NodeConfig.of(
        Map.of(
            "listeners",
            "SASL_PLAINTEXT://127.0.0.1:0",
            "sasl.enabled.mechanisms",
            "PLAIN",
            "connections.max.reauth.ms",
            Long.toString(LIFETIME_MS),
            "listener.name.sasl_plaintext.plain.sasl.jaas.config",
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"node-11\""
                + " password=\"%s\" user_node-11=\"right\";".formatted(password)));
  }

  private LoggedInTransport transport(String password) {
    return new LoggedInTransport(
        node,
        "node-11",
        new Logins(() -> executor).open(config(password).listener("SASL_PLAINTEXT"), "PLAIN"),
        executor);
  }

  private static ByteBuffer frame(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aConnectionIsOpenOnceItHasLoggedIn() {
    transport("right").connect(NODE, user);
    node.accept();
    assertThat(user.heard).isEmpty();

    node.answerLogins();
    assertThat(user.heard).containsExactly("opened");
    assertThat(node.door.principal()).isEqualTo(new KafkaPrincipal("User", "node-11"));

    user.wire().send(frame("ask"));
    node.say("answer");
    assertThat(node.frames).containsExactly("ask");
    assertThat(user.heard).containsExactly("opened", "answer");
  }

  @Test
  void aWrongPasswordEndsItWithWhatTheOtherSideSays() {
    transport("wrong").connect(NODE, user);
    node.accept();
    node.answerLogins();

    assertThat(user.heard).singleElement().asString().startsWith("distrusted: The login by PLAIN");
    assertThat(node.isClosed).isTrue();
  }

  @Test
  void whoeverHangsUpDuringTheLoginIsSaidToHave() {
    transport("right").connect(NODE, user);
    node.accept();
    node.drop();

    assertThat(user.heard).containsExactly("closed: it ended during the login: reset by peer");
  }

  @Test
  void aLoginThatIsNeverAnsweredEndsTheConnection() {
    transport("right").connect(NODE, user);
    node.accept();
    executor.advanceMs(ConnectedPeer.CONNECT_MS);

    assertThat(node.isClosed).isTrue();
    assertThat(user.heard).singleElement().asString().startsWith("closed: ");
  }

  @Test
  void itLogsInAgainWithNothingUnderWayAndWhatComesThenWaits() {
    transport("right").connect(NODE, user);
    node.accept();
    node.answerLogins();
    user.wire().send(frame("first"));
    executor.advanceMs(LIFETIME_MS);
    user.wire().send(frame("second"));
    assertThat(node.logins).isEmpty();
    assertThat(node.frames).containsExactly("first");

    node.say("1");
    assertThat(node.logins).hasSize(1);
    assertThat(node.frames).containsExactly("first");

    node.answerLogins();
    node.say("2");
    assertThat(node.frames).containsExactly("first", "second");
    assertThat(user.heard).containsExactly("opened", "1", "2");
  }

  @Test
  void nobodyThereIsToldAsSuch() {
    transport("right").connect(NODE, user);
    node.listener().refused("nobody listens");

    assertThat(user.heard).containsExactly("refused: nobody listens");
  }

  /** What the one who uses a connection hears. */
  private static final class User implements PeerTransport.Listener {
    final List<String> heard = new ArrayList<>();
    private PeerTransport.@Nullable Wire wire;

    PeerTransport.Wire wire() {
      return Objects.requireNonNull(wire, "not open");
    }

    @Override
    public void opened(PeerTransport.Wire opened) {
      wire = opened;
      heard.add("opened");
    }

    @Override
    public void received(ByteBuffer frame) {
      heard.add(StandardCharsets.UTF_8.decode(frame).toString());
    }

    @Override
    public void refused(String why) {
      heard.add("refused: " + why);
    }

    @Override
    public void distrusted(String why) {
      heard.add("distrusted: " + why);
    }

    @Override
    public void closed(String why) {
      heard.add("closed: " + why);
    }
  }

  /** Nobody. */
  private static final class NoScram implements ScramUsers {

    @Override
    public @Nullable ScramCredential credential(String mechanism, String user) {
      return null;
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

  /** The node at the other end, whose only user is node 11. */
  private final class FakeNode implements PeerTransport, PeerTransport.Wire {
    final Authentication door =
        new Doors(new NoScram(), () -> executor, time)
            .open(config("right").listener("SASL_PLAINTEXT"))
            .open(InetAddress.getLoopbackAddress());

    /** What came and was no login. */
    final List<String> frames = new ArrayList<>();

    final Deque<ByteBuffer> logins = new ArrayDeque<>();
    boolean isClosed;
    private @Nullable Listener listener;

    Listener listener() {
      return Objects.requireNonNull(listener, "nobody connected");
    }

    void accept() {
      listener().opened(this);
    }

    void say(String answer) {
      listener().received(frame(answer));
    }

    void drop() {
      listener().closed("reset by peer");
    }

    /** Answers until nothing more is asked. */
    void answerLogins() {
      while (!logins.isEmpty()) {
        answer(logins.remove());
      }
    }

    private void answer(ByteBuffer frame) {
      RequestHeader header = RequestHeader.parse(frame);
      AbstractRequest request =
          AbstractRequest.parseRequest(
                  header.apiKey(), header.apiVersion(), new ByteBufferAccessor(frame))
              .request;
      assertThat(door.admit(header.apiKey())).isInstanceOf(Authentication.Admission.Taken.class);
      ApiMessage body = ((Authentication.Message) door.answer(request).body()).message();
      listener().received(ResponseBytes.of(header, body));
    }

    @Override
    public void connect(HostPort address, Listener connecting) {
      listener = connecting;
    }

    @Override
    public void send(ByteBuffer frame) {
      if (LOGIN.contains(frame.getShort(0))) {
        logins.add(frame);
      } else {
        frames.add(StandardCharsets.UTF_8.decode(frame).toString());
      }
    }

    @Override
    public void close() {
      isClosed = true;
      listener().closed("closed here");
    }
  }
}
