package io.tidemark.gateway.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.gateway.config.ListenerSettings;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.net.ConnectionQuotas.Quota;
import io.tidemark.gateway.security.acl.Authoriser;
import io.tidemark.gateway.security.audit.Audit;
import io.tidemark.gateway.security.audit.AuditEvent;
import io.tidemark.gateway.security.audit.WitnessedDoor;
import io.tidemark.gateway.security.auth.Doors;
import io.tidemark.gateway.security.auth.ScramUsers;
import io.tidemark.gateway.security.tls.TestAuthority;
import io.tidemark.gateway.security.tls.TlsEngines;
import io.tidemark.scenario.Scenario;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the audit log is told of those who come to a TLS port and do not get as far as a request.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsStrangersTest {
  /** Far beyond what a test waits for: nobody is closed by the clock here. */
  private static final long LONG_MS = 600_000;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<AuditEvent> told = new CopyOnWriteArrayList<>();
  private TlsEngines engines;
  private EventLoops loops;
  private KafkaServer server;

  private final class Listening implements Audit {
    @Override
    public boolean isOn() {
      return true;
    }

    @Override
    public void tell(AuditEvent event) {
      told.add(event);
    }
  }

  @BeforeAll
  void start(@TempDir Path home) throws Exception {
    Path keys =
        TestAuthority.named("Test authority")
            .issue("node-1", "127.0.0.1")
            .writePem(home.resolve("keys.pem"));
    ListenerSettings settings =
        NodeConfig.of(
                Map.of(
                    "listeners", "SSL://127.0.0.1:1",
                    "inter.broker.listener.name", "SSL",
                    "ssl.keystore.type", "PEM",
                    "ssl.keystore.location", keys.toString()))
            .listener("SSL");
    engines = TlsEngines.ofListener(settings);
    Doors doors =
        new Doors(
            ScramUsers.NONE,
            () -> {
              throw new IllegalStateException("there are no tokens");
            },
            Time.SYSTEM);
    ListenerSecurity security =
        new ListenerSecurity(
            engines,
            Runnable::run,
            new WitnessedDoor(doors.open(settings), "SSL", new Listening()),
            Authoriser.NONE,
            1_000,
            LONG_MS,
            0);
    loops = EventLoops.open(1, Thread.ofPlatform().daemon().name("loop-", 0).factory());
    server =
        new KafkaServer(
            List.of(
                new Listener(
                    "SSL",
                    "127.0.0.1",
                    0,
                    security,
                    () -> new ServedApis(Map.of()),
                    () -> Throttle.NONE)),
            new ConnectionSettings(
                1_000,
                1 << 20,
                50,
                -1,
                -1,
                LONG_MS,
                LONG_MS,
                LONG_MS,
                new ConnectionQuotas(Quota.NONE, Map.of(), 100, Map.of(), null)),
            (request, responder) -> responder.close("nothing is served here"),
            loops,
            Time.SYSTEM,
            new SimpleMeterRegistry());
    server.start();
  }

  @AfterAll
  void stop() {
    server.close();
    loops.close();
    engines.close();
  }

  @BeforeEach
  void forget() {
    told.clear();
  }

  /** Connects, says something, hangs up, and waits until the server has noticed. */
  private void hangUpAfter(byte[] words) throws IOException {
    InetSocketAddress address = server.boundAddress("SSL");
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      await().atMost(PATIENCE).until(() -> server.openConnections() == 1);
      socket.getOutputStream().write(words);
    }
    await().atMost(PATIENCE).until(() -> server.openConnections() == 0);
  }

  private List<String> reasons() {
    return told.stream()
        .map(AuditEvent.Authentication.class::cast)
        .map(AuditEvent.Authentication::failure)
        .map(Optional::orElseThrow)
        .toList();
  }

  @Test
  void whoHangsUpBeforeSayingAnythingIsNotSpokenOf() throws Exception {
    hangUpAfter(new byte[0]);
    assertThat(told).isEmpty();
  }

  @Test
  @Scenario("S-190")
  void whoHangsUpInTheMiddleOfTheHandshakeIsToldAsThat() throws Exception {
    byte[] beginningOfHello = {22, 3, 1, 1, 0, 1, 0, 0, (byte) 252};
    hangUpAfter(beginningOfHello);
    assertThat(reasons()).containsExactly("it hung up in the middle of the TLS handshake");
  }

  @Test
  @Scenario("S-190")
  void whoSpeaksSomethingElseIsToldAsThat() throws Exception {
    hangUpAfter("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
    assertThat(reasons()).containsExactly("it does not speak TLS, as the listener SSL demands");
  }
}
