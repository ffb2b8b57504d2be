package io.tidemark.gateway.forward;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.gateway.api.ApiTable;
import io.tidemark.gateway.forward.FakeClient.Asking;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.EnvelopeResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.DescribeGroupsRequest;
import org.apache.kafka.common.requests.HeartbeatRequest;
import org.apache.kafka.common.requests.InitProducerIdRequest;
import org.apache.kafka.common.requests.ListGroupsRequest;
import org.apache.kafka.common.requests.ProduceRequest;
import org.junit.jupiter.api.Test;

/** Requests that several nodes answer, and the one answer their client gets. */
class SplitForwardTest {
  private static final short PRODUCE = 13;

  private final FakeNodes nodes = new FakeNodes();
  private final Cluster cluster =
      new Cluster().broker(1).broker(2).gateway(11).gateway(12).topic("t", 1, 2, 1, 2);
  private final FakeClient client = new FakeClient();
  private final ApiTable apis = apis();

  private ApiTable apis() {
    Forwarder forwarder =
        new Forwarder(
            "gateway-11", nodes, cluster::address, new ForwardMeters(new SimpleMeterRegistry()));
    ApiTable.Builder table = ApiTable.builder();
    new ForwardApis(forwarder, new Routes(cluster.view())).addTo(table);
    return table.build();
  }

  private Asking ask(AbstractRequest request) {
    Asking asking = client.ask(request);
    Objects.requireNonNull(apis.entries().get(request.apiKey())).handler().handle(asking, asking);
    return asking;
  }

  private static AbstractRequest produce(int acks, int... partitions) {
    ProduceRequestData.TopicProduceData topic =
        new ProduceRequestData.TopicProduceData().setTopicId(Cluster.idOf("t"));
    for (int partition : partitions) {
      topic
          .partitionData()
          .add(
              new ProduceRequestData.PartitionProduceData()
                  .setIndex(partition)
                  .setRecords(
                      MemoryRecords.withRecords(
                          Compression.NONE, new SimpleRecord(("v" + partition).getBytes(UTF_8)))));
    }
    ProduceRequestData data = new ProduceRequestData().setAcks((short) acks).setTimeoutMs(1_000);
    data.topicData().add(topic);
    return ProduceRequest.builder(data).build(PRODUCE);
  }

  private static ProduceResponseData acknowledged(long baseOffset, int... partitions) {
    return produced(Errors.NONE, baseOffset, partitions);
  }

  private static ProduceResponseData produced(Errors error, long baseOffset, int... partitions) {
    ProduceResponseData.TopicProduceResponse topic =
        new ProduceResponseData.TopicProduceResponse().setTopicId(Cluster.idOf("t"));
    for (int partition : partitions) {
      topic
          .partitionResponses()
          .add(
              new ProduceResponseData.PartitionProduceResponse()
                  .setIndex(partition)
                  .setErrorCode(error.code())
                  .setBaseOffset(baseOffset));
    }
    ProduceResponseData data = new ProduceResponseData();
    data.responses().add(topic);
    return data;
  }

  private static Map<Integer, Errors> errors(Asking asking) {
    Map<Integer, Errors> errors = new TreeMap<>();
    asking
        .answer(ProduceResponseData.class)
        .responses()
        .forEach(topic ->
            topic
                .partitionResponses()
                .forEach(p -> errors.put(p.index(), Errors.forCode(p.errorCode()))));
    return errors;
  }

  private static List<Integer> partitions(FakeNodes.Asked asked) {
    return ((ProduceRequestData) asked.body())
        .topicData().stream()
            .flatMap(topic -> topic.partitionData().stream())
            .map(ProduceRequestData.PartitionProduceData::index)
            .toList();
  }

