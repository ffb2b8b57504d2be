package io.tidemark.tests.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.gateway.GeneratedPage;
import io.tidemark.tests.process.NodeProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every metric that a working node shows stands in the reference, as the node describes it. */
class MetricsIT {
  private static final String TOPIC = "measured";
  private static final int RECORDS = 2_000;

  @TempDir Path home;

  @Test
  void theReferenceHasWhatAWorkingNodeShows() throws Exception {
    try (NodeProcess node =
            new NodeProcess(home).withDirectoryStore().with("tiering.upload.max.age.ms", "200");
        HttpClient http = HttpClient.newHttpClient()) {
      node.start();
      work(node.bootstrapServer());
      await().atMost(Duration.ofMinutes(2)).until(() -> hasAll(scrape(http, node)));
      check(MetricFamilies.of(scrape(http, node)));
    }
  }

  /** What only shows some time after the work that it is about. */
  private static boolean hasAll(String scrape) {
    return scrape.contains("tidemark_store_calls_seconds_count")
        && scrape.contains("tidemark_group_lag{");
  }

  /** Enough of everything that its meters exist. */
  private static void work(String bootstrap) throws Exception {
    Map<String, Object> client = Map.of("bootstrap.servers", bootstrap);
    try (Admin admin = Admin.create(client)) {
      admin
          .createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1)))
          .all()
          .get(60, TimeUnit.SECONDS);
    }
    try (var producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < RECORDS; i++) {
        producer.send(new ProducerRecord<>(TOPIC, new byte[1_000]));
      }
    }
    Map<String, Object> reading =
        Map.of("bootstrap.servers", bootstrap, "group.id", "g", "auto.offset.reset", "earliest");
    try (var consumer =
        new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(TOPIC));
      int read = 0;
      while (read < RECORDS) {
        read += consumer.poll(Duration.ofSeconds(1)).count();
      }
      consumer.commitSync();
    }
  }

  private static String scrape(HttpClient http, NodeProcess node) throws Exception {
    URI uri = URI.create("http://" + node.http() + "/metrics");
    return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
  }

  private static void check(SortedMap<String, MetricFamily> shown) throws Exception {
    assertThat(shown.values())
        .allSatisfy(family -> assertThat(family.help()).as(family.name()).isNotBlank());
    SortedMap<String, MetricFamily> all = new TreeMap<>(documented());
    shown.forEach((name, family) -> all.merge(name, family, MetricsIT::newer));
    GeneratedPage.check(MetricsPage.NAME, MetricsPage.markdown(all));
  }

  /** What is shown now, with labels that an earlier run met too. */
  private static MetricFamily newer(MetricFamily documented, MetricFamily shown) {
    return shown.withLabels(documented.labels());
  }

  private static SortedMap<String, MetricFamily> documented() throws Exception {
    Path page = GeneratedPage.path(MetricsPage.NAME);
    return Files.exists(page) ? MetricsPage.read(Files.readString(page)) : new TreeMap<>();
  }
}
