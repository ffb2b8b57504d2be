package io.tidemark.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.gateway.forward.FakeClient.Asking;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.ImageDelta;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.message.EnvelopeResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.HeartbeatRequest;
import org.junit.jupiter.api.Test;

/** A client connection's connections to nodes: in order, its own, and never asked twice. */
class UpstreamTest {
  private final FakeNodes nodes = new FakeNodes();
  private final Cluster cluster = new Cluster().broker(1).broker(2).gateway(11);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Forwarder forwarder =
      new Forwarder("gateway-11", nodes, cluster::address, new ForwardMeters(meters));
  private final FakeClient client = new FakeClient();
  private final List<Reply> replies = new ArrayList<>();

  private static Asking heartbeat(FakeClient from, String group) {
    return from.ask(
        new HeartbeatRequest.Builder(new HeartbeatRequestData().setGroupId(group))
            .build((short) 4));
  }

  private void send(int node, String group) {
    Asking asking = heartbeat(client, group);
    forwarder.send(node, asking, asking.body().data(), replies::add);
  }

  private static String groupOf(FakeNodes.Asked asked) {
    return ((HeartbeatRequestData) asked.body()).groupId();
  }

  @Test
  void requestsWaitForTheConnectionAndLeaveInOrder() {
    send(1, "a");
    send(1, "b");
    assertThat(nodes.links).hasSize(1);

    FakeNodes.Link link = nodes.to(1).open();
    send(1, "c");

    assertThat(link.asked).extracting(UpstreamTest::groupOf).containsExactly("a", "b", "c");
    assertThat(nodes.links).hasSize(1);
  }

  @Test
  void theEnvelopeCarriesWhoAskedFromWhereAndAsWhat() throws Exception {
    send(1, "a");
    FakeNodes.Asked asked = nodes.to(1).open().asked.getFirst();

    assertThat(Principals.decode(asked.envelope().requestPrincipal())).isEqualTo(FakeClient.ALICE);
    assertThat(InetAddress.getByAddress(asked.envelope().clientAddress()))
        .isEqualTo(InetAddress.getLoopbackAddress());
    assertThat(asked.header().clientId()).isEqualTo("app");
    assertThat(asked.header().apiVersion()).isEqualTo((short) 4);
  }

  @Test
  void answersComeBackInOrder() {
    send(1, "a");
    send(1, "b");
    FakeNodes.Link link = nodes.to(1).open();
    link.answer(new HeartbeatResponseData().setThrottleTimeMs(1));
    link.answer(new HeartbeatResponseData().setThrottleTimeMs(2));

    assertThat(replies)
        .extracting(
            reply -> ((HeartbeatResponseData) ((Reply.Answered) reply).body()).throttleTimeMs())
        .containsExactly(1, 2);
  }

  @Test
  void eachClientAndEachNodeHasAConnectionOfItsOwn() {
    FakeClient other = new FakeClient();
    send(1, "a");
    send(2, "b");
    Asking asking = heartbeat(other, "c");
    forwarder.send(1, asking, asking.body().data(), replies::add);

    assertThat(nodes.links).hasSize(3);
    assertThat(meters.get("tidemark.forward.connections").gauge().value()).isEqualTo(3);
  }

  @Test
  void whatWasSentIsLostAndWhatWaitedWasNotSent() {
    send(1, "a");
    FakeNodes.Link link = nodes.to(1).open();
    link.drop();
    assertThat(replies).singleElement().isInstanceOf(Reply.Lost.class);

    send(1, "b");
    nodes.to(1).drop();
    assertThat(replies.getLast()).isInstanceOf(Reply.NotSent.class);
  }

  @Test
  void anEndedConnectionIsOpenedAgainForTheNextRequest() {
    send(1, "a");
    nodes.to(1).open().drop();

    send(1, "b");

    assertThat(nodes.links).hasSize(2);
    assertThat(nodes.to(1).open().asked).extracting(UpstreamTest::groupOf).containsExactly("b");
  }

  @Test
  void aNodeThatIsNotThereIsSentNothing() {
    send(9, "a");

    assertThat(replies).singleElement().isInstanceOf(Reply.NotSent.class);
    assertThat(nodes.links).isEmpty();
  }

  @Test
  void connectionsEndWithTheClients() {
    send(1, "a");
    FakeNodes.Link link = nodes.to(1).open();

    client.leave();

    assertThat(link.isClosed).isTrue();
    assertThat(meters.get("tidemark.forward.connections").gauge().value()).isZero();
  }

  @Test
  void whoWaitsForANodeThatTheClusterGaveUpWaitsNoLonger() {
    ClusterImage before = cluster.image();
    send(1, "a");
    send(2, "b");
    nodes.to(1).open();
    nodes.to(2).open();

    forwarder.changed(
        before,
        cluster.fence(1).image(),
        new ImageDelta(
            Set.of(), Set.of(), Map.of(), Set.of(1), Set.of(), false, Set.of(), false, false));

    assertThat(replies).singleElement().isInstanceOf(Reply.Lost.class);
    assertThat(nodes.to(2).isClosed).isFalse();
  }

  @Test
  void anEnvelopeThatIsRefusedIsNoAnswer() {
    send(1, "a");
    nodes
        .to(1)
        .open()
        .answerWith(
            new EnvelopeResponseData().setErrorCode(Errors.CLUSTER_AUTHORIZATION_FAILED.code()));

    assertThat(replies).containsExactly(new Reply.Refused(Errors.CLUSTER_AUTHORIZATION_FAILED));
  }
}