  @Test
  void eachLeaderGetsItsOwnPartitionsAndTheClientOneAnswer() {
    Asking asking = ask(produce(-1, 0, 1, 2, 3));
    FakeNodes.Link first = nodes.to(1).open();
    FakeNodes.Link second = nodes.to(2).open();
    assertThat(partitions(first.asked.getFirst())).containsExactly(0, 2);
    assertThat(partitions(second.asked.getFirst())).containsExactly(1, 3);

    second.answer(acknowledged(5, 1, 3).setThrottleTimeMs(40));
    assertThat(asking.answer).isNull();
    first.answer(acknowledged(6, 0, 2).setThrottleTimeMs(30));

    assertThat(errors(asking))
        .isEqualTo(Map.of(0, Errors.NONE, 1, Errors.NONE, 2, Errors.NONE, 3, Errors.NONE));
    ProduceResponseData answer = asking.answer(ProduceResponseData.class);
    assertThat(answer.responses()).hasSize(1);
    assertThat(answer.throttleTimeMs()).isEqualTo(40);
    assertThat(asking.retained).isZero();
  }

  @Test
  void theNextProducePassesOnceAllPartsAreOnTheirWay() {
    assertThat(ask(produce(-1, 0, 1)).isAppended).isTrue();
  }

  @Test
  void theFrameStaysUntilAllPartsAreAnswered() {
    Asking asking = ask(produce(-1, 0, 1));
    assertThat(asking.retained).isEqualTo(1);
    nodes.to(1).open().answer(acknowledged(0, 0));
    assertThat(asking.retained).isEqualTo(1);
    nodes.to(2).open().answer(acknowledged(0, 1));
    assertThat(asking.retained).isZero();
  }

  @Test
  void aPartThatWasLostIsANetworkErrorAndOneThatWasNotSentAnotherLeaders() {
    Asking asking = ask(produce(-1, 0, 1));
    nodes.to(1).open().drop();
    nodes.to(2).drop();

    assertThat(errors(asking))
        .isEqualTo(Map.of(0, Errors.NETWORK_EXCEPTION, 1, Errors.NOT_LEADER_OR_FOLLOWER));
    assertThat(nodes.links).hasSize(2);
  }

  @Test
  void partitionsThatNobodyLeadsOrKnowsAreRefusedHereAndTheOthersGoOn() {
    cluster.fence(2);
    Asking asking = ask(produce(-1, 0, 1, 9));
    nodes.to(1).open().answer(acknowledged(4, 0));

    assertThat(errors(asking))
        .isEqualTo(
            Map.of(
                0, Errors.NONE,
                1, Errors.NOT_LEADER_OR_FOLLOWER,
                9, Errors.UNKNOWN_TOPIC_OR_PARTITION));
  }

  @Test
  void aProducerThatWantsNoAnswerIsDoneWhenItsLeadersAre() {
    Asking asking = ask(produce(0, 0, 1));
    nodes.to(1).open().answerWith(new EnvelopeResponseData());
    assertThat(asking.hasNoAnswer).isFalse();
    nodes.to(2).open().answerWith(new EnvelopeResponseData());
    assertThat(asking.hasNoAnswer).isTrue();
  }

  @Test
  void aProducerThatWantsNoAnswerLearnsOfAFailureByTheEndOfItsConnection() {
    Asking asking = ask(produce(0, 0));
    nodes.to(1).open().drop();
    assertThat(asking.closed).isNotNull();
    assertThat(asking.retained).isZero();
  }

  @Test
  void whoLeadsNowIsToldAsTheGatewayThatStandsForIt() {
    Asking asking = ask(produce(-1, 0));
    ProduceResponseData moved = produced(Errors.NOT_LEADER_OR_FOLLOWER, -1, 0);
    moved
        .responses()
        .iterator()
        .next()
        .partitionResponses()
        .getFirst()
        .currentLeader()
        .setLeaderId(2)
        .setLeaderEpoch(8);
    moved
        .nodeEndpoints()
        .add(new ProduceResponseData.NodeEndpoint().setNodeId(2).setHost("inside"));
    nodes.to(1).open().answer(moved);

    ProduceResponseData answer = asking.answer(ProduceResponseData.class);
    var leader =
        answer.responses().iterator().next().partitionResponses().getFirst().currentLeader();
    assertThat(leader.leaderId()).isIn(11, 12);
    assertThat(leader.leaderEpoch()).isEqualTo(8);
    assertThat(answer.nodeEndpoints())
        .singleElement()
        .matches(node -> node.nodeId() == leader.leaderId() && node.host().equals("host"));
  }

