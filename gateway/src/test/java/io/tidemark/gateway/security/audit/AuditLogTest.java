package io.tidemark.gateway.security.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.gateway.logging.RollingLines;
import io.tidemark.gateway.net.ManualTime;
import io.tidemark.scenario.Scenario;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
  private final ManualTime time = new ManualTime();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private final AuditLog log = new AuditLog(3, true, 4, time, meters);

  private static final class Lines implements AuditSink {
    private final List<String> lines = new ArrayList<>();
    private boolean works = true;

    @Override
    public boolean write(String line) {
      return works && lines.add(line);
    }

    @Override
    public void close() {}
  }

  private Lines sink() {
    Lines sink = new Lines();
    log.add(sink, tasks::add);
    return sink;
  }

  private void runTasks() {
    while (!tasks.isEmpty()) {
      tasks.remove().run();
    }
  }

  private static AuditEvent.Who who(String user, String clientId) {
    return new AuditEvent.Who(
        new KafkaPrincipal("User", user), InetAddress.getLoopbackAddress(), "SASL", clientId);
  }

  private static AuditEvent change(String name) {
    return new AuditEvent.Change(
        who("admin", "tool"), ApiKeys.CREATE_TOPICS, "topic", name, "create", Errors.NONE);
  }

  private static AuditEvent denial(String topic) {
    return new AuditEvent.Denial(
        who("eve", ""),
        ApiKeys.PRODUCE,
        Errors.TOPIC_AUTHORIZATION_FAILED,
        List.of(new AuditEvent.Asked(AclOperation.WRITE, ResourceType.TOPIC, topic)));
  }

  private double dropped() {
    return meters.counter("tidemark.audit.dropped").count();
  }

  @Test
  void eventsAreObjectsWithTheDocumentedFields() {
    Lines sink = sink();
    log.tell(new AuditEvent.Authentication(who("alice", ""), Optional.empty()));
    log.tell(new AuditEvent.Authentication(who("ANONYMOUS", ""), Optional.of("wrong proof")));
    log.tell(denial("secret"));
    log.tell(change("orders"));
    runTasks();
    assertThat(sink.lines)
        .containsExactly(
            "{\"time\":\"1970-01-01T00:00:01.000Z\",\"node\":3,\"event\":\"authentication\","
                + "\"result\":\"succeeded\",\"principal\":\"User:alice\",\"host\":\"127.0.0.1\","
                + "\"listener\":\"SASL\"}",
            "{\"time\":\"1970-01-01T00:00:01.000Z\",\"node\":3,\"event\":\"authentication\","
                + "\"result\":\"failed\",\"principal\":\"User:ANONYMOUS\",\"host\":\"127.0.0.1\","
                + "\"listener\":\"SASL\",\"reason\":\"wrong proof\"}",
            "{\"time\":\"1970-01-01T00:00:01.000Z\",\"node\":3,\"event\":\"denial\","
                + "\"result\":\"denied\",\"principal\":\"User:eve\",\"host\":\"127.0.0.1\","
                + "\"listener\":\"SASL\",\"api\":\"Produce\","
                + "\"error\":\"TOPIC_AUTHORIZATION_FAILED\","
                + "\"asked\":[{\"operation\":\"write\",\"type\":\"topic\",\"name\":\"secret\"}]}",
            "{\"time\":\"1970-01-01T00:00:01.000Z\",\"node\":3,\"event\":\"change\","
                + "\"result\":\"succeeded\",\"principal\":\"User:admin\",\"host\":\"127.0.0.1\","
                + "\"listener\":\"SASL\",\"clientId\":\"tool\",\"api\":\"CreateTopics\","
                + "\"type\":\"topic\",\"name\":\"orders\",\"detail\":\"create\"}");
  }

  @Test
  @Scenario("S-192")
  void namesForgeNoLinesAndMakeNoneLong() throws Exception {
    Lines sink = sink();
    String forged = "x\"}\n{\"event\":\"change\"}\r\u0000\u2028\u001b[31m\ud800";
    log.tell(
        new AuditEvent.Change(
            who(forged, forged), ApiKeys.CREATE_TOPICS, "topic", forged, forged, Errors.NONE));
    log.tell(change("y".repeat(100_000)));
    runTasks();
    assertThat(sink.lines).hasSize(2);
    assertThat(sink.lines.getFirst()).doesNotContainPattern("[\\p{Cntrl}\\u2028\\u2029]");
    Map<String, Object> read = JSON.std.mapFrom(sink.lines.getFirst());
    assertThat(read).containsEntry("principal", "User:" + forged).containsEntry("name", forged);
    assertThat(sink.lines.getLast()).hasSizeLessThan(600);
  }

  @Test
  void nobodyWaitsForAFullQueueAndWhatIsLeftOutIsCounted() {
    Lines sink = sink();
    for (int i = 0; i < 10; i++) {
      log.tell(change("t" + i)); // nothing takes them out meanwhile
    }
    runTasks();
    assertThat(sink.lines).hasSize(4);
    assertThat(dropped()).isEqualTo(6);
    log.tell(change("later"));
    runTasks();
    assertThat(sink.lines).hasSize(5);
    assertThat(meters.counter("tidemark.audit.events").count()).isEqualTo(11);
  }

  @Test
  void whatASinkCannotWriteIsCountedAndOtherSinksGoOn() {
    Lines broken = sink();
    broken.works = false;
    Lines good = sink();
    log.tell(change("t"));
    runTasks();
    assertThat(good.lines).hasSize(1);
    assertThat(dropped()).isEqualTo(1);
  }

  @Test
  void theSameRefusalIsToldOnceAMinuteWithItsNumber() {
    Lines sink = sink();
    for (int i = 0; i < 50; i++) {
      log.tell(denial("secret"));
      runTasks();
    }
    log.tell(denial("other"));
    time.sleep(60_000);
    log.tell(denial("secret"));
    runTasks();
    assertThat(sink.lines).hasSize(3);
    assertThat(sink.lines.getLast()).contains("\"repeated\":49");
    assertThat(dropped()).isZero();
  }

  @Test
  void closingWritesWhatIsLeft() {
    Lines sink = sink();
    log.tell(change("last"));
    log.close();
    assertThat(sink.lines).hasSize(1);
  }

  @Test
  void aFullFileIsBegunAnewAndAFewOldOnesAreKept(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("audit.log");
    Files.writeString(file, "from before\n");
    try (RollingLines lines = RollingLines.open(file, 1_000, 2)) {
      assertThat(lines.write("first")).isTrue();
      assertThat(Files.readString(file)).isEqualTo("from before\nfirst\n");
      for (int i = 0; i < 50; i++) {
        assertThat(lines.write("x".repeat(99))).isTrue();
      }
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("audit.log", "audit.log.1", "audit.log.2");
    }
    assertThat(Files.size(file)).isLessThanOrEqualTo(1_100);
    assertThat(Files.readString(folder.resolve("audit.log.2"))).doesNotContain("first");
  }
}
