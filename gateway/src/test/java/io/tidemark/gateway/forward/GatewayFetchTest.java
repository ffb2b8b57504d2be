package io.tidemark.gateway.forward;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.gateway.api.ColdReads;
import io.tidemark.gateway.api.TopicTraffic;
import io.tidemark.gateway.fetch.FetchHandler;
import io.tidemark.gateway.fetch.FetchSessionCache;
import io.tidemark.gateway.forward.FakeClient.Asking;
import io.tidemark.gateway.quota.ClientQuotas;
import io.tidemark.gateway.quota.QuotaWindows;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.FetchMetadata;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.Test;

/** Fetches whose partitions several leaders have, joined at a gateway. */
class GatewayFetchTest {
  private static final short VERSION = 18;

  private final FakeNodes nodes = new FakeNodes();
  private final Cluster cluster = new Cluster().broker(1).broker(2).gateway(11).topic("t", 1, 2, 1);
  private final QueuedLoop loop = new QueuedLoop();
  private final FakeClient client = new FakeClient(loop);
  private final FetchHandler handler = handler();

  private FetchHandler handler() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    QuotaWindows windows = QuotaWindows.ofSeconds(11, 1, Time.SYSTEM.nanoseconds());
    Forwarder forwarder =
        new Forwarder("gateway-11", nodes, cluster::address, new ForwardMeters(meters));
    return FetchHandler.ofGateway(
        cluster.view(),
        new ColdReads(cluster.view(), null),
        forwarder,
        new Routes(cluster.view()),
        new FetchSessionCache(10, 1_000, Time.SYSTEM, new Random(1), meters),
        new TopicTraffic(meters),
        new ClientQuotas(windows, windows, Time.SYSTEM, meters),
        1 << 20);
  }

  /** Fetches from where each partition stands. */
  private Asking fetch(FetchMetadata session, Map<Integer, Long> offsets) {
    Map<TopicPartition, FetchRequest.PartitionData> asked = new LinkedHashMap<>();
    offsets.forEach((partition, offset) ->
        asked.put(
            new TopicPartition("t", partition),
            new FetchRequest.PartitionData(Cluster.idOf("t"), offset, 0, 1_000, Optional.of(0))));
    Asking asking =
        client.ask(
            FetchRequest.Builder.forConsumer(VERSION, 500, 1, asked)
                .metadata(session)
                .build(VERSION));
    handler.handle(asking, asking);
    loop.run();
    return asking;
  }

  private Asking fetch(Map<Integer, Long> offsets) {
    return fetch(FetchMetadata.LEGACY, offsets);
  }

  private static FetchResponseData answer(PartitionData... partitions) {
    FetchResponseData answer = new FetchResponseData();
    answer
        .responses()
        .add(
            new FetchableTopicResponse()
                .setTopicId(Cluster.idOf("t"))
                .setPartitions(List.of(partitions)));
    return answer;
  }

  private static PartitionData data(int partition, String... values) {
    SimpleRecord[] records =
        Arrays.stream(values)
            .map(value -> new SimpleRecord(value.getBytes(UTF_8)))
            .toArray(SimpleRecord[]::new);
    return new PartitionData()
        .setPartitionIndex(partition)
        .setHighWatermark(9)
        .setLastStableOffset(9)
        .setLogStartOffset(0)
        .setRecords(
            values.length == 0
                ? MemoryRecords.EMPTY
                : MemoryRecords.withRecords(Compression.NONE, records));
  }

  private static List<Integer> partitions(FakeNodes.Asked asked) {
    return ((FetchRequestData) asked.body())
        .topics().stream()
            .flatMap(topic -> topic.partitions().stream())
            .map(FetchRequestData.FetchPartition::partition)
            .toList();
  }

  /** Sizes of the records by partition. */
  private static Map<Integer, Integer> sizes(Asking asking) {
    assertThat(asking.answer).isInstanceOf(FetchResponseData.class);
    Map<Integer, Integer> sizes = new TreeMap<>();
    FetchResponseData answer = asking.answer(FetchResponseData.class);
    answer
        .responses()
        .forEach(topic ->
            topic
                .partitions()
                .forEach(p -> sizes.put(p.partitionIndex(), p.records().sizeInBytes())));
    return sizes;
  }

  @Test
  void eachLeaderIsAskedOnceForAllThatIsItsOwn() {
    fetch(Map.of(0, 0L, 1, 0L, 2, 0L));

    assertThat(nodes.to(1).open().asked).isEmpty();
    loop.run();
    assertThat(partitions(nodes.to(1).asked.getFirst())).containsExactlyInAnyOrder(0, 2);
    nodes.to(2).open();
    loop.run();
    assertThat(partitions(nodes.to(2).asked.getFirst())).containsExactly(1);
    FetchRequestData asked = (FetchRequestData) nodes.to(1).asked.getFirst().body();
    assertThat(asked.maxWaitMs()).isEqualTo(500);
    assertThat(asked.sessionEpoch()).isEqualTo(FetchMetadata.FINAL_EPOCH);
  }

  @Test
  void whoHasSomethingFirstEndsThePollAndTheOthersAnswerIsKept() {
    Asking first = fetch(Map.of(0, 0L, 1, 0L));
    FakeNodes.Link one = nodes.to(1).open();
    FakeNodes.Link two = nodes.to(2).open();
    loop.run();
    one.answer(answer(data(0, "a")).setThrottleTimeMs(7));
    loop.run();
    assertThat(sizes(first).get(0)).isPositive();
    assertThat(sizes(first).get(1)).isZero();
    assertThat(first.answer(FetchResponseData.class).throttleTimeMs()).isEqualTo(7);

    two.answer(answer(data(1, "b")));
    loop.run();
    Asking second = fetch(Map.of(0, 1L, 1, 0L));

    assertThat(sizes(second).get(1)).isPositive();
    assertThat(two.asked).isEmpty();
  }

  @Test
  void aLeaderIsNotAskedAgainWhileItIsAsked() {
    fetch(Map.of(0, 0L, 1, 0L));
    FakeNodes.Link one = nodes.to(1).open();
    FakeNodes.Link two = nodes.to(2).open();
    loop.run();
    one.answer(answer(data(0, "a")));
    loop.run();

    fetch(Map.of(0, 1L, 1, 0L));

    assertThat(two.asked).hasSize(1);
    assertThat(one.asked).hasSize(1);
  }

  @Test
  void whatIsKeptIsForgottenWhenTheClientStandsElsewhere() {
    fetch(Map.of(0, 0L, 1, 0L));
    FakeNodes.Link one = nodes.to(1).open();
    FakeNodes.Link two = nodes.to(2).open();
    loop.run();
    one.answer(answer(data(0, "a")));
    two.answer(answer(data(1, "b")));
    loop.run();

    Asking moved = fetch(Map.of(1, 5L));

    assertThat(moved.answer).isNull();
    assertThat(
            ((FetchRequestData) two.asked.getFirst().body())
                .topics()
                .getFirst()
                .partitions()
                .getFirst()
                .fetchOffset())
        .isEqualTo(5);
  }

  @Test
  void leadersThatHadNothingInTimeEndThePollWithNothing() {
    Asking asking = fetch(Map.of(0, 0L));
    FakeNodes.Link one = nodes.to(1).open();
    loop.run();
    assertThat(asking.answer).isNull();
    one.answer(answer(data(0)));
    loop.run();

    assertThat(sizes(asking)).isEqualTo(Map.of(0, 0));
  }

  @Test
  void aLostAnswerIsAReasonToLookForTheLeader() {
    Asking asking = fetch(Map.of(0, 0L));
    nodes.to(1).open();
    loop.run();
    nodes.to(1).drop();
    loop.run();

    FetchResponseData answer = asking.answer(FetchResponseData.class);
    assertThat(answer.responses().getFirst().partitions().getFirst().errorCode())
        .isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER.code());
  }

  @Test
  void aLeaderThatNeverAnswersHoldsNobodyForEver() {
    Asking asking = fetch(Map.of(0, 0L));
    nodes.to(1).open();
    loop.run();

    loop.expire();

    assertThat(sizes(asking)).isEqualTo(Map.of(0, 0));
  }

  @Test
  void theSessionIsTheGateways() {
    Asking opened = fetch(FetchMetadata.INITIAL, Map.of(0, 0L, 1, 0L));
    FakeNodes.Link one = nodes.to(1).open();
    FakeNodes.Link two = nodes.to(2).open();
    loop.run();
    one.answer(answer(data(0, "a")));
    loop.run();
    int session = opened.answer(FetchResponseData.class).sessionId();
    assertThat(session).isPositive();

    Asking next = fetch(FetchMetadata.newIncremental(session), Map.of(0, 1L));
    two.answer(answer(data(1, "b")));
    loop.run();

    assertThat(sizes(next).keySet()).containsExactly(1);
  }
}