  @Test
  void groupsAreAskedOfTheirCoordinators() {
    cluster.topic("__consumer_offsets", 1, 2);
    Asking asking =
        ask(
            new DescribeGroupsRequest.Builder(
                    new DescribeGroupsRequestData().setGroups(List.of("a", "b", "c")))
                .build((short) 6));
    nodes.links.forEach(link -> {
      link.open();
      DescribeGroupsResponseData answer = new DescribeGroupsResponseData();
      ((DescribeGroupsRequestData) link.asked.getFirst().body())
          .groups()
          .forEach(group ->
              answer
                  .groups()
                  .add(new DescribeGroupsResponseData.DescribedGroup().setGroupId(group)));
      link.answer(answer);
    });

    assertThat(nodes.links).hasSize(2);
    assertThat(asking.answer(DescribeGroupsResponseData.class).groups())
        .extracting(DescribeGroupsResponseData.DescribedGroup::groupId)
        .containsExactlyInAnyOrder("a", "b", "c");
  }

  @Test
  void aCoordinatorsLostAnswerEndsTheConnectionAsWithoutAGateway() {
    cluster.topic("__consumer_offsets", 1);
    Asking asking =
        ask(
            new HeartbeatRequest.Builder(new HeartbeatRequestData().setGroupId("g"))
                .build((short) 4));
    nodes.to(1).open().drop();
    assertThat(asking.closed).isNotNull();
    assertThat(asking.answer).isNull();
  }

  /** The Java client looks for a coordinator otherwise, of a transaction that has no name. */
  @Test
  void aProducerThatGetsNoIdIsToldToAskAgainAndNotToLookForACoordinator() {
    AbstractRequest wish =
        new InitProducerIdRequest.Builder(
                new InitProducerIdRequestData().setTransactionalId(null).setTransactionTimeoutMs(1))
            .build((short) 5);
    Asking notSent = ask(wish);
    nodes.links.getLast().drop();
    cluster.fence(1).fence(2);
    Asking nobodyThere = ask(wish);

    for (Asking asking : List.of(notSent, nobodyThere)) {
      assertThat(Errors.forCode(asking.answer(InitProducerIdResponseData.class).errorCode()))
          .isEqualTo(Errors.COORDINATOR_LOAD_IN_PROGRESS);
    }
  }

  @Test
  void aListHasTheGroupsOfAllNodesThatClientsSeekHereOrItIsAnError() {
    cluster.topic("__consumer_offsets", 1, 2, 1, 2);
    AbstractRequest list =
        new ListGroupsRequest.Builder(new ListGroupsRequestData()).build((short) 5);
    Asking asking = ask(list);
    List<String> groups = List.of("a", "b", "c", "d", "e", "f", "g", "h");
    for (int node : new int[] {1, 2}) {
      ListGroupsResponseData answer = new ListGroupsResponseData();
      groups.forEach(
          group -> answer.groups().add(new ListGroupsResponseData.ListedGroup().setGroupId(group)));
      nodes.to(node).open().answer(node == 1 ? answer : new ListGroupsResponseData());
    }
    ListGroupsResponseData listed = asking.answer(ListGroupsResponseData.class);
    assertThat(listed.errorCode()).isZero();
    assertThat(listed.groups()).isNotEmpty().hasSizeLessThan(groups.size());

    Asking half = ask(list);
    nodes.to(1).answer(new ListGroupsResponseData());
    nodes.to(2).drop();
    assertThat(half.answer(ListGroupsResponseData.class).errorCode())
        .isEqualTo(Errors.COORDINATOR_LOAD_IN_PROGRESS.code());
  }
}
