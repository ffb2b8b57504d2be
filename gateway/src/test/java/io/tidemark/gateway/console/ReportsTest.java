package io.tidemark.gateway.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.jr.ob.JSON;
import io.tidemark.gateway.http.HttpRequest;
import io.tidemark.gateway.http.HttpResponse;
import io.tidemark.log.ManualTime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroupMember;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsTopic;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.junit.jupiter.api.Test;

/** Node 1 answers for the cluster by asking the others, which are modelled. */
class ReportsTest {
  private static final String HOSTILE = "<img src=x onerror=alert(1)>\"\u2028";
  private static final Prices PRICES = new Prices(0.5, 1, 0.1, "EUR");

  private final SmallCluster cluster =
      new SmallCluster()
          .node(1, "a", false)
          .node(2, "b", false)
          .topic("orders", 1, 2)
          .topic("clicks", 2);
  private final ManualTime time = new ManualTime(1_000);
  private final Set<Integer> silent = new HashSet<>();
  private final List<String> asked = new ArrayList<>();
  private final ClusterSizes sizes = new ClusterSizes(cluster.view(), this::answer, time);

  private CompletableFuture<ApiMessage> answer(int node, ApiKeys key, ApiMessage request) {
    asked.add(node + " " + key);
    if (silent.contains(node)) {
      return CompletableFuture.failedFuture(new TimeoutException("silent"));
    }
    return CompletableFuture.completedFuture(
        switch (request) {
          case ListGroupsRequestData list -> groups(node);
          case DescribeGroupsRequestData describe -> described(describe);
          case OffsetFetchRequestData fetch -> committed(fetch);
          case ListOffsetsRequestData offsets -> ends(offsets);
          default -> logDirs(node);
        });
  }

  /** Each node has 100 bytes of each partition; node 2 has 5 GiB of clicks in the store. */
  private static DescribeLogDirsResponseData logDirs(int node) {
    List<DescribeLogDirsResult> results = new ArrayList<>();
    results.add(directory("/data", Map.of("orders", 2, "clicks", 1), 100));
    if (node == 2) {
      results.add(directory("remote://bucket", Map.of("clicks", 1), 5L << 30));
    }
    return new DescribeLogDirsResponseData().setResults(results);
  }

  private static DescribeLogDirsResult directory(
      String name, Map<String, Integer> partitions, long size) {
    List<DescribeLogDirsTopic> topics = new ArrayList<>();
    partitions.forEach((topic, count) -> {
      DescribeLogDirsTopic described = new DescribeLogDirsTopic().setName(topic);
      for (int index = 0; index < count; index++) {
        described
            .partitions()
            .add(new DescribeLogDirsPartition().setPartitionIndex(index).setPartitionSize(size));
      }
      topics.add(described);
    });
    return new DescribeLogDirsResult().setLogDir(name).setTopics(topics);
  }

  private static ListGroupsResponseData groups(int node) {
    return new ListGroupsResponseData()
        .setGroups(
            List.of(
                new ListedGroup()
                    .setGroupId(node == 1 ? "billing" : HOSTILE)
                    .setGroupState("Stable")
                    .setProtocolType("consumer")));
  }

  private static DescribeGroupsResponseData described(DescribeGroupsRequestData request) {
    return new DescribeGroupsResponseData()
        .setGroups(
            request.groups().stream()
                .map(id ->
                    new DescribedGroup()
                        .setGroupId(id)
                        .setMembers(List.of(new DescribedGroupMember().setClientId(HOSTILE))))
                .toList());
  }

  /** Every group has read 10 records of each partition of orders; of newer versions, by id. */
  private OffsetFetchResponseData committed(OffsetFetchRequestData request) {
    return new OffsetFetchResponseData()
        .setGroups(
            request.groups().stream()
                .map(group ->
                    new OffsetFetchResponseGroup()
                        .setGroupId(group.groupId())
                        .setTopics(
                            List.of(
                                new OffsetFetchResponseTopics()
                                    .setTopicId(
                                        cluster.image().topics().idOf("orders").orElseThrow())
                                    .setPartitions(List.of(at(0), at(1))))))
                .toList());
  }

  private static OffsetFetchResponsePartitions at(int partition) {
    return new OffsetFetchResponsePartitions().setPartitionIndex(partition).setCommittedOffset(10);
  }

  private static ListOffsetsResponseData ends(ListOffsetsRequestData request) {
    return new ListOffsetsResponseData()
        .setTopics(
            request.topics().stream()
                .map(topic ->
                    new ListOffsetsTopicResponse()
                        .setName(topic.name())
                        .setPartitions(
                            topic.partitions().stream()
                                .map(asked ->
                                    new ListOffsetsPartitionResponse()
                                        .setPartitionIndex(asked.partitionIndex())
                                        .setOffset(25))
                                .toList()))
                .toList());
  }

  private static HttpRequest request(String... parameters) {
    Map<String, List<String>> query = new LinkedHashMap<>();
    for (int index = 0; index < parameters.length; index += 2) {
      query.put(parameters[index], List.of(parameters[index + 1]));
    }
    return new HttpRequest("GET", "/", query, new byte[0]);
  }

