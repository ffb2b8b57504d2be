package io.tidemark.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.jr.ob.JSON;
import io.tidemark.gateway.cli.Tidemark;
import io.tidemark.tests.process.NodeProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every sub-command against one node, by its output and exit code. */
class CliIT {
  @TempDir static Path home = Path.of("");
  private static NodeProcess node;

  private String out = "";
  private String err = "";

  @BeforeAll
  static void startNode() throws IOException {
    node =
        new NodeProcess(home)
            .withDirectoryStore()
            .with("num.partitions", "2")
            .with("log.retention.check.interval.ms", "200")
            .with("group.initial.rebalance.delay.ms", "0");
    node.start();
  }

  @AfterAll
  static void stopNode() {
    if (node != null) {
      node.close();
    }
  }

  @Test
  void topicsAreCreatedListedDescribedAlteredAndDeleted() throws Exception {
    assertThat(
            run("topic", "create", "life", "--partitions", "3", "--config", "retention.ms=60000"))
        .isZero();
    assertThat(run("topic", "create", "life")).isEqualTo(1);
    assertThat(err).contains("TOPIC_ALREADY_EXISTS").hasLineCount(1);
    assertThat(run("topic", "create", "life", "--if-not-exists")).isZero();
    assertThat(run("topic", "create", "a/b")).isEqualTo(1);
    assertThat(err).contains("INVALID_TOPIC_EXCEPTION");
    assertThat(run("topic", "create", "never", "--validate-only")).isZero();
    assertThat(run("topic", "list", "--output", "json")).isZero();
    assertThat(out).contains("\"life\"").doesNotContain("never");
    assertThat(run("topic", "add-partitions", "life", "--total", "5")).isZero();
    assertThat(run("topic", "describe", "life", "--output", "json")).isZero();
    assertThat(rows()).hasSize(5).allSatisfy(row -> assertThat(row).containsEntry("logEnd", 0));
    assertThat(run("topic", "alter", "life", "--set", "segment.bytes=1048576")).isZero();
    assertThat(run("topic", "alter", "life")).isEqualTo(2);
    assertThat(run("topic", "alter", "life", "--set", "segment.bytes=none")).isEqualTo(1);
    assertThat(err).contains("INVALID_CONFIG");
    assertThat(run("config", "describe", "--topic", "life", "--changed")).isZero();
    assertThat(out).contains("segment.bytes", "1048576", "retention.ms", "60000");
    assertThat(run("topic", "alter", "life", "--unset", "retention.ms")).isZero();
    assertThat(run("topic", "delete", "life")).isZero();
    assertThat(run("topic", "describe", "life")).isEqualTo(1);
    assertThat(err).contains("UNKNOWN_TOPIC_OR_PARTITION");
  }

  @Test
  void recordsGoInAndComeOutByPositionWithKeysAndHeaders() throws Exception {
    String lines =
        IntStream.range(0, 100).mapToObj(i -> "k" + i + "=v" + i).collect(Collectors.joining("\n"));
    run("topic", "create", "talk", "--partitions", "1");
    assertThat(
            produce(
                "talk", lines, "--key-separator", "=", "--header", "h=1", "--compression", "zstd"))
        .isZero();
    assertThat(err).contains("produced 100 records");

    assertThat(
            run(
                "consume",
                "talk",
                "--from",
                "98",
                "--max-messages",
                "2",
                "--format",
                "%o %k %v %h\\n"))
        .isZero();
    assertThat(out.lines()).containsExactly("98 k98 v98 h=1", "99 k99 v99 h=1");
    assertThat(run("consume", "talk", "--from", "beginning", "--timeout", "2", "--headers"))
        .isZero();
    assertThat(out.lines()).hasSize(100).first().isEqualTo("h=1\tv0");
    assertThat(run("consume", "talk", "--from", "@0", "--max-messages", "1")).isZero();
    assertThat(out).isEqualTo("v0\n");
    assertThat(run("consume", "nothing-here", "--from", "beginning", "--timeout", "1"))
        .isEqualTo(1);
  }

