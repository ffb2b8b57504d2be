package io.tidemark.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.gateway.api.ApiTable;
import io.tidemark.gateway.forward.FakeClient.Asking;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeLogDirsRequest;
import org.junit.jupiter.api.Test;

/** What a client that asks a gateway hears of the brokers' directories. */
class ShownLogDirsTest {
  private static final short NEWEST = 5;
  private static final int PARTITIONS = 8;

  private final FakeNodes nodes = new FakeNodes();
  private final Cluster cluster =
      new Cluster().broker(1).broker(2).gateway(11).gateway(12).topic("t", 1, 2, 1, 2, 1, 2, 1, 2);
  private final Routes routes = new Routes(cluster.view());
  private final FakeClient client = new FakeClient();
  private final ApiTable apis = apis();

  private ApiTable apis() {
    Forwarder forwarder =
        new Forwarder(
            "gateway-11", nodes, cluster::address, new ForwardMeters(new SimpleMeterRegistry()));
    ApiTable.Builder table = ApiTable.builder();
    new ForwardApis(forwarder, routes).addTo(table);
    return table.build();
  }

  private Asking ask() {
    Asking asking =
        client.ask(
            new DescribeLogDirsRequest.Builder(new DescribeLogDirsRequestData().setTopics(null))
                .build(NEWEST));
    Objects.requireNonNull(apis.entries().get(ApiKeys.DESCRIBE_LOG_DIRS))
        .handler()
        .handle(asking, asking);
    return asking;
  }

  /** A directory with every partition of the topic, and of one that nobody knows. */
  private static DescribeLogDirsResult directory(String path) {
    DescribeLogDirsTopic topic = new DescribeLogDirsTopic().setName("t");
    for (int i = 0; i < PARTITIONS; i++) {
      topic
          .partitions()
          .add(new DescribeLogDirsPartition().setPartitionIndex(i).setPartitionSize(100 + i));
    }
    DescribeLogDirsTopic unknown = new DescribeLogDirsTopic().setName("deleted");
    unknown.partitions().add(new DescribeLogDirsPartition());
    return new DescribeLogDirsResult()
        .setLogDir(path)
        .setTotalBytes(7_000)
        .setTopics(List.of(topic, unknown));
  }

  private static DescribeLogDirsResponseData answer(DescribeLogDirsResult... directories) {
    return new DescribeLogDirsResponseData().setResults(List.of(directories));
  }

  private List<Integer> stoodFor() {
    List<Integer> own = new ArrayList<>();
    for (int i = 0; i < PARTITIONS; i++) {
      if (routes.seemsToLead(PartitionPart.named("t", i), Cluster.LISTENER)) {
        own.add(i);
      }
    }
    return own;
  }

  private static Map<String, List<Integer>> shown(Asking asking) {
    Map<String, List<Integer>> partitions = new TreeMap<>();
    for (DescribeLogDirsResult each : asking.answer(DescribeLogDirsResponseData.class).results()) {
      partitions.put(
          each.logDir(),
          each.topics().stream()
              .flatMap(topic -> topic.partitions().stream())
              .map(DescribeLogDirsPartition::partitionIndex)
              .sorted()
              .toList());
    }
    return partitions;
  }

  @Test
  void directoriesOfAllBrokersHaveTheirNodesNameAndThePartitionsSoughtHere() {
    Asking asking = ask();
    nodes.to(1).open().answer(answer(directory("/data")).setThrottleTimeMs(5));
    nodes.to(2).open().answer(answer(directory("/data"), directory("/more")).setThrottleTimeMs(9));

    List<Integer> own = stoodFor();
    assertThat(own).isNotEmpty().hasSizeLessThan(PARTITIONS);
    assertThat(shown(asking))
        .isEqualTo(Map.of("node-1:/data", own, "node-2:/data", own, "node-2:/more", own));
    DescribeLogDirsResponseData whole = asking.answer(DescribeLogDirsResponseData.class);
    assertThat(whole.throttleTimeMs()).isEqualTo(9);
    assertThat(whole.results()).allMatch(directory -> directory.totalBytes() == 7_000);
    assertThat(asking.retained).isZero();
  }

  @Test
  void theStoreIsOneDirectoryWhoeverSpeaksOfIt() {
    Asking asking = ask();
    nodes.to(1).open().answer(answer(directory("remote://bucket")));
    nodes.to(2).open().answer(answer(new DescribeLogDirsResult().setLogDir("remote://bucket")));

    assertThat(shown(asking)).isEqualTo(Map.of("remote://bucket", stoodFor()));
  }

  @Test
  void anAnswerThatLacksABrokersDirectoriesIsAnErrorAndNoDirectory() {
    Asking asking = ask();
    nodes.to(1).open().answer(answer(directory("/data")));
    nodes.to(2).drop();

    DescribeLogDirsResponseData whole = asking.answer(DescribeLogDirsResponseData.class);
    assertThat(Errors.forCode(whole.errorCode())).isEqualTo(Errors.BROKER_NOT_AVAILABLE);
    assertThat(whole.results()).isEmpty();
  }
}