  private static Map<String, Object> json(HttpResponse response) throws IOException {
    assertThat(response.status()).isEqualTo(200);
    return JSON.std.mapFrom(((HttpResponse.Full) response).body());
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> list(Map<String, Object> json, String name) {
    return (List<Map<String, Object>>) json.getOrDefault(name, List.of());
  }

  @Test
  void sizesAreThoseOfAllNodesHotCountedByReplicaAndColdOnce() throws IOException {
    Map<String, Object> answer =
        json(new TopicsReport(cluster.view(), sizes, PRICES).topics(request()));

    assertThat(list(answer, "topics"))
        .extracting(topic ->
            topic.get("topic") + " " + topic.get("hotBytes") + " " + topic.get("coldBytes"))
        .containsExactly("clicks 200 " + (5L << 30), "orders 400 0");
    assertThat(list(answer, "topics").getFirst()).containsEntry("storageCostMonth", 2.5);
    assertThat(answer).containsEntry("unanswered", List.of());
  }

  @Test
  void aNodeThatDoesNotAnswerIsNamed() throws IOException {
    silent.add(2);
    cluster.node(3, "c", true);

    Map<String, Object> answer =
        json(new ClusterReport(cluster.view(), List.of(1, 9), sizes).answer(request()));

    assertThat(answer).containsEntry("unanswered", List.of(2, 3)).containsEntry("hotBytes", 300);
    assertThat(list(answer, "nodes"))
        .extracting(node -> node.get("state"))
        .containsExactly("serving", "serving", "fenced");
    assertThat(list(answer, "nodes").get(1)).doesNotContainKey("hotBytes");
    assertThat(list(answer, "nodes").getFirst())
        .containsEntry("leaders", 1)
        .containsEntry("replicas", 3)
        .containsEntry("rack", "a")
        .containsEntry("voter", true);
  }

  @Test
  void nodesAreAskedForSizesOnceInAWhileWhoeverLooks() {
    sizes.get();
    sizes.get();
    assertThat(asked).hasSize(2);

    time.advanceMs(ClusterSizes.FRESH_MS);
    sizes.get();
    assertThat(asked).hasSize(4);
  }

  @Test
  void aThousandTopicsComeInPagesByNameOrSize() throws IOException {
    for (int index = 0; index < 1_000; index++) {
      cluster.topic("many-%04d".formatted(index), 1);
    }
    TopicsReport report = new TopicsReport(cluster.view(), sizes, PRICES);

    Map<String, Object> page =
        json(report.topics(request("filter", "MANY", "page", "19", "size", "50")));
    Map<String, Object> behind = json(report.topics(request("page", "99")));
    Map<String, Object> largest = json(report.topics(request("sort", "hot", "size", "1")));

    assertThat(page).containsEntry("total", 1_000);
    assertThat(list(page, "topics")).hasSize(50);
    assertThat(list(page, "topics").getLast()).containsEntry("topic", "many-0999");
    assertThat(list(behind, "topics")).isEmpty();
    assertThat(list(largest, "topics").getFirst()).containsEntry("topic", "orders");
  }

  @Test
  void parametersThatMakeNoSenseAreRefused() {
    TopicsReport report = new TopicsReport(cluster.view(), sizes, PRICES);

    assertThatThrownBy(() -> report.topics(request("size", "100000")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("size is from 1 to 200");
    assertThatThrownBy(() -> report.topics(request("page", "x")))
        .hasMessage("page is a number, not 'x'");
    assertThatThrownBy(() -> report.topics(request("sort", "luck")))
        .hasMessageContaining("sort is name");
    assertThat(report.topic(request("topic", "nope")).status()).isEqualTo(404);
  }

  @Test
  void groupsOfAllCoordinatorsHaveTheLagThatLeadersTell() throws IOException {
    Map<String, Object> answer =
        json(new GroupsReport(new GroupQuestions(cluster.view(), this::answer)).groups(request()));

    assertThat(list(answer, "groups"))
        .extracting(group -> group.get("group") + " " + group.get("coordinator"))
        .containsExactly(HOSTILE + " 2", "billing 1");
    assertThat(list(answer, "groups"))
        .allSatisfy(group ->
            assertThat(group)
                .containsEntry("lag", 30)
                .containsEntry("members", 1)
                .containsEntry("unknownPartitions", 0));
  }

  @Test
  void whatALeaderDoesNotTellIsCountedAsUnknownInsteadOfNoLag() throws IOException {
    GroupsReport report =
        new GroupsReport(
            new GroupQuestions(
                cluster.view(),
                (node, key, request) ->
                    node == 2 && key == ApiKeys.LIST_OFFSETS
                        ? CompletableFuture.failedFuture(new TimeoutException("silent"))
                        : answer(node, key, request)));

    Map<String, Object> group = json(report.group(request("group", "billing")));

    assertThat(group).containsEntry("lag", 15).containsEntry("unknownPartitions", 1);
    assertThat(list(group, "positions"))
        .extracting(position -> position.get("lag"))
        .containsExactly(15, null);
    assertThat(list(group, "members").getFirst()).containsEntry("client", HOSTILE);
  }

  @Test
  void aPartitionLedElsewhereIsToldByItsLeader() throws IOException {
    Map<String, Object> offsets = new HashMap<>();
    Map<String, Object> answer =
        json(
            new PartitionReport(
                    cluster.view(),
                    id -> Optional.empty(),
                    (id, pointer) -> null,
                    new GroupQuestions(cluster.view(), this::answer))
                .answer(request("topic", "orders", "partition", "1")));
    offsets.put("logStart", 25);
    offsets.put("localLogStart", 25);
    offsets.put("highWatermark", 25);
    offsets.put("logEnd", null);
    offsets.put("tiered", null);

    assertThat(answer)
        .containsEntry("offsets", offsets)
        .containsEntry("leader", 2)
        .containsEntry("hasReplica", false);
    assertThat(list(answer, "positions"))
        .extracting(position -> position.get("group"))
        .containsExactly(HOSTILE, "billing");
    assertThat(asked).doesNotContain("1 LIST_OFFSETS").contains("2 LIST_OFFSETS");
  }
}
