package io.tidemark.tests.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.gateway.node.NodeFixture;
import io.tidemark.scenario.Scenario;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every API at every version, asked by somebody without any right: the right error, and nothing
 * that it should not know.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryApiRefusedIT {
  private static final short OLDEST_PRODUCE = 3;
  private static final String HIDDEN = "hidden-topic";

  private NodeFixture node;
  private RequestSamples samples;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    node =
        new NodeFixture(folder)
            .with("listeners", "PLAINTEXT://127.0.0.1:0,SASL_PLAINTEXT://127.0.0.1:0")
            .with("sasl.enabled.mechanisms", "PLAIN")
            .with(
                "listener.name.sasl_plaintext.plain.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required"
                    + " user_root=\"root\";")
            .with("super.users", "User:root")
            .with(
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
            .start();
    try (Admin admin = root()) {
      admin.createTopics(List.of(new NewTopic(HIDDEN, 1, (short) 1))).all().get();
      samples = new RequestSamples(HIDDEN, Topics.id(admin, HIDDEN));
    }
  }

  private Admin root() {
    return Admin.create(
        Map.of(
            "bootstrap.servers",
            node.address("SASL_PLAINTEXT").toString(),
            "security.protocol",
            "SASL_PLAINTEXT",
            "sasl.mechanism",
            "PLAIN",
            "sasl.jaas.config",
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"root\""
                + " password=\"root\";"));
  }

  @AfterAll
  void stop() {
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
    try (RawConnection connection = connection()) {
      short version = 0;
      ApiVersionsResponse response =
          (ApiVersionsResponse)
              connection
                  .ask(ApiKeys.API_VERSIONS, version, samples.body(ApiKeys.API_VERSIONS, version))
                  .response();
      for (ApiVersion api : response.data().apiKeys()) {
        ApiKeys key = ApiKeys.forId(api.apiKey());
        short oldest = key == ApiKeys.PRODUCE ? OLDEST_PRODUCE : api.minVersion();
        for (short each = oldest; each <= api.maxVersion(); each++) {
          calls.add(new Call(key, each));
        }
      }
    }
    calls.add(new Call(ApiKeys.ENVELOPE, (short) 0)); // served to nodes, and named to nobody
    return calls.stream();
  }

  private RawConnection connection() throws Exception {
    return new RawConnection(node.address("PLAINTEXT").toString());
  }

  @Test
  @Scenario("S-188")
  void everyApiThatIsServedHasItsRefusalOrAReasonToBeOpen() throws Exception {
    assertThat(Refusals.known()).hasSameElementsAs(node.servedApis());
    assertThat(calls().map(Call::key)).containsAll(node.servedApis());
  }

  @ParameterizedTest
  @MethodSource("calls")
  @Scenario("S-188")
  void isRefused(Call call) throws Exception {
    AbstractResponse response = ask(samples, call);
    assertThat(response.data().toString()).doesNotContain("partitionIndex=0, leaderId");
    Set<Errors> errors = new HashSet<>(response.errorCounts().keySet());
    errors.remove(Errors.NONE);
    if (!Refusals.isOpen(call.key()) && !cannotSayWhy(call)) {
      assertThat(errors).isNotEmpty();
      assertThat(Refusals.of(call.key())).containsAll(errors);
    }
  }

  @ParameterizedTest
  @MethodSource("calls")
  @Scenario("S-188")
  void givesTheSameAnswerAboutATopicThatIsNotThere(Call call) throws Exception {
    RequestSamples absent = new RequestSamples("absent", new Uuid(17, 4));
    assertThat(ask(absent, call).errorCounts().keySet())
        .doesNotContain(Errors.UNKNOWN_SERVER_ERROR, Errors.UNKNOWN_TOPIC_OR_PARTITION);
  }

  /** The oldest versions have no field for the error and tell nothing at all. */
  private static boolean cannotSayWhy(Call call) {
    return call.key() == ApiKeys.DESCRIBE_LOG_DIRS && call.version() < 3;
  }

  private AbstractResponse ask(RequestSamples of, Call call) throws Exception {
    try (RawConnection connection = connection()) {
      RawConnection.Answer answer =
          connection.ask(call.key(), call.version(), of.body(call.key(), call.version()));
      assertThat(answer.surplusBytes()).isZero();
      return answer.response();
    }
  }
}
