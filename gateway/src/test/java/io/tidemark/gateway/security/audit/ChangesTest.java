package io.tidemark.gateway.security.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.gateway.security.audit.Changes.Changed;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterClientQuotasResponseData;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ChangesTest {

  static Stream<ApiKeys> inUse() {
    return Stream.of(ApiKeys.values()).filter(ApiKeys::hasValidVersion);
  }

  @ParameterizedTest
  @MethodSource("inUse")
  void ofEachApiItsOwnRequestsAndAnswersAreRead(ApiKeys api) {
    ApiMessageType type = ApiMessageType.fromApiKey(api.id);
    Changes.Asked asked = Changes.asked(api, type.newRequest());
    assertThat(asked.answered(type.newResponse()))
        .allSatisfy(change -> assertThat(change.error()).isEqualTo(Errors.NONE));
    assertThat(!asked.equals(Changes.NOTHING)).isEqualTo(Changes.mayCome(api));
  }

  @ParameterizedTest
  @EnumSource(
      value = ApiKeys.class,
      names = {"PRODUCE", "FETCH", "METADATA", "DESCRIBE_CONFIGS", "DESCRIBE_ACLS", "JOIN_GROUP"})
  void whoReadsAndWritesRecordsOrOnlyLooksChangesNothing(ApiKeys api) {
    assertThat(Changes.mayCome(api)).isFalse();
  }

  @Test
  void whatIsOnlyTriedOutIsNoChange() {
    CreateTopicsResponseData answer = new CreateTopicsResponseData();
    answer.topics().add(new CreatableTopicResult().setName("t"));
    CreateTopicsRequestData request = new CreateTopicsRequestData();
    assertThat(Changes.asked(ApiKeys.CREATE_TOPICS, request).answered(answer)).hasSize(1);
    assertThat(Changes.asked(ApiKeys.CREATE_TOPICS, request.setValidateOnly(true)).answered(answer))
        .isEmpty();
  }

  @Test
  void anAnswerOfAnotherKindSaysNothing() {
    assertThat(
            Changes.asked(ApiKeys.CREATE_TOPICS, new CreateTopicsRequestData())
                .answered(new DeleteTopicsResponseData()))
        .isEmpty();
  }

  @Test
  void ofSettingsOnlyTheNamesAreTold() {
    IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
    var resource =
        new IncrementalAlterConfigsRequestData.AlterConfigsResource()
            .setResourceType(ConfigResource.Type.BROKER.id())
            .setResourceName("1");
    resource
        .configs()
        .add(
            new IncrementalAlterConfigsRequestData.AlterableConfig()
                .setName("ssl.keystore.password")
                .setConfigOperation((byte) 0)
                .setValue("changeit"));
    request.resources().add(resource);
    Changes.Asked asked = Changes.asked(ApiKeys.INCREMENTAL_ALTER_CONFIGS, request);
    request.resources().clear(); // as a guard does that takes parts out

    assertThat(
            asked.answered(
                new IncrementalAlterConfigsResponseData()
                    .setResponses(
                        List.of(
                            new IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse()
                                .setResourceType(ConfigResource.Type.BROKER.id())
                                .setResourceName("1")))))
        .containsExactly(
            new Changed("broker config", "1", "set ssl.keystore.password", Errors.NONE));
  }

  @Test
  void errorsThatComeWithoutNamesBelongToWhatWasAskedInTheSamePlace() {
    AlterClientQuotasRequestData request =
        new AlterClientQuotasRequestData()
            .setEntries(List.of(quota("alice", 5.0), quota(null, 7.0)));
    AlterClientQuotasResponseData answer =
        new AlterClientQuotasResponseData()
            .setEntries(
                List.of(
                    new AlterClientQuotasResponseData.EntryData(),
                    new AlterClientQuotasResponseData.EntryData()
                        .setErrorCode(Errors.INVALID_REQUEST.code())));
    assertThat(Changes.asked(ApiKeys.ALTER_CLIENT_QUOTAS, request).answered(answer))
        .containsExactly(
            new Changed("quota", "user=alice", "producer_byte_rate=5.0", Errors.NONE),
            new Changed(
                "quota", "user=<default>", "producer_byte_rate=7.0", Errors.INVALID_REQUEST));
  }

  private static AlterClientQuotasRequestData.EntryData quota(@Nullable String user, double rate) {
    return new AlterClientQuotasRequestData.EntryData()
        .setEntity(
            List.of(
                new AlterClientQuotasRequestData.EntityData()
                    .setEntityType("user")
                    .setEntityName(user)))
        .setOps(
            List.of(
                new AlterClientQuotasRequestData.OpData()
                    .setKey("producer_byte_rate")
                    .setValue(rate)));
  }

  @Test
  void aReplicaThatMovesIsToldWithWhereItMovesTo() {
    AlterReplicaLogDirsRequestData request = new AlterReplicaLogDirsRequestData();
    var directory = new AlterReplicaLogDirsRequestData.AlterReplicaLogDir().setPath("/b");
    directory
        .topics()
        .add(
            new AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopic()
                .setName("t")
                .setPartitions(List.of(3)));
    request.dirs().add(directory);
    AlterReplicaLogDirsResponseData answer =
        new AlterReplicaLogDirsResponseData()
            .setResults(
                List.of(
                    new AlterReplicaLogDirsResponseData.AlterReplicaLogDirTopicResult()
                        .setTopicName("t")
                        .setPartitions(
                            List.of(
                                new AlterReplicaLogDirsResponseData
                                        .AlterReplicaLogDirPartitionResult()
                                    .setPartitionIndex(3)))));
    assertThat(Changes.asked(ApiKeys.ALTER_REPLICA_LOG_DIRS, request).answered(answer))
        .containsExactly(new Changed("partition", "t-3", "move to /b", Errors.NONE));
  }
}
