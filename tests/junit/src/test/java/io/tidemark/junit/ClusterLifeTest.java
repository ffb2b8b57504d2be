package io.tidemark.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/**
 * Clusters begin and end with their tests, seen from outside: other classes' tests are run here.
 */
class ClusterLifeTest {
  private static final Set<TidemarkCluster> SEEN = ConcurrentHashMap.newKeySet();

  /** All classes that run at once have to be there before any goes on. */
  private static CountDownLatch meeting = new CountDownLatch(0);

  @Test
  void nothingIsLeftAfterTheLastTest() {
    SEEN.clear();
    tests(OneCluster.class).assertStatistics(outcome -> outcome.succeeded(1).failed(0));

    TidemarkCluster cluster = SEEN.iterator().next();
    assertThat(OneCluster.store).doesNotExist();
    assertThatThrownBy(
            () -> new Socket(InetAddress.ofLiteral("127.0.0.1"), OneCluster.port).close())
        .isInstanceOf(ConnectException.class);
    assertThatThrownBy(cluster::clusterId).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void classesThatRunAtTheSameTimeHaveTheirOwn() {
    SEEN.clear();
    meeting = new CountDownLatch(3);

    tests(ParallelOne.class, ParallelTwo.class, ParallelThree.class)
        .assertStatistics(outcome -> outcome.succeeded(3).failed(0));

    assertThat(SEEN).hasSize(3);
  }

  @Test
  void aFieldOfTheInstanceGivesEachTestItsOwn() {
    SEEN.clear();
    tests(EachItsOwn.class).assertStatistics(outcome -> outcome.succeeded(2).failed(0));

    assertThat(SEEN).hasSize(2);
  }

  @Test
  void aWrongSettingFailsTheClassWithTheNodesReason() {
    tests(WrongSetting.class).assertStatistics(outcome -> outcome.started(0));
  }

  @Test
  void aProducerOfUnknownTypesIsRefused() {
    tests(UnknownType.class).assertStatistics(outcome -> outcome.failed(1));
  }

  @Test
  void nonsenseIsRefusedWhenItIsSaid() {
    assertThatThrownBy(() -> TidemarkExtension.builder().nodes(0).build())
        .hasMessageContaining("1 to 9 nodes");
    assertThatThrownBy(() -> TidemarkExtension.builder().build().cluster())
        .isInstanceOf(IllegalStateException.class);
  }

  private static Events tests(Class<?>... classes) {
    EngineTestKit.Builder run =
        EngineTestKit.engine("junit-jupiter")
            .configurationParameters(
                Map.of(
                    "junit.jupiter.execution.parallel.enabled",
                    "true",
                    "junit.jupiter.execution.parallel.config.strategy",
                    "fixed",
                    "junit.jupiter.execution.parallel.config.fixed.parallelism",
                    "3"));
    for (Class<?> each : List.of(classes)) {
      run.selectors(selectClass(each));
    }
    return run.execute().testEvents();
  }

  @Tidemark
  static class OneCluster {
    private static Path store = Path.of("");
    private static int port;

    @Test
    void runs(TidemarkCluster cluster, @BootstrapServers String servers) {
      SEEN.add(cluster);
      store = cluster.store().orElseThrow();
      port = Integer.parseInt(servers.substring(servers.indexOf(':') + 1));
      assertThat(Files.exists(store.getParent())).isTrue();
    }
  }

  /** Waits for the others, so that it cannot pass if classes had to take turns. */
  @Tidemark(topics = "same-name")
  @Execution(ExecutionMode.CONCURRENT)
  abstract static class Parallel {
    @Test
    void readsItsOwnRecordsOnly(TidemarkCluster cluster) throws Exception {
      SEEN.add(cluster);
      meeting.countDown();
      assertThat(meeting.await(60, TimeUnit.SECONDS)).isTrue();
      cluster.send("same-name", "key", getClass().getSimpleName());

      assertThat(cluster.read("same-name", 1))
          .singleElement()
          .satisfies(record -> assertThat(record.value()).isEqualTo(getClass().getSimpleName()));
    }
  }

  static class ParallelOne extends Parallel {}

  static class ParallelTwo extends Parallel {}

  static class ParallelThree extends Parallel {}

  static class EachItsOwn {
    @RegisterExtension final TidemarkExtension tidemark = TidemarkExtension.builder().build();

    @Test
    void one(TidemarkCluster cluster) {
      SEEN.add(cluster);
      assertThat(tidemark.cluster()).isSameAs(cluster);
    }

    @Test
    void other(TidemarkCluster cluster) {
      SEEN.add(cluster);
    }
  }

  @Tidemark(properties = "log.retention.hours=many")
  static class WrongSetting {
    @Test
    void neverRuns() {
      throw new AssertionError("there is no cluster");
    }
  }

  @Tidemark
  static class UnknownType {
    @Test
    void neverRuns(KafkaProducer<String, Thread> producer) {
      throw new AssertionError("nobody can write a Thread to " + producer);
    }
  }
}