  @Test
  void recordsAndCountsAreJsonWhereAskedFor() throws Exception {
    run("topic", "create", "spoken", "--partitions", "1");
    assertThat(produce("spoken", "k=v", "--key-separator", "=", "--output", "json")).isZero();
    assertThat(rows().getFirst()).containsEntry("topic", "spoken").containsEntry("records", 1);

    assertThat(run("consume", "spoken", "--from", "0", "--max-messages", "1", "--output", "json"))
        .isZero();
    assertThat(JSON.std.mapFrom(out))
        .containsEntry("offset", 0)
        .containsEntry("key", "k")
        .containsEntry("value", "v");
    assertThat(run("consume", "spoken", "--output", "json", "--format", "%v")).isEqualTo(2);
    assertThat(produce("spoken", "lost", "--partition", "1")).isEqualTo(1);
    assertThat(err).contains("topic spoken has no partition 1, it has 1");
  }

  @Test
  @Timeout(300)
  void consumingEndsWhenNobodyReadsTheOutputAnyMore() throws Exception {
    run("topic", "create", "unheard", "--partitions", "1");
    produce("unheard", "1\n2\n3");
    Writer closedPipe =
        new Writer() {
          @Override
          public void write(char[] text, int offset, int length) throws IOException {
            throw new IOException("Broken pipe");
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };

    int exitCode =
        Tidemark.execute(
            new PrintWriter(closedPipe),
            new PrintWriter(new StringWriter()),
            "consume",
            "unheard",
            "--from",
            "beginning",
            "--bootstrap-server",
            node.bootstrapServer());

    assertThat(exitCode).isZero();
  }

  @Test
  void thePackedProgramKnowsItsVersion() {
    StringWriter text = new StringWriter();

    Tidemark.execute(new PrintWriter(text), new PrintWriter(new StringWriter()), "version");

    assertThat(text.toString()).containsPattern("\\n[0-9]+\\.[0-9]+\\.[0-9]+");
  }

  @Test
  void recordsAreDeletedBelowAnOffset() throws Exception {
    run("topic", "create", "cut", "--partitions", "1");
    produce("cut", "a\nb\nc\nd");

    assertThat(run("topic", "delete-records", "cut", "--before", "0=3")).isZero();
    assertThat(run("consume", "cut", "--from", "beginning", "--max-messages", "1")).isZero();
    assertThat(out).isEqualTo("d\n");
    assertThat(run("consume", "cut", "--from", "0", "--max-messages", "1", "--timeout", "5"))
        .isZero();
    assertThat(out).isEqualTo("d\n");
    assertThat(run("topic", "delete-records", "cut", "--before", "0=99")).isEqualTo(1);
    assertThat(err).contains("OFFSET_OUT_OF_RANGE");
  }

  @Test
  void groupsAreListedDescribedMovedAndDeleted() throws Exception {
    run("topic", "create", "shared", "--partitions", "1");
    produce("shared", "1\n2\n3\n4\n5");
    assertThat(
            run(
                "consume",
                "shared",
                "--group",
                "readers",
                "--from",
                "beginning",
                "--max-messages",
                "4"))
        .isZero();

    assertThat(run("group", "list")).isZero();
    assertThat(out).contains("readers");
    assertThat(run("group", "describe", "readers", "--output", "json")).isZero();
    assertThat(rows().getFirst()).containsEntry("committed", 4).containsEntry("lag", 1);
    assertThat(run("group", "reset-offsets", "readers", "--shift-by", "-3", "--output", "json"))
        .isZero();
    assertThat(rows().getFirst()).containsEntry("after", 1).containsEntry("done", false);
    assertThat(run("group", "describe", "readers", "--output", "json")).isZero();
    assertThat(rows().getFirst()).containsEntry("committed", 4);
    assertThat(run("group", "reset-offsets", "readers", "--to-offset", "99", "--execute")).isZero();
    assertThat(run("group", "describe", "readers", "--output", "json")).isZero();
    assertThat(rows().getFirst()).containsEntry("committed", 5);
    assertThat(run("group", "reset-offsets", "readers", "--to-latest", "--to-earliest"))
        .isEqualTo(2);
    assertThat(run("group", "delete", "readers")).isZero();
    assertThat(run("group", "describe", "readers")).isEqualTo(1);
    assertThat(err).contains("GROUP_ID_NOT_FOUND");
  }

  @Test
  void aMemberWithoutPartitionsIsShownToo() {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            node.bootstrapServer(),
            "group.id",
            "idlers",
            "client.id",
            "idler",
            "allow.auto.create.topics",
            false);
    try (KafkaConsumer<byte[], byte[]> idler =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      idler.subscribe(List.of("absent"));
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> {
            idler.poll(Duration.ofMillis(200));
            assertThat(run("group", "describe", "idlers")).isZero();
            assertThat(out).contains("Stable", "idler-");
          });
    }
  }

  @Test
  void aGroupWithMembersIsNotMoved() throws Exception {
    run("topic", "create", "busy", "--partitions", "1");
    produce("busy", "1\n2");
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers", node.bootstrapServer(),
            "group.id", "workers",
            "auto.offset.reset", "earliest");
    try (KafkaConsumer<byte[], byte[]> worker =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      worker.subscribe(List.of("busy"));
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> worker.poll(Duration.ofMillis(200)).count() > 0);

      assertThat(
              run(
                  "group",
                  "reset-offsets",
                  "workers",
                  "--to-earliest",
                  "--topic",
                  "busy",
                  "--execute"))
          .isEqualTo(1);
      assertThat(err).contains("has members", "stop them first").hasLineCount(1);
    }
  }

  @Test
  void theStoreIsShownAndVerified() throws Exception {
    run("topic", "create", "cold", "--partitions", "1", "--config", "segment.bytes=1048576");
    String line = "x".repeat(10_000);
    assertThat(produce("cold", (line + "\n").repeat(300))).isZero();
    await()
        .atMost(Duration.ofSeconds(100))
        .untilAsserted(() -> {
          run("tier", "status", "--topic", "cold", "--output", "json");
          assertThat(((Number) rows().getFirst().get("coldBytes")).longValue())
              .isGreaterThan(1_000_000);
        });

    assertThat(run("tier", "verify", "--topic", "cold")).as(err).isZero();
    flipABitOfEveryObject();
    assertThat(run("tier", "verify", "--topic", "cold")).isEqualTo(1);
    assertThat(err).contains("problem");
  }

  /**
   * Of every one: the manifest may not name the newest yet, and what it does not is not verified.
   */
  private static void flipABitOfEveryObject() throws IOException {
    List<Path> objects;
    try (var files = Files.walk(home.resolve("store"))) {
      objects = files.filter(file -> file.toString().endsWith(".seg")).toList();
    }
    for (Path object : objects) {
      byte[] bytes = Files.readAllBytes(object);
      bytes[bytes.length / 2] ^= 1;
      Files.write(object, bytes);
    }
  }

  @Test
  void theClusterAndItsSettingsAreShown() throws Exception {
    assertThat(run("cluster", "describe", "--output", "json")).isZero();
    assertThat(rows().getFirst())
        .containsEntry("node", 1)
        .containsEntry("address", node.bootstrapServer());
    assertThat(run("config", "describe", "--node", "1", "--changed")).isZero();
    assertThat(out).contains("num.partitions");
    assertThat(run("config", "describe")).isEqualTo(2);
  }

  @Test
  void whatSomebodyWhoHelpsNeedsIsShownInOnePiece() throws Exception {
    run("topic", "create", "odd", "--config", "retention.ms=60000");
    assertThat(run("support")).isZero();
    assertThat(out)
        .contains("== nodes ==", "== quorum ==", "== features ==", "== settings of node 1 ==")
        .contains("num.partitions", "odd", "retention.ms")
        .containsPattern("== partitions that are not well ==\\Rnone");

    assertThat(run("support", "--output", "json")).isZero();
    Map<String, Object> report = JSON.std.mapFrom(out);
    assertThat(report).containsKeys("thisTool", "nodes", "settingsOfTopics");
    assertThat(report.get("directoriesOfNode1").toString())
        .contains(home.resolve("data").toString());
  }

  @Test
  void quotasAreListedSetAndTakenAway() throws Exception {
    assertThat(run("quota", "alter", "--user", "ann", "--set", "producer_byte_rate=1000")).isZero();
    assertThat(
            run(
                "quota",
                "alter",
                "--default-client-id",
                "--set",
                "request_percentage=12.5",
                "--set",
                "consumer_byte_rate=2000"))
        .isZero();
    assertThat(run("quota", "alter", "--ip", "10.0.0.1", "--set", "connection_creation_rate=5"))
        .isZero();
    assertThat(run("quota", "list")).isZero();
    assertThat(out)
        .contains("ann", "producer_byte_rate", "1000", "<default>", "12.5", "10.0.0.1")
        .hasLineCount(5);
    assertThat(run("quota", "list", "--user", "ann", "--output", "json")).isZero();
    assertThat(rows())
        .singleElement()
        .satisfies(row ->
            assertThat(row)
                .containsEntry("user", "ann")
                .containsEntry("quota", "producer_byte_rate")
                .containsEntry("value", 1000));
    assertThat(run("quota", "alter", "--user", "ann", "--dry-run", "--set", "request_percentage=1"))
        .isZero();
    assertThat(run("quota", "alter", "--user", "ann", "--set", "producer_byte_rate=-1"))
        .isEqualTo(1);
    assertThat(err).contains("INVALID_REQUEST");
    assertThat(run("quota", "alter", "--user", "ann")).isEqualTo(2);
    assertThat(run("quota", "alter", "--set", "producer_byte_rate=1")).isEqualTo(2);
    assertThat(run("quota", "alter", "--user", "ann", "--default-user", "--unset", "x"))
        .isEqualTo(2);
    assertThat(run("quota", "alter", "--user", "ann", "--unset", "producer_byte_rate")).isZero();
    assertThat(run("quota", "list", "--user", "ann", "--output", "json")).isZero();
    assertThat(rows()).isEmpty();
  }

  @Test
  void featuresAreDescribedAndPutAtOtherLevels() throws Exception {
    assertThat(run("features", "downgrade", "--feature", "transaction.version=1")).isZero();
    assertThat(out).isEqualToIgnoringNewLines("downgraded");
    assertThat(run("features", "describe", "--output", "json")).isZero();
    assertThat(rows())
        .anySatisfy(row ->
            assertThat(row)
                .containsEntry("feature", "transaction.version")
                .containsEntry("level", 1)
                .containsEntry("newest", 2));
    assertThat(run("features", "downgrade", "--feature", "transaction.version=2")).isEqualTo(1);
    assertThat(err).contains("INVALID_UPDATE_VERSION").hasLineCount(1);
    assertThat(run("features", "upgrade", "--feature", "transaction.version=2", "--dry-run"))
        .isZero();
    assertThat(out).isEqualToIgnoringNewLines("could be upgraded");
    assertThat(run("features", "upgrade", "--feature", "transaction.version=2")).isZero();
    assertThat(run("features", "describe")).isZero();
    assertThat(out).contains("metadata.version", "transaction.version");
    assertThat(run("features", "upgrade", "--feature", "transaction.version=new")).isEqualTo(2);
    assertThat(run("features", "upgrade")).isEqualTo(2);
  }

  @Test
  void logLevelsAreShownAndChangedWhileTheNodeRuns() throws Exception {
    String logger = "io.tidemark.gateway.node";

    assertThat(run("config", "alter", "--loggers", "1", "--set", logger + "=DEBUG")).isZero();
    assertThat(levelOf(logger)).isEqualTo("DEBUG");
    assertThat(run("config", "alter", "--loggers", "1", "--unset", logger)).isZero();
    assertThat(levelOf(logger)).isEqualTo("INFO");

    assertThat(run("config", "alter", "--loggers", "1", "--set", logger + "=LOUD")).isEqualTo(1);
    assertThat(err).contains("INVALID_CONFIG").hasLineCount(1);
    assertThat(run("config", "alter", "--loggers", "1", "--node", "1", "--set", "root=WARN"))
        .isEqualTo(2);
  }

  private Object levelOf(String logger) throws IOException {
    assertThat(run("config", "describe", "--loggers", "1", "--output", "json")).isZero();
    return rows().stream()
        .filter(row -> logger.equals(row.get("name")))
        .findFirst()
        .orElseThrow()
        .get("value");
  }

  private int produce(String topic, String lines, String... options) throws IOException {
    Path file = Files.createTempFile(home, "lines", ".txt");
    Files.writeString(file, lines);
    List<String> all = new ArrayList<>(List.of("produce", topic, "--file", file.toString()));
    all.addAll(List.of(options));
    return run(all.toArray(String[]::new));
  }

  private int run(String... arguments) {
    StringWriter outText = new StringWriter();
    StringWriter errText = new StringWriter();
    List<String> all = new ArrayList<>(List.of(arguments));
    if (arguments[0].equals("tier")) {
      all.addAll(List.of("--http", node.http()));
    } else {
      all.addAll(List.of("--bootstrap-server", node.bootstrapServer()));
    }
    int exitCode =
        Tidemark.execute(
            new PrintWriter(outText, true),
            new PrintWriter(errText, true),
            all.toArray(String[]::new));
    out = outText.toString();
    err = errText.toString();
    return exitCode;
  }

  private List<Map<String, Object>> rows() throws IOException {
    return JSON.std.listOfFrom(Object.class, out).stream().map(CliIT::row).toList();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> row(Object object) {
    return (Map<String, Object>) object;
  }
}
