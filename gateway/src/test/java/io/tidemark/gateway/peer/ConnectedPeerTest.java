package io.tidemark.gateway.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.gateway.config.HostPort;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.security.auth.Logins;
import io.tidemark.log.ManualScheduler;
import io.tidemark.log.ManualTime;
import io.tidemark.scenario.Scenario;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.BrokerNotAvailableException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.message.BrokerHeartbeatResponseData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.Test;

class ConnectedPeerTest {
  private static final long TIMEOUT_MS = 1_000;
  private static final HostPort ADDRESS = new HostPort("other", 9093);

  private final ManualScheduler scheduler = new ManualScheduler(new ManualTime(1_000));
  private final MemoryTransport transport = new MemoryTransport();
  private final ConnectedPeers peers =
      new ConnectedPeers("node-1", transport, scheduler, new SplittableRandom(1));

  private CompletableFuture<AbstractResponse> heartbeat(long epoch) {
    CompletableFuture<AbstractResponse> answer =
        peers
            .at(ADDRESS, "heartbeats")
            .send(
                ApiKeys.BROKER_HEARTBEAT,
                new BrokerHeartbeatRequestData().setBrokerId(1).setBrokerEpoch(epoch),
                TIMEOUT_MS);
    scheduler.advanceMs(0);
    return answer;
  }

  private MemoryTransport.Connection ready(int maxVersion) {
    scheduler.advanceMs(0);
    MemoryTransport.Connection connection = transport.newest();
    connection.greet(
        new ApiVersion()
            .setApiKey(ApiKeys.BROKER_HEARTBEAT.id)
            .setMinVersion((short) 0)
            .setMaxVersion((short) maxVersion));
    scheduler.advanceMs(0);
    return connection;
  }

  private static BrokerHeartbeatResponseData answer(int throttleMs) {
    return new BrokerHeartbeatResponseData().setThrottleTimeMs(throttleMs);
  }

  private void assertFailed(
      CompletableFuture<AbstractResponse> answer, Class<? extends Exception> failure) {
    scheduler.advanceMs(0);
    assertThat(answer).isCompletedExceptionally();
    assertThat(answer.exceptionNow()).isInstanceOf(failure);
  }

  @Test
  void requestsWaitForTheVersionsAndAreAnsweredInTheNewestThatBothKnow() {
    CompletableFuture<AbstractResponse> first = heartbeat(1);
    CompletableFuture<AbstractResponse> second = heartbeat(2);
    MemoryTransport.Connection connection = ready(0);

    assertThat(connection.requests)
        .allSatisfy(request -> {
          assertThat(request.apiVersion()).isEqualTo((short) 0);
          assertThat(request.clientId()).isEqualTo("node-1");
        })
        .hasSize(2);
    connection.answer(answer(7));
    connection.answer(answer(8));
    scheduler.advanceMs(0);

    assertThat(first.join().throttleTimeMs()).isEqualTo(7);
    assertThat(second.join().throttleTimeMs()).isEqualTo(8);
    assertThat(transport.connections).hasSize(1);
  }

  @Test
  void lanesAreConnectionsOfTheirOwn() {
    heartbeat(1);
    peers.at(ADDRESS, "other").send(ApiKeys.BROKER_HEARTBEAT, new BrokerHeartbeatRequestData(), 9);
    scheduler.advanceMs(0);
    assertThat(transport.connections).hasSize(2);
  }

  @Test
  void whatWasNotSentIsToldApartFromWhatWasNotAnswered() {
    CompletableFuture<AbstractResponse> unsent = heartbeat(1);
    transport.newest().drop();
    assertFailed(unsent, BrokerNotAvailableException.class);

    scheduler.advanceMs(2_000);
    CompletableFuture<AbstractResponse> unanswered = heartbeat(2);
    ready(1).drop();
    assertFailed(unanswered, DisconnectException.class);
  }

