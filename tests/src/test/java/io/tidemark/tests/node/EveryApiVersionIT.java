package io.tidemark.tests.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.gateway.node.NodeFixture;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every API at every version that is advertised gets an answer that its own schema explains to the
 * last byte.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryApiVersionIT {
  private static final short OLDEST_PRODUCE = 3;

  private NodeFixture node;
  private Admin admin;
  private RequestSamples samples;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    node = new NodeFixture(folder).with("auto.create.topics.enable", "false").start();
    admin = node.admin();
    admin.createTopics(List.of(new NewTopic("sample", 1, (short) 1))).all().get();
    Uuid id = Topics.id(admin, "sample");
    samples = new RequestSamples("sample", id);
  }

  @AfterAll
  void stop() {
    admin.close();
    node.close();
  }

  /** An API and one of its versions. */
  record Call(ApiKeys key, short version) {
    @Override
    public String toString() {
      return key + " v" + version;
    }
  }

  Stream<Call> calls() throws Exception {
    List<Call> calls = new ArrayList<>();
    for (ApiVersion api : advertised()) {
      ApiKeys key = ApiKeys.forId(api.apiKey());
      short oldest = key == ApiKeys.PRODUCE ? OLDEST_PRODUCE : api.minVersion();
      for (short version = oldest; version <= api.maxVersion(); version++) {
        calls.add(new Call(key, version));
      }
    }
    return calls.stream();
  }

  @ParameterizedTest
  @MethodSource("calls")
  void getsAWellFormedAnswer(Call call) throws Exception {
    try (RawConnection connection = new RawConnection(node.bootstrapServers())) {
      RawConnection.Answer answer =
          connection.ask(call.key(), call.version(), samples.body(call.key(), call.version()));

      assertThat(answer.surplusBytes()).isZero();
      assertThat(answer.response().errorCounts()).doesNotContainKey(Errors.UNKNOWN_SERVER_ERROR);
    }
  }

  @ParameterizedTest
  @MethodSource("calls")
  void getsAWellFormedAnswerAboutATopicThatIsNotThere(Call call) throws Exception {
    RequestSamples absent = new RequestSamples("absent", new Uuid(17, 4));
    try (RawConnection connection = new RawConnection(node.bootstrapServers())) {
      RawConnection.Answer answer =
          connection.ask(call.key(), call.version(), absent.body(call.key(), call.version()));

      assertThat(answer.surplusBytes()).isZero();
      assertThat(answer.response().errorCounts()).doesNotContainKey(Errors.UNKNOWN_SERVER_ERROR);
    }
  }

  @Test
  void whatIsAdvertisedIsWhatIsBuilt() throws Exception {
    assertThat(advertised())
        .extracting(api -> ApiKeys.forId(api.apiKey()))
        .containsExactlyInAnyOrder(
            ApiKeys.PRODUCE,
            ApiKeys.FETCH,
            ApiKeys.LIST_OFFSETS,
            ApiKeys.METADATA,
            ApiKeys.OFFSET_COMMIT,
            ApiKeys.OFFSET_FETCH,
            ApiKeys.FIND_COORDINATOR,
            ApiKeys.JOIN_GROUP,
            ApiKeys.HEARTBEAT,
            ApiKeys.LEAVE_GROUP,
            ApiKeys.SYNC_GROUP,
            ApiKeys.DESCRIBE_GROUPS,
            ApiKeys.LIST_GROUPS,
            ApiKeys.API_VERSIONS,
            ApiKeys.CREATE_DELEGATION_TOKEN,
            ApiKeys.RENEW_DELEGATION_TOKEN,
            ApiKeys.EXPIRE_DELEGATION_TOKEN,
            ApiKeys.DESCRIBE_DELEGATION_TOKEN,
            ApiKeys.CREATE_TOPICS,
            ApiKeys.DELETE_TOPICS,
            ApiKeys.DELETE_RECORDS,
            ApiKeys.INIT_PRODUCER_ID,
            ApiKeys.OFFSET_FOR_LEADER_EPOCH,
            ApiKeys.ADD_PARTITIONS_TO_TXN,
            ApiKeys.ADD_OFFSETS_TO_TXN,
            ApiKeys.END_TXN,
            ApiKeys.WRITE_TXN_MARKERS,
            ApiKeys.TXN_OFFSET_COMMIT,
            ApiKeys.DESCRIBE_TRANSACTIONS,
            ApiKeys.LIST_TRANSACTIONS,
            ApiKeys.DESCRIBE_CONFIGS,
            ApiKeys.ALTER_CONFIGS,
            ApiKeys.DESCRIBE_LOG_DIRS,
            ApiKeys.ALTER_REPLICA_LOG_DIRS,
            ApiKeys.CREATE_PARTITIONS,
            ApiKeys.ELECT_LEADERS,
            ApiKeys.ALTER_PARTITION_REASSIGNMENTS,
            ApiKeys.LIST_PARTITION_REASSIGNMENTS,
            ApiKeys.UNREGISTER_BROKER,
            ApiKeys.UPDATE_FEATURES,
            ApiKeys.ADD_RAFT_VOTER,
            ApiKeys.REMOVE_RAFT_VOTER,
            ApiKeys.DELETE_GROUPS,
            ApiKeys.INCREMENTAL_ALTER_CONFIGS,
            ApiKeys.OFFSET_DELETE,
            ApiKeys.DESCRIBE_QUORUM,
            ApiKeys.DESCRIBE_CLUSTER,
            ApiKeys.DESCRIBE_PRODUCERS,
            ApiKeys.LIST_CONFIG_RESOURCES,
            ApiKeys.DESCRIBE_TOPIC_PARTITIONS,
            ApiKeys.SASL_HANDSHAKE,
            ApiKeys.SASL_AUTHENTICATE,
            ApiKeys.DESCRIBE_ACLS,
            ApiKeys.CREATE_ACLS,
            ApiKeys.DELETE_ACLS,
            ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS,
            ApiKeys.ALTER_USER_SCRAM_CREDENTIALS,
            ApiKeys.DESCRIBE_CLIENT_QUOTAS,
            ApiKeys.ALTER_CLIENT_QUOTAS);
  }

  @Test
  void anUnknownVersionOfApiVersionsIsAnsweredInVersionZero() throws Exception {
    try (RawConnection connection = new RawConnection(node.bootstrapServers())) {
      ApiVersionsResponse response = (ApiVersionsResponse) connection.askUnknownApiVersions();

      assertThat(response.data().errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
      assertThat(response.apiVersion(ApiKeys.API_VERSIONS.id).maxVersion()).isEqualTo((short) 5);
    }
  }

  @Test
  void produceBeforeVersionThreeClosesTheConnection() throws Exception {
    try (RawConnection connection = new RawConnection(node.bootstrapServers())) {
      connection.sendHeaderOnly(ApiKeys.PRODUCE.id, (short) 2);

      assertThat(connection.isClosedByServer()).isTrue();
    }
  }

  @Test
  void anApiThatIsNotBuiltClosesTheConnection() throws Exception {
    try (RawConnection connection = new RawConnection(node.bootstrapServers())) {
      connection.sendHeaderOnly(ApiKeys.ADD_PARTITIONS_TO_TXN.id, (short) 3);

      assertThat(connection.isClosedByServer()).isTrue();
    }
  }

  private Iterable<ApiVersion> advertised() throws Exception {
    short version = 4;
    try (RawConnection connection = new RawConnection(node.bootstrapServers())) {
      ByteBuffer body = samples.body(ApiKeys.API_VERSIONS, version);
      return ((ApiVersionsResponse) connection.ask(ApiKeys.API_VERSIONS, version, body).response())
          .data()
          .apiKeys();
    }
  }
}
