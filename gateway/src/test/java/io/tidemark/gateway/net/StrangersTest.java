package io.tidemark.gateway.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.security.acl.Authoriser;
import io.tidemark.gateway.security.auth.Doors;
import io.tidemark.gateway.security.auth.ScramUsers;
import io.tidemark.scenario.Scenario;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageUtil;
import org.junit.jupiter.api.Test;

/**
 * What somebody who has not authenticated sends, right, wrong and random: nothing of it reaches a
 * handler, little of it is kept, and all of that is given back. {@code -Dtidemark.fuzz.cases} says
 * how many conversations, {@code -Dtidemark.seed} repeats a run.
 */
class StrangersTest {
  private static final int CASES = Integer.getInteger("tidemark.fuzz.cases", 40_000) / 20;
  private static final int MAX_BYTES = 4_096;
  private static final long TIMEOUT_MS = 5_000;

  private final ManualTime time = new ManualTime();
  private final List<ApiKeys> handled = new ArrayList<>();

  private MemoryServer server() {
    return server(new SimpleMeterRegistry());
  }

  private MemoryServer server(SimpleMeterRegistry meters) {
    Map<ApiKeys, ServedApis.Versions> versions = new EnumMap<>(ApiKeys.class);
    for (ApiKeys key : ApiKeys.values()) {
      if (key.hasValidVersion()) {
        versions.put(key, new ServedApis.Versions(key.oldestVersion(), key.latestVersion()));
      }
    }
    NodeConfig config =
        NodeConfig.of(
            Map.of(
                "listeners",
                "PLAINTEXT://localhost:1,SASL_PLAINTEXT://localhost:2",
                "sasl.enabled.mechanisms",
                "PLAIN,SCRAM-SHA-256",
                "listener.name.sasl_plaintext.plain.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required user_a=\"b\";"));
    Doors doors =
        new Doors(
            ScramUsers.NONE,
            () -> {
              throw new IllegalStateException("there are no tokens");
            },
            time);
    ListenerSecurity security =
        new ListenerSecurity(
            null,
            Runnable::run,
            doors.open(config.listener("SASL_PLAINTEXT")),
            Authoriser.NONE,
            MAX_BYTES,
            TIMEOUT_MS,
            0);
    Listener listener =
        new Listener(
            "SASL_PLAINTEXT",
            "localhost",
            0,
            security,
            () -> new ServedApis(versions),
            () -> Throttle.NONE);
    return new MemoryServer(
        listener,
        (request, responder) -> {
          handled.add(request.apiKey());
          responder.respond(new ApiVersionsResponseData());
        },
        1 << 20,
        time,
        meters);
  }

  private static byte[] frame(ApiKeys key, int version, ApiMessage body) {
    RequestHeaderData header =
        new RequestHeaderData()
            .setRequestApiKey(key.id)
            .setRequestApiVersion((short) version)
            .setClientId("stranger")
            .setCorrelationId(7);
    ByteBuffer head =
        MessageUtil.toByteBufferAccessor(header, key.requestHeaderVersion((short) version))
            .buffer();
    ByteBuffer rest = MessageUtil.toByteBufferAccessor(body, (short) version).buffer();
    ByteBuffer all = ByteBuffer.allocate(4 + head.remaining() + rest.remaining());
    return all.putInt(head.remaining() + rest.remaining()).put(head).put(rest).array();
  }

  private static byte[] handshake(String mechanism, int version) {
    return frame(
        ApiKeys.SASL_HANDSHAKE, version, new SaslHandshakeRequestData().setMechanism(mechanism));
  }

  private static byte[] token(byte[] bytes) {
    return frame(
        ApiKeys.SASL_AUTHENTICATE, 2, new SaslAuthenticateRequestData().setAuthBytes(bytes));
  }

  private static List<byte[]> phrases(Random random) {
    byte[] noise = new byte[random.nextInt(300)];
    random.nextBytes(noise);
    return List.of(
        frame(ApiKeys.API_VERSIONS, 3, new ApiVersionsRequestData()),
        frame(ApiKeys.METADATA, 12, new MetadataRequestData()),
        handshake("PLAIN", 1),
        handshake("PLAIN", 0),
        handshake("SCRAM-SHA-256", 1),
        handshake("GSSAPI", 1),
        token(noise),
        token("\0a\0c".getBytes(UTF_8)),
        token("n,,n=a,r=x".getBytes(UTF_8)),
        token("c=biws,r=x,p=AAAA".getBytes(UTF_8)),
        noise);
  }