  @Test
  void whoRefusesIsLeftAloneForAMoment() {
    transport.isRefusing = true;
    assertFailed(heartbeat(1), BrokerNotAvailableException.class);

    transport.isRefusing = false;
    assertFailed(heartbeat(2), BrokerNotAvailableException.class);
    assertThat(transport.connections).isEmpty();

    scheduler.advanceMs(1_000);
    CompletableFuture<AbstractResponse> later = heartbeat(3);
    ready(1).answer(answer(0));
    scheduler.advanceMs(0);
    assertThat(later).isCompleted();
  }

  @Test
  void anAnswerThatDoesNotComeEndsTheConnection() {
    CompletableFuture<AbstractResponse> late = heartbeat(1);
    MemoryTransport.Connection connection = ready(1);
    scheduler.advanceMs(TIMEOUT_MS / 2);
    CompletableFuture<AbstractResponse> behind = heartbeat(2);

    scheduler.advanceMs(TIMEOUT_MS / 2);

    assertFailed(late, TimeoutException.class);
    assertFailed(behind, DisconnectException.class);
    assertThat(connection.isClosed).isTrue();
    CompletableFuture<AbstractResponse> next = heartbeat(3);
    ready(1).answer(answer(0));
    scheduler.advanceMs(0);
    assertThat(next).isCompleted();
  }

  @Test
  void aPeerThatNeverGreetsIsGivenUp() {
    CompletableFuture<AbstractResponse> waiting = heartbeat(1);
    scheduler.advanceMs(TIMEOUT_MS);
    assertFailed(waiting, BrokerNotAvailableException.class);
    scheduler.advanceMs(ConnectedPeer.CONNECT_MS);
    assertThat(transport.newest().isClosed).isTrue();
  }

  @Test
  void noMoreThanSoManyAreUnderWay() {
    for (int i = 1; i < ConnectedPeer.MAX_UNANSWERED; i++) { // the greeting is one
      assertThat(heartbeat(i)).isNotDone();
    }
    assertFailed(heartbeat(-1), BrokerNotAvailableException.class);
  }

  @Test
  void nonsenseEndsTheConnection() {
    CompletableFuture<AbstractResponse> answer = heartbeat(1);
    MemoryTransport.Connection connection = ready(1);
    connection.nonsense();
    assertFailed(answer, DisconnectException.class);
    assertThat(connection.isClosed).isTrue();
  }

  @Test
  void anAnswerNobodyAskedForEndsTheConnection() {
    CompletableFuture<AbstractResponse> answer = heartbeat(1);
    MemoryTransport.Connection connection = ready(1);
    connection.answer(99, ApiKeys.BROKER_HEARTBEAT, (short) 1, answer(0));
    assertFailed(answer, DisconnectException.class);
    assertThat(connection.isClosed).isTrue();
  }

  @Test
  void whatTheOtherDoesNotServeIsNotSent() {
    CompletableFuture<AbstractResponse> answer = heartbeat(1);
    transport.newest().greet();
    assertFailed(answer, UnsupportedVersionException.class);
    assertThat(transport.newest().requests).isEmpty();
  }

  @Test
  void closingFailsWhatIsUnderWay() {
    CompletableFuture<AbstractResponse> answer = heartbeat(1);
    ready(1);
    peers.close();
    assertFailed(answer, DisconnectException.class);
    assertFailed(heartbeat(2), BrokerNotAvailableException.class);
  }

  private static ApiVersion served(ApiKeys key) {
    return new ApiVersion()
        .setApiKey(key.id)
        .setMinVersion(key.oldestVersion())
        .setMaxVersion(key.latestVersion());
  }

  /** A peer whose connections begin with a login by a password. */
  private CompletableFuture<AbstractResponse> loggedIn(ConnectedPeers by, long epoch) {
    CompletableFuture<AbstractResponse> answer =
        by.at(ADDRESS, "heartbeats")
            .send(
                ApiKeys.BROKER_HEARTBEAT,
                new BrokerHeartbeatRequestData().setBrokerId(1).setBrokerEpoch(epoch),
                120_000);
    scheduler.advanceMs(0);
    return answer;
  }

