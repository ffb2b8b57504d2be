package io.tidemark.tests.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.tidemark.gateway.node.NodeFixture;
import io.tidemark.scenario.Scenario;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterClientQuotasOptions;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.ThrottlingQuotaExceededException;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.quota.ClientQuotaFilterComponent;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Quotas of clients, with the Java clients that they hold back. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QuotasIT {
  private static final String TOPIC = "limited";
  private static final int RECORD_BYTES = 10_000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private NodeFixture node;
  private Admin admin;

  @BeforeAll
  void start(@TempDir Path home) throws Exception {
    node = new NodeFixture(home).with("auto.create.topics.enable", "true").start();
    admin = node.admin();
    admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
  }

  @AfterAll
  void stop() {
    admin.close();
    node.close();
  }

  @AfterEach
  void takeAllAway() throws Exception {
    List<ClientQuotaAlteration> removals = new ArrayList<>();
    admin
        .describeClientQuotas(ClientQuotaFilter.all())
        .entities()
        .get()
        .forEach((entity, quotas) ->
            removals.add(
                new ClientQuotaAlteration(
                    entity,
                    quotas.keySet().stream()
                        .map(key -> new ClientQuotaAlteration.Op(key, null))
                        .toList())));
    admin.alterClientQuotas(removals).all().get();
  }

  private static ClientQuotaEntity client(String id) {
    return new ClientQuotaEntity(Map.of(ClientQuotaEntity.CLIENT_ID, id));
  }

  private void limit(ClientQuotaEntity entity, String quota, @Nullable Double value)
      throws ExecutionException, InterruptedException {
    admin
        .alterClientQuotas(
            List.of(
                new ClientQuotaAlteration(
                    entity, List.of(new ClientQuotaAlteration.Op(quota, value)))))
        .all()
        .get();
  }

  private KafkaProducer<byte[], byte[]> producer(String clientId) {
    return new KafkaProducer<>(
        Map.of(
            "bootstrap.servers",
            node.bootstrapServers(),
            "client.id",
            clientId,
            "batch.size",
            RECORD_BYTES),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static double metric(Map<MetricName, ? extends Metric> metrics, String name) {
    return metrics.entrySet().stream()
        .filter(entry -> entry.getKey().name().equals(name))
        .map(entry -> entry.getValue().metricValue())
        .filter(Double.class::isInstance)
        .mapToDouble(Double.class::cast)
        .filter(value -> !Double.isNaN(value))
        .max()
        .orElse(0);
  }

  private double produce(String clientId, int records) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = producer(clientId)) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (int i = 0; i < records; i++) { // all at once, so that they fall into few windows
        sent.add(producer.send(new ProducerRecord<>(TOPIC, new byte[RECORD_BYTES])));
      }
      for (Future<RecordMetadata> each : sent) {
        each.get();
      }
      return metric(producer.metrics(), "produce-throttle-time-max");
    }
  }

  @Test
  @Scenario("S-191")
  void aProducerIsThrottledAndAnotherIsNot() throws Exception {
    limit(client("greedy"), "producer_byte_rate", 10_000.0);
    assertThat(produce("greedy", 14)).isPositive();
    assertThat(produce("modest", 14)).isZero();
  }

  @Test
  void aConsumerIsThrottledAndGetsEverything() throws Exception {
    produce("filler", 30);
    limit(client("reader"), "consumer_byte_rate", 20_000.0);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", node.bootstrapServers(), "client.id", "reader"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      TopicPartition partition = new TopicPartition(TOPIC, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      int records = 0;
      long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
      while (records < 25 && System.nanoTime() < deadlineNs) {
        records += consumer.poll(Duration.ofMillis(500)).count();
      }
      assertThat(records).isGreaterThanOrEqualTo(25);
      assertThat(metric(consumer.metrics(), "fetch-throttle-time-max")).isPositive();
    }
  }

  @Test
  void aClientThatTakesTooMuchTimeIsThrottled() throws Exception {
    limit(client("busy"), "request_percentage", 0.000_1);
    assertThat(produce("busy", 3)).isPositive();
  }

  @Test
  @Scenario("S-193")
  void whoMakesTooManyPartitionsIsToldToWaitAndMayGoOnAfterwards() throws Exception {
    ClientQuotaEntity anybody =
        new ClientQuotaEntity(Collections.singletonMap(ClientQuotaEntity.USER, (String) null));
    limit(anybody, "controller_mutation_rate", 0.5);
    try (Admin maker = node.admin();
        Admin other = node.admin()) {
      assertThat(other.listTopics().names().get()).contains(TOPIC);
      maker.createTopics(List.of(new NewTopic("many", 42, (short) 1))).all().get();

      Throwable refusal =
          catchThrowable(() ->
              other
                  .createTopics(
                      List.of(new NewTopic("more", 1, (short) 1)),
                      new CreateTopicsOptions().retryOnQuotaViolation(false))
                  .all()
                  .get());

      assertThat(refusal).hasCauseInstanceOf(ThrottlingQuotaExceededException.class);
      assertThat(((ThrottlingQuotaExceededException) refusal.getCause()).throttleTimeMs())
          .isPositive();
    }
    assertThat(admin.listTopics().names().get()).doesNotContain("more");
    limit(anybody, "controller_mutation_rate", 1_000.0);
    admin.createTopics(List.of(new NewTopic("more", 1, (short) 1))).all().get();
    admin.deleteTopics(List.of("many", "more")).all().get();
  }

  @Test
  @Scenario("S-191")
  void anAddressThatConnectsTooOftenIsClosed() throws Exception {
    limit(
        new ClientQuotaEntity(Map.of(ClientQuotaEntity.IP, "127.0.0.1")),
        "connection_creation_rate",
        1.0);
    InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
    int port = node.address("PLAINTEXT").port();
    List<Socket> sockets = new ArrayList<>();
    try {
      long beginNs = System.nanoTime();
      for (int i = 0; i < 100; i++) {
        sockets.add(new Socket(loopback, port));
      }
      long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - beginNs);
      long allowed = 11 + seconds + 1; // a window's at once, and one a second after them
      await().atMost(PATIENCE).until(() -> open(sockets) <= allowed);
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  private static long open(List<Socket> sockets) throws IOException {
    long open = 0;
    for (Socket socket : sockets) {
      open += isClosed(socket) ? 0 : 1;
    }
    return open;
  }

  private static boolean isClosed(Socket socket) throws IOException {
    socket.setSoTimeout(1);
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SocketException reset) {
      return true;
    }
  }

  @Test
  void quotasAreDescribedAsTheyWereAltered() throws Exception {
    ClientQuotaEntity both =
        new ClientQuotaEntity(
            Map.of(ClientQuotaEntity.USER, "ann", ClientQuotaEntity.CLIENT_ID, "app"));
    limit(both, "producer_byte_rate", 1_000_000.0);
    limit(both, "tidemark.remote.fetch.byte.rate", 2_000_000.0);
    limit(client("app"), "request_percentage", 12.5);

    assertThat(admin.describeClientQuotas(ClientQuotaFilter.all()).entities().get())
        .containsOnlyKeys(both, client("app"))
        .containsEntry(
            both,
            Map.of(
                "producer_byte_rate", 1_000_000.0, "tidemark.remote.fetch.byte.rate", 2_000_000.0));
    ClientQuotaFilterComponent anyClient =
        ClientQuotaFilterComponent.ofEntityType(ClientQuotaEntity.CLIENT_ID);
    assertThat(
            admin
                .describeClientQuotas(ClientQuotaFilter.containsOnly(List.of(anyClient)))
                .entities()
                .get())
        .containsOnlyKeys(client("app"));
    assertThat(
            admin
                .describeClientQuotas(ClientQuotaFilter.contains(List.of(anyClient)))
                .entities()
                .get())
        .containsOnlyKeys(both, client("app"));
  }

  @Test
  void whatIsOnlyValidatedIsNotKept() throws Exception {
    ClientQuotaAlteration good =
        new ClientQuotaAlteration(
            client("app"), List.of(new ClientQuotaAlteration.Op("producer_byte_rate", 5.0)));
    ClientQuotaAlteration bad =
        new ClientQuotaAlteration(
            client("app"), List.of(new ClientQuotaAlteration.Op("producer_byte_rate", -5.0)));
    AlterClientQuotasOptions dryRun = new AlterClientQuotasOptions().validateOnly(true);
    admin.alterClientQuotas(List.of(good), dryRun).all().get();
    assertThat(catchThrowable(() -> admin.alterClientQuotas(List.of(bad), dryRun).all().get()))
        .hasCauseInstanceOf(InvalidRequestException.class);
    assertThat(admin.describeClientQuotas(ClientQuotaFilter.all()).entities().get()).isEmpty();
  }
}