  @Test
  @Scenario("S-186")
  void reachNothingAndLeaveNothingBehind() {
    long seed = Long.getLong("tidemark.seed", 20_261_130L);
    Random random = new Random(seed);
    try (MemoryServer server = server()) {
      for (int round = 0; round < CASES; round++) {
        try (MemoryClient client = server.connect()) {
          for (int phrase = 0; phrase < 6 && client.isOpen(); phrase++) {
            List<byte[]> phrases = phrases(random);
            byte[] bytes = phrases.get(random.nextInt(phrases.size())).clone();
            if (random.nextInt(4) == 0 && bytes.length > 0) {
              bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            client.send(bytes, 1 + random.nextInt(200));
            assertThat(server.requestBytes())
                .as("seed %s round %s", seed, round)
                .isLessThanOrEqualTo(2L * MAX_BYTES);
          }
        }
        assertThat(server.requestBytes()).as("seed %s round %s", seed, round).isZero();
        assertThat(server.bufferBytes()) // what connections share stays
            .as("seed %s round %s", seed, round)
            .isLessThanOrEqualTo(LandingBuffer.SIZE_BYTES);
      }
    }
    assertThat(handled).as("seed %s", seed).isNotEmpty().containsOnly(ApiKeys.API_VERSIONS);
  }

  @Test
  @Scenario("S-186")
  void whoIsKnownMaySendMoreThanAStranger() {
    byte[] large = new byte[2 * MAX_BYTES];
    try (MemoryServer server = server();
        MemoryClient stranger = server.connect();
        MemoryClient known = server.connect()) {
      stranger.send(ByteBuffer.allocate(8).putInt(2 * MAX_BYTES).array(), 8);
      assertThat(stranger.isOpen()).isFalse();
      known.send(handshake("PLAIN", 1), 1_000);
      known.send(token("\0a\0b".getBytes(UTF_8)), 1_000);
      known.send(
          frame(
              ApiKeys.API_VERSIONS,
              3,
              new ApiVersionsRequestData().setClientSoftwareName(new String(large, UTF_8))),
          1_000);
      assertThat(known.isOpen()).isTrue();
    }
    assertThat(handled).containsExactly(ApiKeys.API_VERSIONS);
  }

  /** Nothing but the API is looked at, so nobody makes a stranger's bytes into objects. */
  @Test
  @Scenario("S-186")
  void whatAStrangerMayNotAskForIsNotEvenRead() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    byte[] malformed = frame(ApiKeys.METADATA, 12, new MetadataRequestData());
    Arrays.fill(malformed, malformed.length - 8, malformed.length, (byte) 0xff);
    try (MemoryServer server = server(meters);
        MemoryClient stranger = server.connect()) {
      stranger.send(malformed, malformed.length);
      assertThat(stranger.isOpen()).isFalse();
    }
    assertThat(closedFor(meters, "authentication")).isOne();
    assertThat(closedFor(meters, "invalid_request")).isZero();
  }

  /** Also while it logs in: there is one thing that may come next. */
  @Test
  @Scenario("S-186")
  void whoIsLoggingInIsAnsweredNothingElse() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    try (MemoryServer server = server(meters);
        MemoryClient stranger = server.connect()) {
      stranger.send(handshake("PLAIN", 1), 1_000);
      byte[] versions = frame(ApiKeys.API_VERSIONS, 4, new ApiVersionsRequestData());
      versions[7] = 99; // a version that nobody knows, which is answered all the same elsewhere
      stranger.send(versions, 1_000);
      assertThat(stranger.isOpen()).isFalse();
    }
    assertThat(closedFor(meters, "authentication")).isOne();
    assertThat(handled).isEmpty();
  }

  @Test
  void whatStrangersHoldIsShownBesideWhatIsHeldForThoseWhoAreKnown() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    byte[] half = Arrays.copyOf(handshake("PLAIN", 1), 20);
    try (MemoryServer server = server(meters);
        MemoryClient stranger = server.connect()) {
      stranger.send(half, half.length);
      assertThat(held(meters, "strangers")).isPositive();
      assertThat(held(meters, "known")).isZero();
    }
    assertThat(held(meters, "strangers")).isZero();
  }

  private static double held(SimpleMeterRegistry meters, String clients) {
    return meters.get("tidemark.requests.memory.used").tag("clients", clients).gauge().value();
  }

  private static double closedFor(SimpleMeterRegistry meters, String reason) {
    return meters.get("tidemark.connections.closed").tag("reason", reason).counter().count();
  }
}