  private ConnectedPeers withLogin() {
    return new ConnectedPeers(
        "node-1",
        transport,
        scheduler,
        new SplittableRandom(1),
        new Logins(() -> scheduler)
            .open(
                NodeConfig.of(
                        Map.of(
                            "listeners",
                            "SASL_PLAINTEXT://127.0.0.1:0",
                            "sasl.enabled.mechanisms",
                            "PLAIN",
                            "listener.name.sasl_plaintext.plain.sasl.jaas.config",
                            "org.apache.kafka.common.security.plain.PlainLoginModule required"
                                + " username=\"node-1\" password=\"p\";"))
                    .listener("SASL_PLAINTEXT"),
                "PLAIN"));
  }

  private MemoryTransport.Connection greeted() {
    MemoryTransport.Connection connection = transport.newest();
    connection.greet(
        served(ApiKeys.SASL_HANDSHAKE),
        served(ApiKeys.SASL_AUTHENTICATE),
        served(ApiKeys.BROKER_HEARTBEAT));
    scheduler.advanceMs(0);
    return connection;
  }

  private void next(MemoryTransport.Connection connection, ApiKeys asked, ApiMessage answer) {
    assertThat(connection.requests)
        .singleElement()
        .extracting(RequestHeader::apiKey)
        .isEqualTo(asked);
    connection.answer(answer);
    scheduler.advanceMs(0);
  }

  @Test
  void requestsWaitForTheLogin() {
    CompletableFuture<AbstractResponse> first = loggedIn(withLogin(), 1);
    MemoryTransport.Connection connection = greeted();
    next(connection, ApiKeys.SASL_HANDSHAKE, new SaslHandshakeResponseData());
    next(connection, ApiKeys.SASL_AUTHENTICATE, new SaslAuthenticateResponseData());
    next(connection, ApiKeys.BROKER_HEARTBEAT, answer(7));

    assertThat(first.join().throttleTimeMs()).isEqualTo(7);
  }

  @Test
  @Scenario("S-186")
  void nothingIsSentWhereTheLoginFails() {
    CompletableFuture<AbstractResponse> first = loggedIn(withLogin(), 1);
    MemoryTransport.Connection connection = greeted();
    next(connection, ApiKeys.SASL_HANDSHAKE, new SaslHandshakeResponseData());
    next(
        connection,
        ApiKeys.SASL_AUTHENTICATE,
        new SaslAuthenticateResponseData()
            .setErrorCode(Errors.SASL_AUTHENTICATION_FAILED.code())
            .setErrorMessage("wrong"));

    assertFailed(first, BrokerNotAvailableException.class);
    assertThat(connection.isClosed).isTrue();
  }

  @Test
  void aLoginIsRenewedBeforeItsTimeIsOverAndRequestsWaitMeanwhile() {
    ConnectedPeers by = withLogin();
    CompletableFuture<AbstractResponse> first = loggedIn(by, 1);
    MemoryTransport.Connection connection = greeted();
    next(connection, ApiKeys.SASL_HANDSHAKE, new SaslHandshakeResponseData());
    next(
        connection,
        ApiKeys.SASL_AUTHENTICATE,
        new SaslAuthenticateResponseData().setSessionLifetimeMs(20_000));
    scheduler.advanceMs(15_000);
    CompletableFuture<AbstractResponse> second = loggedIn(by, 2);

    next(connection, ApiKeys.BROKER_HEARTBEAT, answer(7));
    assertThat(first).isCompleted();
    next(connection, ApiKeys.SASL_HANDSHAKE, new SaslHandshakeResponseData());
    next(connection, ApiKeys.SASL_AUTHENTICATE, new SaslAuthenticateResponseData());
    next(connection, ApiKeys.BROKER_HEARTBEAT, answer(8));
    assertThat(second.join().throttleTimeMs()).isEqualTo(8);
    assertThat(transport.connections).hasSize(1);
  }
}
