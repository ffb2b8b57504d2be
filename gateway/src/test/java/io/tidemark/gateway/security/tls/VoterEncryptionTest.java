package io.tidemark.gateway.security.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.gateway.config.ListenerSettings;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.config.NodePrincipals;
import io.tidemark.gateway.node.FreePorts;
import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.quorum.QuorumSettings;
import io.tidemark.metadata.quorum.QuorumTls;
import io.tidemark.metadata.quorum.RatisQuorum;
import io.tidemark.metadata.quorum.Voter;
import io.tidemark.scenario.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.utils.Time;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Three voters in one process that speak TLS with each other: two stay, and the third has lost its
 * disk each time and comes back with what a test gives it to show.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VoterEncryptionTest {
  private static final String RULES = "RULE:^CN=([^,]+).*$/$1/,DEFAULT";
  private static final String FORMED = "formed";
  private static final Duration A_WHILE = Duration.ofMillis(700);

  private final List<RatisQuorum> good = new ArrayList<>();
  private final List<TlsEngines> engines = new ArrayList<>();
  private final ScheduledExecutorService thread = Executors.newScheduledThreadPool(3);
  private final AtomicInteger folders = new AtomicInteger();
  private Path home;
  private TestAuthority authority;
  private List<Voter> addresses;
  private @Nullable RatisQuorum third;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    home = folder;
    authority = TestAuthority.named("Test authority");
    authority.writePem(home.resolve("authority.pem"));
    List<Voter> chosen = new ArrayList<>();
    for (int port : FreePorts.of(3)) {
      chosen.add(new Voter(chosen.size() + 1, "127.0.0.1", port));
    }
    addresses = List.copyOf(chosen);
    for (int id = 1; id <= 2; id++) {
      good.add(open(id, Optional.of(tls(write(issue("node-" + id, "127.0.0.1"))))));
    }
    RatisQuorum founder = openThird(Optional.of(tls(write(issue("node-3", "127.0.0.1")))));
    await().until(() -> leader().isPresent());
    RatisQuorum leader = leader().orElseThrow();
    leader
        .append(leader.leadership().term(), List.of(new Event.ClusterFormed(FORMED)))
        .get(60, TimeUnit.SECONDS);
    await().until(() -> founder.image().clusterId().equals(FORMED));
    closeThird();
  }

  private Optional<RatisQuorum> leader() {
    return Stream.concat(good.stream(), Optional.ofNullable(third).stream())
        .filter(voter -> voter.leadership().isSelf())
        .findFirst();
  }

  @AfterEach
  void closeThird() {
    if (third != null) {
      third.close();
      third = null;
    }
  }

  @AfterAll
  void stop() {
    good.forEach(RatisQuorum::close);
    engines.forEach(TlsEngines::close);
    thread.shutdownNow();
  }

  private static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(60));
  }

  private TestAuthority.Issued issue(String name, String... hosts) throws Exception {
    return authority.issue(name, hosts);
  }

  private Path write(TestAuthority.Issued issued) throws Exception {
    return issued.writePem(home.resolve("keys-" + folders.incrementAndGet() + ".pem"));
  }

  private NodeConfig config(Path keys) {
    Map<String, String> settings = new HashMap<>();
    settings.put("listeners", "PLAINTEXT://127.0.0.1:0,CONTROLLER://127.0.0.1:0");
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:SSL");
    settings.put("ssl.keystore.type", "PEM");
    settings.put("ssl.keystore.location", keys.toString());
    settings.put("ssl.truststore.type", "PEM");
    settings.put("ssl.truststore.location", home.resolve("authority.pem").toString());
    settings.put("ssl.client.auth", "required");
    settings.put("ssl.principal.mapping.rules", RULES);
    return NodeConfig.of(settings);
  }

  private NodeCertificates certificates(NodeConfig config) {
    ListenerSettings listener = config.controllerListener().orElseThrow();
    TlsEngines outgoing = TlsEngines.toListeners(listener);
    engines.add(outgoing);
    return NodeCertificates.of(listener, outgoing);
  }

  private QuorumTls tls(Path keys) {
    NodeConfig config = config(keys);
    return certificates(config).betweenVoters(config.nodePrincipals());
  }

  private RatisQuorum open(int id, Optional<QuorumTls> tls) throws IOException {
    Path folder = home.resolve("voter-" + folders.incrementAndGet());
    return RatisQuorum.open(
        new QuorumSettings(id, addresses, folder, 1_000, 1_000).withTls(tls), Time.SYSTEM, thread);
  }

  private RatisQuorum openThird(Optional<QuorumTls> tls) throws IOException {
    RatisQuorum opened = open(3, tls);
    third = opened;
    return opened;
  }

  /** Nothing that the others agreed on reaches it, though they try all the time. */
  private static void assertKeptOut(RatisQuorum voter) {
    await().during(A_WHILE).until(() -> voter.image().clusterId().isEmpty());
    assertThat(voter.leadership().isSelf()).isFalse();
  }

  /** What a third voter shows that must not do. */
  enum Wrong {
    SOMEBODY_ELSES,
    ANOTHER_VOTERS,
    ANOTHER_AUTHORITYS,
    FOR_ANOTHER_HOST,
    EXPIRED,
    NONE
  }

  private Optional<QuorumTls> shows(Wrong wrong) throws Exception {
    Instant now = Instant.now();
    return switch (wrong) {
      case SOMEBODY_ELSES -> Optional.of(tls(write(issue("billing", "127.0.0.1"))));
      case ANOTHER_VOTERS -> Optional.of(tls(write(issue("node-2", "127.0.0.1"))));
      case ANOTHER_AUTHORITYS ->
          Optional.of(tls(write(TestAuthority.named("Other").issue("node-3", "127.0.0.1"))));
      case FOR_ANOTHER_HOST -> Optional.of(tls(write(issue("node-3", "elsewhere.example"))));
      case EXPIRED ->
          Optional.of(
              tls(
                  write(
                      authority.issue(
                          "node-3",
                          now.minus(2, ChronoUnit.DAYS),
                          now.minus(1, ChronoUnit.DAYS),
                          "127.0.0.1"))));
      case NONE -> Optional.empty();
    };
  }

  @ParameterizedTest
  @EnumSource(Wrong.class)
  @Scenario({"S-182", "S-190"})
  void whoDoesNotShowThisVotersOwnCertificateIsKeptOut(Wrong wrong) throws Exception {
    assertKeptOut(openThird(shows(wrong)));
  }

  @Test
  @Scenario("S-190")
  void aCertificateThatIsRenewedHoldsFromTheNextConnectionOn() throws Exception {
    Path keys = write(TestAuthority.named("Other").issue("node-3", "127.0.0.1"));
    QuorumTls own = tls(keys);
    TlsEngines stores = engines.getLast();
    RatisQuorum renewed = openThird(Optional.of(own));
    assertKeptOut(renewed);

    issue("node-3", "127.0.0.1").writePem(keys);
    Files.setLastModifiedTime(keys, FileTime.from(Instant.now().plusSeconds(5)));
    stores.reloadIfChanged();
    await().until(() -> renewed.image().clusterId().equals(FORMED));
  }

  @Test
  void aNodeNoticesThatItsCertificateIsNotItsOwn() throws Exception {
    NodeConfig config = config(write(issue("node-2", "127.0.0.1")));
    NodePrincipals principals = config.nodePrincipals();

    certificates(config).requireOwn(principals, 2);
    assertThatThrownBy(() -> certificates(config).requireOwn(principals, 1))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("makes it User:node-2, and it must be User:node-1");
  }
}
