package io.tidemark.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.concurrent.DefaultThreadFactory;
import io.tidemark.gateway.api.SupportedFeatures;
import io.tidemark.gateway.config.ConfigurationException;
import io.tidemark.gateway.config.HostPort;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.net.EventLoops;
import io.tidemark.gateway.peer.ConnectedPeers;
import io.tidemark.gateway.peer.NettyTransport;
import io.tidemark.gateway.peer.Presence;
import io.tidemark.gateway.security.tls.TestAuthority;
import io.tidemark.gateway.security.tls.TlsEngines;
import io.tidemark.metadata.controller.ManifestCommit;
import io.tidemark.metadata.image.ManifestPointer;
import io.tidemark.metadata.link.ControllerCall;
import io.tidemark.metadata.link.LinkCodec;
import io.tidemark.scenario.Scenario;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.Endpoint;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.BrokerNotAvailableException;
import org.apache.kafka.common.message.AllocateProducerIdsRequestData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.EntryData;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialDeletion;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.message.BrokerRegistrationRequestData;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.CreateAclsRequestData.AclCreation;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.DeleteAclsRequestData;
import org.apache.kafka.common.message.DeleteAclsRequestData.DeleteAclsFilter;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.EnvelopeRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.ReplicaState;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A node whose listeners for other nodes know them by certificates, and what others get there: node
 * 2, which may act as a node; node 9, which may not; and somebody who is no node.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecuredNodesTest {
  private static final Set<ApiKeys> OPEN =
      EnumSet.of(ApiKeys.API_VERSIONS, ApiKeys.SASL_HANDSHAKE, ApiKeys.SASL_AUTHENTICATE);

  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0).asReadOnlyBuffer();

  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final Map<String, ConnectedPeers> known = new HashMap<>();
  private Path home;
  private TestAuthority authority;
  private NodeFixture fixture;
  private HostPort controllers;
  private HostPort replicas;
  private ConnectedPeers nodeTwo;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    home = folder;
    authority = TestAuthority.named("Test authority");
    authority.writePem(home.resolve("authority.pem"));
    fixture = new NodeFixture(home);
    settings("node-1").forEach(fixture::with);
    fixture
        .with("listeners", "PLAINTEXT://127.0.0.1:0,NODES://127.0.0.1:0,CONTROLLER://127.0.0.1:0")
        .with("authorizer.class.name", "StandardAuthorizer")
        .with("super.users", "User:node-1;User:node-2;User:billing")
        .start();
    controllers = registered("CONTROLLER");
    replicas = registered("NODES");
    nodeTwo = peers("node-2");
  }

  @AfterAll
  void stop() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
    thread.shutdown();
    fixture.close();
  }

  private Map<String, String> settings(String name) throws Exception {
    Path keys = authority.issue(name, "127.0.0.1").writePem(home.resolve(name + ".pem"));
    return new HashMap<>(
        Map.of(
            "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,NODES:SSL,CONTROLLER:SSL",
            "inter.broker.listener.name", "NODES",
            "controller.listener.names", "CONTROLLER",
            "ssl.keystore.type", "PEM",
            "ssl.keystore.location", keys.toString(),
            "ssl.truststore.type", "PEM",
            "ssl.truststore.location", home.resolve("authority.pem").toString(),
            "ssl.client.auth", "required",
            "ssl.principal.mapping.rules", "RULE:^CN=([^,]+).*$/$1/,DEFAULT"));
  }

  private HostPort registered(String listener) {
    Endpoint endpoint =
        fixture
            .node()
            .core()
            .cluster()
            .image()
            .nodes()
            .get(1)
            .orElseThrow()
            .listener(listener)
            .orElseThrow();
    return new HostPort(endpoint.host(), endpoint.port());
  }

  /** The way of somebody with a certificate of this name. */
  private ConnectedPeers peers(String name) throws Exception {
    Map<String, String> settings = settings(name);
    settings.put("listeners", "NODES://127.0.0.1:0");
    TlsEngines engines = TlsEngines.toListeners(NodeConfig.of(settings).listener("NODES"));
    ConnectedPeers made =
        new ConnectedPeers(
            name,
            new NettyTransport(
                () -> EventLoops.open(1, new DefaultThreadFactory("peer", true)),
                engines::newEngine),
            thread,
            new SplittableRandom(1));
    opened.add(made);
    opened.add(engines);
    return made;
  }

  private Errors ask(ConnectedPeers by, ApiKeys key, ApiMessage request) throws Exception {
    return ask(by, controllers, key, request);
  }

  private static Errors ask(ConnectedPeers by, HostPort at, ApiKeys key, ApiMessage request)
      throws Exception {
    AbstractResponse answer = by.at(at, "test").send(key, request, 10_000).get();
    return answer.errorCounts().keySet().stream()
        .filter(error -> error != Errors.NONE)
        .findFirst()
        .orElse(Errors.NONE);
  }

  private BrokerRegistrationRequestData registration(int id) {
    BrokerRegistrationRequestData request =
        new BrokerRegistrationRequestData()
            .setBrokerId(id)
            .setClusterId(fixture.node().clusterId())
            .setIncarnationId(new Uuid(1, id));
    request
        .listeners()
        .add(
            new BrokerRegistrationRequestData.Listener()
                .setName("NODES")
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

  @Test
  @Scenario("S-182")
  void aNodeSpeaksForItselfAndForNoOther() throws Exception {
    assertThat(ask(nodeTwo, ApiKeys.BROKER_REGISTRATION, registration(2))).isEqualTo(Errors.NONE);
    for (int other : new int[] {1, 3}) {
      assertRefused(ApiKeys.BROKER_REGISTRATION, registration(other));
      assertRefused(ApiKeys.BROKER_HEARTBEAT, new BrokerHeartbeatRequestData().setBrokerId(other));
      assertRefused(ApiKeys.ALTER_PARTITION, new AlterPartitionRequestData().setBrokerId(other));
      assertRefused(
          ApiKeys.ALLOCATE_PRODUCER_IDS, new AllocateProducerIdsRequestData().setBrokerId(other));
    }
  }

  private void assertRefused(ApiKeys key, ApiMessage request) throws Exception {
    assertThat(ask(nodeTwo, key, request)).isEqualTo(Errors.CLUSTER_AUTHORIZATION_FAILED);
  }

  private static FetchRequestData replicaFetch(int id) {
    return new FetchRequestData()
        .setReplicaState(new ReplicaState().setReplicaId(id).setReplicaEpoch(1))
        .setMaxBytes(1_000);
  }

  @Test
  @Scenario("S-182")
  void aNodeFollowsAsItselfAndAsNoOther() throws Exception {
    assertThat(ask(nodeTwo, replicas, ApiKeys.FETCH, replicaFetch(2))).isEqualTo(Errors.NONE);
    assertThat(ask(nodeTwo, replicas, ApiKeys.FETCH, replicaFetch(3)))
        .isEqualTo(Errors.TOPIC_AUTHORIZATION_FAILED);
    assertThat(ask(peers("node-9"), replicas, ApiKeys.FETCH, replicaFetch(9)))
        .isEqualTo(Errors.TOPIC_AUTHORIZATION_FAILED);
  }

  /** Something to ask of everything that a controller's listener serves. */
  private static Map<ApiKeys, ApiMessage> samples() {
    Map<ApiKeys, ApiMessage> samples = new EnumMap<>(ApiKeys.class);
    for (ApiKeys key :
        List.of(
            ApiKeys.ALTER_PARTITION,
            ApiKeys.BROKER_REGISTRATION,
            ApiKeys.BROKER_HEARTBEAT,
            ApiKeys.ALLOCATE_PRODUCER_IDS,
            ApiKeys.ENVELOPE,
            ApiKeys.DESCRIBE_QUORUM,
            ApiKeys.ADD_RAFT_VOTER,
            ApiKeys.REMOVE_RAFT_VOTER,
            ApiKeys.ALTER_PARTITION_REASSIGNMENTS,
            ApiKeys.ELECT_LEADERS,
            ApiKeys.UNREGISTER_BROKER,
            ApiKeys.UPDATE_FEATURES)) {
      samples.put(key, key.messageType.newRequest());
    }
    samples.put(
        ApiKeys.ENVELOPE,
        new EnvelopeRequestData().setRequestData(EMPTY).setClientHostAddress(new byte[0]));
    CreateTopicsRequestData topics = new CreateTopicsRequestData();
    topics.topics().add(new CreatableTopic().setName("t"));
    samples.put(ApiKeys.CREATE_TOPICS, topics);
    samples.put(
        ApiKeys.DELETE_TOPICS,
        new DeleteTopicsRequestData().setTopics(List.of(new DeleteTopicState().setName("t"))));
    CreatePartitionsRequestData partitions = new CreatePartitionsRequestData();
    partitions.topics().add(new CreatePartitionsTopic().setName("t").setCount(2));
    samples.put(ApiKeys.CREATE_PARTITIONS, partitions);
    AlterConfigsRequestData configs = new AlterConfigsRequestData();
    configs.resources().add(new AlterConfigsResource().setResourceName("t"));
    samples.put(ApiKeys.ALTER_CONFIGS, configs);
    IncrementalAlterConfigsRequestData changes = new IncrementalAlterConfigsRequestData();
    changes
        .resources()
        .add(new IncrementalAlterConfigsRequestData.AlterConfigsResource().setResourceName("t"));
    samples.put(ApiKeys.INCREMENTAL_ALTER_CONFIGS, changes);
    samples.put(
        ApiKeys.CREATE_ACLS,
        new CreateAclsRequestData()
            .setCreations(
                List.of(
                    new AclCreation()
                        .setResourceType(ResourceType.TOPIC.code())
                        .setResourceName("t")
                        .setResourcePatternType(PatternType.LITERAL.code())
                        .setPrincipal("User:a")
                        .setHost("*")
                        .setOperation(AclOperation.READ.code())
                        .setPermissionType(AclPermissionType.ALLOW.code()))));
    samples.put(
        ApiKeys.DELETE_ACLS,
        new DeleteAclsRequestData()
            .setFilters(
                List.of(
                    new DeleteAclsFilter()
                        .setResourceTypeFilter(ResourceType.ANY.code())
                        .setPatternTypeFilter(PatternType.ANY.code())
                        .setOperation(AclOperation.ANY.code())
                        .setPermissionType(AclPermissionType.ANY.code()))));
    samples.put(
        ApiKeys.ALTER_CLIENT_QUOTAS,
        new AlterClientQuotasRequestData().setEntries(List.of(new EntryData())));
    samples.put(
        ApiKeys.ALTER_USER_SCRAM_CREDENTIALS,
        new AlterUserScramCredentialsRequestData()
            .setDeletions(
                List.of(new ScramCredentialDeletion().setName("a").setMechanism((byte) 1))));
    return samples;
  }

  static Set<ApiKeys> tried() {
    return samples().keySet();
  }

  @Test
  void everyApiOfControllersIsTried() throws Exception {
    ApiVersionsResponseData served =
        (ApiVersionsResponseData)
            nodeTwo
                .at(controllers, "test")
                .send(
                    ApiKeys.API_VERSIONS,
                    new ApiVersionsRequestData()
                        .setClientSoftwareName("test")
                        .setClientSoftwareVersion("1"),
                    10_000)
                .get()
                .data();

    assertThat(served.apiKeys().stream().map(api -> ApiKeys.forId(api.apiKey())))
        .filteredOn(key -> !OPEN.contains(key))
        .hasSameElementsAs(tried());
  }

  /** To those who are known but are no node, and to a node without the right. */
  @ParameterizedTest
  @MethodSource("tried")
  @Scenario({"S-182", "S-183"})
  void whoIsNoNodeOrMayNotActAsOneIsRefusedEachApi(ApiKeys key) throws Exception {
    for (ConnectedPeers by : List.of(billing(), nine())) {
      AbstractResponse answer =
          by.at(controllers, "test")
              .send(key, Objects.requireNonNull(samples().get(key)), 10_000)
              .get();
      assertThat(answer.errorCounts()).containsOnlyKeys(Errors.CLUSTER_AUTHORIZATION_FAILED);
    }
  }

  private ConnectedPeers billing() throws Exception {
    return known.computeIfAbsent("billing", this::made);
  }

  private ConnectedPeers nine() throws Exception {
    return known.computeIfAbsent("node-9", this::made);
  }

  private ConnectedPeers made(String name) {
    try {
      return peers(name);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @Scenario({"S-182", "S-190"})
  void withoutAGoodCertificateNothingIsEvenSent() throws Exception {
    TestAuthority other = TestAuthority.named("Other");
    other.issue("node-2", "127.0.0.1").writePem(home.resolve("stranger.pem"));
    Map<String, String> settings = settings("node-2");
    settings.put("ssl.keystore.location", home.resolve("stranger.pem").toString());
    settings.put("listeners", "NODES://127.0.0.1:0");
    TlsEngines engines = TlsEngines.toListeners(NodeConfig.of(settings).listener("NODES"));
    try (engines;
        ConnectedPeers stranger =
            new ConnectedPeers(
                "stranger",
                new NettyTransport(
                    () -> EventLoops.open(1, new DefaultThreadFactory("peer", true)),
                    engines::newEngine),
                thread,
                new SplittableRandom(1))) {
      assertThatThrownBy(() -> ask(stranger, ApiKeys.BROKER_REGISTRATION, registration(2)))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(BrokerNotAvailableException.class);
    }
  }

  @Test
  void whetherSomebodyListensIsSeenWithoutACertificate() throws Exception {
    assertThat(nodeTwo.probe(controllers).get()).isEqualTo(Presence.THERE);
    assertThat(nodeTwo.probe(new HostPort("127.0.0.1", 1)).get()).isEqualTo(Presence.REFUSES);
  }

  @Test
  void theImageIsForNodesAlone() throws Exception {
    EnvelopeRequestData follow =
        new EnvelopeRequestData()
            .setRequestData(
                LinkCodec.encode(new ControllerCall.Follow(fixture.node().clusterId(), 0, 0)))
            .setClientHostAddress(new byte[0]);

    assertThat(ask(nodeTwo, ApiKeys.ENVELOPE, follow.duplicate())).isEqualTo(Errors.NONE);
    assertThat(ask(billing(), ApiKeys.ENVELOPE, follow.duplicate()))
        .isEqualTo(Errors.CLUSTER_AUTHORIZATION_FAILED);
  }

  @Test
  @Scenario("S-182")
  void aManifestIsCommittedByItsOwnNodeAlone() throws Exception {
    TopicIdPartition partition = new TopicIdPartition(new Uuid(3, 4), 0, "t");
    ManifestPointer next = new ManifestPointer(1, new Uuid(5, 6), 10, 100, 7);
    for (int node : new int[] {1, 2}) {
      EnvelopeRequestData commit =
          new EnvelopeRequestData()
              .setRequestData(
                  LinkCodec.encode(
                      new ControllerCall.CommitManifests(
                          List.of(
                              new ManifestCommit(
                                  partition, node, 1, 0, ManifestPointer.NO_VERSION, next)))))
              .setClientHostAddress(new byte[0]);
      assertThat(ask(nodeTwo, ApiKeys.ENVELOPE, commit))
          .isEqualTo(node == 2 ? Errors.NONE : Errors.CLUSTER_AUTHORIZATION_FAILED);
    }
  }

  @Test
  void aNodeDoesNotStartWithTheCertificateOfAnother() throws Exception {
    NodeFixture wrong = new NodeFixture(home.resolve("wrong"));
    settings("node-7").forEach(wrong::with);
    wrong.with("listeners", "NODES://127.0.0.1:0,CONTROLLER://127.0.0.1:0");
    try (wrong) {
      assertThatThrownBy(wrong::start)
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("makes it User:node-7, and it must be User:node-1");
    }
  }
}
