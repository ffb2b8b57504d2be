package io.tidemark.tests.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.jr.ob.JSON;
import io.tidemark.gateway.node.NodeFixture;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The console's JSON of a node with a store, a thousand topics and a group with a hostile name. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleIT {
  private static final String GROUP = "<script>alert('group')</script>&\u202e";
  private static final int RECORDS = 5_500;

  private final HttpClient http = HttpClient.newHttpClient();
  private NodeFixture node;
  private Admin admin;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    node =
        new NodeFixture(folder)
            .withDirectoryStore(folder)
            .with("broker.rack", "rack-a")
            .with("log.retention.check.interval.ms", "200")
            .with("tidemark.console.price.storage.gb.month", "1000000")
            .start();
    admin = node.admin();
    NewTopic tiered =
        new NewTopic("tiered", 1, (short) 1)
            .configs(Map.of("segment.bytes", "1048576", "local.retention.ms", "1"));
    admin.createTopics(List.of(tiered)).all().get();
    admin
        .createTopics(
            IntStream.range(0, 1_000)
                .mapToObj(index -> new NewTopic("many-%04d".formatted(index), 1, (short) 1))
                .toList())
        .all()
        .get();
    produce();
    admin
        .alterConsumerGroupOffsets(
            GROUP, Map.of(new TopicPartition("tiered", 0), new OffsetAndMetadata(RECORDS - 7)))
        .all()
        .get();
  }

  private void produce() {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            node.clientConfig(Map.of("batch.size", 0)),
            new StringSerializer(),
            new StringSerializer())) {
      for (int index = 0; index < RECORDS; index++) {
        producer.send(new ProducerRecord<>("tiered", 0, "key", "v".repeat(1_000)));
      }
    }
  }

  @AfterAll
  void stop() {
    http.close();
    admin.close();
    node.close();
  }

  private HttpResponse<String> get(String path) throws Exception {
    URI uri = URI.create("http://" + node.http() + path);
    return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  private Map<String, Object> json(String path) throws Exception {
    HttpResponse<String> answer = get(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.std.mapFrom(answer.body());
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> list(Map<String, Object> json, String name) {
    return (List<Map<String, Object>>) Topics.there(json.get(name));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Test
  void thePageRunsNothingButItsOwnFiles() throws Exception {
    HttpResponse<String> page = get("/");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
    assertThat(page.headers().firstValue("content-security-policy").orElse(""))
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(get("/console/main.js").headers().firstValue("content-type"))
        .hasValue("text/javascript; charset=utf-8");
    assertThat(get("/console/../../etc/passwd").statusCode()).isEqualTo(404);
    assertThat(get("/elsewhere").statusCode()).isEqualTo(404);
  }

  @Test
  void theClusterIsShownWithItsNodes() throws Exception {
    Map<String, Object> cluster = json("/v1/cluster");

    assertThat(cluster)
        .containsEntry("clusterId", node.node().clusterId())
        .containsEntry("quorumLeader", 1)
        .containsEntry("leaderless", 0)
        .containsEntry("unanswered", List.of());
    assertThat(list(cluster, "nodes")).hasSize(1);
    assertThat(list(cluster, "nodes").getFirst())
        .containsEntry("rack", "rack-a")
        .containsEntry("state", "serving")
        .containsEntry("voter", true);
  }

  @Test
  void aThousandTopicsAreReadPageByPage() throws Exception {
    Map<String, Object> last = json("/v1/topics?filter=many-&size=200&page=4");

    assertThat(last).containsEntry("total", 1_000);
    assertThat(list(last, "topics")).hasSize(200);
    assertThat(list(last, "topics").getLast()).containsEntry("topic", "many-0999");
    assertThat(get("/v1/topics?size=201").statusCode()).isEqualTo(400);
  }

  @Test
  void aLogIsToldWithItsSegmentsInBothTiersAndItsGroups() throws Exception {
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> {
          Map<String, Object> log = json("/v1/partition?topic=tiered&partition=0");
          return list(log, "hotSegments").size() == 1 && list(log, "coldSegments").size() > 3;
        });

    Map<String, Object> log = json("/v1/partition?topic=tiered&partition=0");

    assertThat(log).containsEntry("coldProblem", null).containsEntry("leader", 1);
    long tiered = offset(log, "tiered");
    assertThat(offset(log, "logStart")).isZero();
    assertThat(offset(log, "highWatermark")).isEqualTo(RECORDS);
    assertThat(offset(log, "localLogStart")).isEqualTo(tiered).isPositive();
    assertThat(list(log, "coldSegments").getFirst()).containsEntry("base", 0);
    assertThat(list(log, "coldSegments").getLast()).containsEntry("next", (int) tiered);
    assertThat(list(log, "hotSegments").getFirst())
        .containsEntry("base", (int) tiered)
        .containsEntry("next", RECORDS)
        .containsEntry("kind", "active");
    assertThat(list(log, "positions"))
        .containsExactly(Map.of("group", GROUP, "offset", RECORDS - 7));
  }

  private static long offset(Map<String, Object> log, String name) {
    Map<?, ?> offsets = (Map<?, ?>) Topics.there(log.get("offsets"));
    return ((Number) Topics.there(offsets.get(name))).longValue();
  }

  @Test
  void groupsHaveTheirLagWhateverTheirNames() throws Exception {
    assertThat(list(json("/v1/groups"), "groups"))
        .anySatisfy(group ->
            assertThat(group)
                .containsEntry("group", GROUP)
                .containsEntry("lag", 7)
                .containsEntry("partitions", 1));

    Map<String, Object> one = json("/v1/group?group=" + encoded(GROUP));

    assertThat(one).containsEntry("state", "Empty");
    assertThat(list(one, "positions").getFirst()).containsEntry("lag", 7);
    assertThat(get("/v1/group?group=nobody").statusCode()).isEqualTo(404);
    assertThat(get("/v1/group").statusCode()).isEqualTo(400);
  }

  @Test
  void theStoreHasItsCallsAndWhatTheyCost() throws Exception {
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> ((Number) Topics.there(json("/v1/store").get("coldBytes"))).longValue() > 0);

    Map<String, Object> store = json("/v1/store");

    assertThat(list(store, "calls"))
        .anySatisfy(call ->
            assertThat(call).containsEntry("operation", "put").containsEntry("result", "ok"));
    assertThat(((Number) Topics.there(store.get("storageCostMonth"))).doubleValue()).isPositive();
    assertThat(((Number) Topics.there(store.get("callsCost"))).doubleValue()).isPositive();
    assertThat(json("/v1/uploads")).containsEntry("node", 1);
  }

  @Test
  void whatHappensIsTold() throws Exception {
    admin.createTopics(List.of(new NewTopic("short-lived", 2, (short) 1))).all().get();
    admin.deleteTopics(List.of("short-lived")).all().get();

    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() ->
            assertThat(list(json("/v1/events"), "events"))
                .extracting(event -> event.get("text"))
                .contains(
                    "Topic short-lived with 2 partitions was created",
                    "Topic short-lived with 2 partitions was deleted"));
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() ->
            assertThat(list(json("/v1/events?size=500"), "events"))
                .anySatisfy(event -> assertThat(event).containsEntry("kind", "upload")));
  }
}
