package io.tidemark.tests.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.gateway.node.NodeFixture;
import io.tidemark.scenario.Scenario;
import io.tidemark.tests.hostile.HostileConnection.Outcome;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests of every API and version with senseless content and damaged bytes, from a printed seed.
 * Each gets an answer that its schema explains or a closed connection; another client notices
 * nothing; nothing is logged that looks like a bug. Longer: {@code -Plong
 * -Dtidemark.long.seconds=60}; a seed: {@code -Dtidemark.seed=…}.
 */
class HostileBytesIT {
  /** How long an answer is waited for that may never come. */
  private static final int SHORT_MS = 300;

  /** How long one is waited for that must come, however busy the machine is. */
  private static final int PATIENCE_MS = 60_000;

  @TempDir Path home = Path.of("");
  private final Map<ApiKeys, Integer> silent = new EnumMap<>(ApiKeys.class);
  private final List<String> malformed = new ArrayList<>();

  @Test
  @Scenario({"S-169", "S-170"})
  void senselessRequestsAreAnsweredOrRefusedAndNobodyElseNotices() throws Exception {
    attack(Duration.ofSeconds(8));
  }

  @Test
  @Tag("long")
  @Scenario({"S-169", "S-170"})
  void manySenselessRequestsAreAnsweredOrRefusedAndNobodyElseNotices() throws Exception {
    attack(Duration.ofSeconds(Integer.getInteger("tidemark.long.seconds", 60)));
  }

  private void attack(Duration length) throws Exception {
    long seed = Long.getLong("tidemark.seed", 20_261_120L);
    System.out.println("HostileBytesIT: seed " + seed);
    Random random = new Random(seed);
    try (NodeFixture node = node().start();
        Admin admin = node.admin();
        LoggedErrors errors = LoggedErrors.open()) {
      admin.createTopics(List.of(topic("victim"), topic("healthy"))).all().get();
      Uuid victim =
          admin.describeTopics(List.of("victim")).allTopicNames().get().get("victim").topicId();
      RandomRequests requests =
          new RandomRequests(
              random,
              List.of("victim", "absent", "group", "1"),
              List.of(victim, Uuid.ZERO_UUID, new Uuid(4, 2)));
      long requestsSent = 0;
      try (HealthyClient healthy = HealthyClient.start(node, "healthy")) {
        List<ApiVersion> apis = advertised(node);
        long end = System.nanoTime() + length.toNanos();
        while (System.nanoTime() < end) {
          requestsSent += round(node, apis, requests, random, end);
        }
        await()
            .atMost(Duration.ofMillis(PATIENCE_MS))
            .until(() -> healthy.rounds() > 0 || !healthy.complaints().isEmpty());
        assertThat(healthy.complaints()).as("seed " + seed).isEmpty();
        assertThat(healthy.rounds()).as("the healthy client's rounds").isPositive();
      }
      System.out.println("HostileBytesIT: " + requestsSent + " requests, unanswered " + silent);
      assertThat(malformed).as("malformed answers, seed " + seed).isEmpty();
      assertThat(silent.keySet()).as("seed " + seed).isSubsetOf(mayKeepSilent());
      assertThat(errors.lines()).as("logged, seed " + seed).isEmpty();
    }
  }

  /** These wait for others, for data, or give no answer at all. */
  private static List<ApiKeys> mayKeepSilent() {
    return List.of(ApiKeys.JOIN_GROUP, ApiKeys.SYNC_GROUP, ApiKeys.PRODUCE, ApiKeys.FETCH);
  }

  private static int patienceMs(ApiKeys key) {
    return mayKeepSilent().contains(key) ? SHORT_MS : PATIENCE_MS;
  }

  private long round(
      NodeFixture node, List<ApiVersion> apis, RandomRequests requests, Random random, long end)
      throws Exception {
    long sent = 0;
    HostileConnection connection = new HostileConnection(node.bootstrapServers());
    try {
      for (int i = 0; i < 300 && System.nanoTime() < end; i++) {
        ApiVersion api = apis.get(random.nextInt(apis.size()));
        ApiKeys key = ApiKeys.forId(api.apiKey());
        short version = (short) random.nextInt(api.minVersion(), api.maxVersion() + 1);
        if (key.messageType.requestSchemas()[version] == null) {
          continue; // Produce before version 3 is advertised and refused, as in Kafka
        }
        ByteBuffer body = requests.body(key, version);
        sent++;
        Outcome outcome = connection.ask(key, version, body, patienceMs(key));
        if (!judge(key, version, outcome)) {
          connection.close();
          connection = new HostileConnection(node.bootstrapServers());
        }
      }
      byte[] noise = new byte[random.nextInt(1, 200)];
      random.nextBytes(noise);
      connection.sendRaw(noise);
    } finally {
      connection.close();
    }
    return sent;
  }

  /** Notes what must not be; answers whether the connection may be used again. */
  private boolean judge(ApiKeys key, short version, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answered answered -> {
        if (isUnknownError(answered.response())) {
          note(key + " v" + version + ": UNKNOWN_SERVER_ERROR");
        }
        yield true;
      }
      case Outcome.Closed _ -> false;
      case Outcome.Silent _ -> {
        silent.merge(key, 1, Integer::sum);
        yield false;
      }
      case Outcome.Malformed(String why) -> {
        note(key + " v" + version + ": " + why);
        yield false;
      }
    };
  }

  private static boolean isUnknownError(AbstractResponse response) {
    try {
      return response.errorCounts().containsKey(Errors.UNKNOWN_SERVER_ERROR);
    } catch (IllegalStateException e) {
      return false; // kafka-clients counts no resource twice, though one may be asked for twice
    }
  }

  private void note(String complaint) {
    if (malformed.size() < 30 && !malformed.contains(complaint)) {
      malformed.add(complaint);
    }
  }

  private NodeFixture node() throws Exception {
    return new NodeFixture(home)
        .withDirectoryStore(home)
        .with("auto.create.topics.enable", "true")
        .with("tidemark.log.dir.stall.ms", "60000");
  }

  private static NewTopic topic(String name) {
    return new NewTopic(name, 2, (short) 1);
  }

  private static List<ApiVersion> advertised(NodeFixture node) throws Exception {
    short version = 0;
    ByteBuffer body =
        MessageUtil.toByteBufferAccessor(new ApiVersionsRequestData(), version).buffer();
    try (HostileConnection connection = new HostileConnection(node.bootstrapServers())) {
      Outcome outcome = connection.ask(ApiKeys.API_VERSIONS, version, body, PATIENCE_MS);
      assertThat(outcome).isInstanceOf(Outcome.Answered.class);
      ApiVersionsResponse response = (ApiVersionsResponse) ((Outcome.Answered) outcome).response();
      return List.copyOf(response.data().apiKeys());
    }
  }
}
