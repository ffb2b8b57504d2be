package io.tidemark.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.tidemark.gateway.api.SupportedFeatures;
import io.tidemark.gateway.config.HostPort;
import io.tidemark.gateway.net.EventLoops;
import io.tidemark.gateway.peer.ConnectedPeers;
import io.tidemark.gateway.peer.NettyTransport;
import io.tidemark.metadata.controller.Controller;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.NodeImage;
import io.tidemark.metadata.link.ControllerCall;
import io.tidemark.metadata.link.ControllerReply;
import io.tidemark.metadata.link.LinkCodec;
import io.tidemark.scenario.Scenario;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Endpoint;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.AllocateProducerIdsRequestData;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.message.BrokerRegistrationRequestData;
import org.apache.kafka.common.message.BrokerRegistrationResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.EnvelopeRequestData;
import org.apache.kafka.common.message.EnvelopeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A node with a controller's listener, and what another node does there, over real sockets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ControllerListenerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final ConnectedPeers peers =
      new ConnectedPeers(
          "node-2",
          new NettyTransport(() -> EventLoops.open(1, new DefaultThreadFactory("peer", true))),
          thread,
          new SplittableRandom(1));
  private NodeFixture fixture;
  private HostPort controllers;
  private HostPort clients;

  @BeforeAll
  void start(@TempDir Path home) throws Exception {
    fixture =
        new NodeFixture(home)
            .with("listeners", "PLAINTEXT://127.0.0.1:0,CONTROLLER://127.0.0.1:0")
            .with("controller.listener.names", "CONTROLLER")
            .with("broker.session.timeout.ms", "5000")
            .start();
    controllers = registered("CONTROLLER");
    clients = registered("PLAINTEXT");
  }

  @AfterAll
  void stop() {
    peers.close();
    thread.shutdown();
    fixture.close();
  }

  private HostPort registered(String listener) {
    Endpoint endpoint = node(1).listener(listener).orElseThrow();
    return new HostPort(endpoint.host(), endpoint.port());
  }

  private ClusterImage image() {
    return fixture.node().core().cluster().image();
  }

  private NodeImage node(int id) {
    return image().nodes().get(id).orElseThrow();
  }

  /** The controller as a node sees it whose own voter, if any, does not lead. */
  private Controller elsewhere(HostPort... bootstrap) {
    Controller nobody =
        (Controller)
            Proxy.newProxyInstance(
                Controller.class.getClassLoader(),
                new Class<?>[] {Controller.class},
                (proxy, method, arguments) -> {
                  throw new AssertionError(method + " was decided here");
                });
    return new ForwardingController(
        nobody,
        () -> true,
        new ControllerLink(peers, new KnownControllers(List.of(), List.of(bootstrap)), 5_000));
  }

  @Test
  void aListenerOnAnyPortIsAdvertisedWithTheOneItGot() throws Exception {
    assertThat(fixture.node().listeners()).hasSize(1);
    int port = fixture.node().listeners().getFirst().port();
    assertThat(port).isPositive().isEqualTo(clients.port());
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", clients.toString()))) {
      assertThat(admin.describeCluster().nodes().get()).extracting(Node::port).contains(port);
    }
  }

  @Test
  void anotherNodeRegistersLivesCreatesATopicAndIsFencedWhenItFallsSilent() throws Exception {
    Controller controller = elsewhere(controllers);
    BrokerRegistrationResponseData registration =
        controller.registerNode(registration(image().clusterId())).get();
    assertThat(Errors.forCode(registration.errorCode())).isEqualTo(Errors.NONE);
    long epoch = registration.brokerEpoch();

    BrokerHeartbeatRequestData heartbeat =
        new BrokerHeartbeatRequestData()
            .setBrokerId(2)
            .setBrokerEpoch(epoch)
            .setCurrentMetadataOffset(Long.MAX_VALUE);
    assertThat(controller.heartbeat(heartbeat).get().isFenced()).isFalse();
    await().atMost(PATIENCE).until(() -> node(2).isActive());

    var created = controller.createTopics(topicOn(1)).get().topics().find("over-there");
    assertThat(Errors.forCode(created.errorCode())).isEqualTo(Errors.NONE);
    await().atMost(PATIENCE).until(() -> image().topics().byName("over-there").isPresent());

    var ids =
        controller
            .allocateProducerIds(
                new AllocateProducerIdsRequestData().setBrokerId(2).setBrokerEpoch(epoch))
            .get();
    assertThat(ids.producerIdLen()).isPositive();
    var isr =
        controller
            .alterPartition(
                new AlterPartitionRequestData().setBrokerId(2).setBrokerEpoch(epoch + 1))
            .get();
    assertThat(Errors.forCode(isr.errorCode())).isEqualTo(Errors.STALE_BROKER_EPOCH);
    await().atMost(PATIENCE).until(() -> node(2).fenced());
  }

  private static BrokerRegistrationRequestData registration(String clusterId) {
    BrokerRegistrationRequestData request =
        new BrokerRegistrationRequestData()
            .setBrokerId(2)
            .setClusterId(clusterId)
            .setIncarnationId(new Uuid(1, 2));
    request
        .listeners()
        .add(
            new BrokerRegistrationRequestData.Listener()
                .setName("PLAINTEXT")
                .setHost("127.0.0.1")
                .setPort(9999));
    SupportedFeatures.RANGES.forEach((name, range) ->
        request
            .features()
            .add(
                new BrokerRegistrationRequestData.Feature()
                    .setName(name)
                    .setMinSupportedVersion(range.min())
                    .setMaxSupportedVersion(range.max())));
    return request;
  }

  private static CreateTopicsRequestData topicOn(int node) {
    CreatableTopic topic =
        new CreatableTopic()
            .setName("over-there")
            .setNumPartitions(-1)
            .setReplicationFactor((short) -1);
    topic
        .assignments()
        .add(new CreatableReplicaAssignment().setPartitionIndex(0).setBrokerIds(List.of(node)));
    CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(10_000);
    request.topics().add(topic);
    return request;
  }

  @Test
  @Scenario("S-183")
  void clientsListenersServeNoneOfIt() {
    for (ApiKeys key :
        List.of(
            ApiKeys.ALTER_PARTITION,
            ApiKeys.BROKER_REGISTRATION,
            ApiKeys.BROKER_HEARTBEAT,
            ApiKeys.ENVELOPE,
            ApiKeys.ALLOCATE_PRODUCER_IDS)) {
      assertThatThrownBy(() ->
              peers.at(clients, "clients").send(key, key.messageType.newRequest(), 10_000).get())
          .hasCauseInstanceOf(UnsupportedVersionException.class);
    }
    assertThatThrownBy(() ->
            peers
                .at(controllers, "as a client")
                .send(ApiKeys.METADATA, ApiKeys.METADATA.messageType.newRequest(), 10_000)
                .get())
        .hasCauseInstanceOf(UnsupportedVersionException.class);
  }

  @Test
  void aCallOfAnotherReleaseIsRefusedWithTheReason() throws Exception {
    ByteBuffer call = LinkCodec.encode(new ControllerCall.ReadVersion()).putShort(2, (short) 9);
    EnvelopeResponseData answer =
        (EnvelopeResponseData)
            peers
                .at(controllers, "another release")
                .send(
                    ApiKeys.ENVELOPE,
                    new EnvelopeRequestData()
                        .setRequestData(call)
                        .setClientHostAddress(new byte[0]),
                    10_000)
                .get()
                .data();

    assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.UNSUPPORTED_VERSION);
    assertThat(LinkCodec.decodeReply(answer.responseData()))
        .isInstanceOfSatisfying(
            ControllerReply.Refused.class,
            refused -> assertThat(refused.why()).contains("version 9"));
  }

  @Test
  void whoDoesNotAnswerIsPassedOver() throws Exception {
    Controller controller = elsewhere(new HostPort("127.0.0.1", 1), controllers);
    DescribeQuorumRequestData request = new DescribeQuorumRequestData();

    assertThatThrownBy(() -> controller.describeQuorum(request).get())
        .hasCauseInstanceOf(NotControllerException.class);
    assertThat(controller.describeQuorum(request).get().errorCode()).isEqualTo(Errors.NONE.code());
  }

  @Test
  void whoKnowsNobodyIsToldSo() {
    assertThatThrownBy(() -> elsewhere().describeQuorum(new DescribeQuorumRequestData()).get())
        .hasCauseInstanceOf(NotControllerException.class)
        .hasMessageContaining("No controller is known");
  }
}
