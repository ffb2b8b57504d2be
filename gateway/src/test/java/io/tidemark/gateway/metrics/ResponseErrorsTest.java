package io.tidemark.gateway.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResponseErrorsTest {

  private static Map<Errors, Integer> errors(ApiMessage body) {
    Map<Errors, Integer> counts = new EnumMap<>(Errors.class);
    ResponseErrors.visit(body, (error, count) -> counts.merge(error, count, Integer::sum));
    return counts;
  }

  @Test
  void errorsAreFoundAtAnyDepth() {
    var topic = new ListOffsetsTopicResponse().setName("t");
    for (Errors error :
        List.of(Errors.NONE, Errors.NOT_LEADER_OR_FOLLOWER, Errors.NOT_LEADER_OR_FOLLOWER)) {
      topic.partitions().add(new ListOffsetsPartitionResponse().setErrorCode(error.code()));
    }
    assertThat(errors(new ListOffsetsResponseData().setTopics(List.of(topic))))
        .isEqualTo(Map.of(Errors.NOT_LEADER_OR_FOLLOWER, 2));
  }

  @Test
  void collectionsByKeyAreWalkedToo() {
    CreateTopicsResponseData body = new CreateTopicsResponseData();
    body.topics()
        .add(
            new CreatableTopicResult()
                .setName("t")
                .setErrorCode(Errors.TOPIC_ALREADY_EXISTS.code())
                .setConfigs(null));
    assertThat(errors(body)).isEqualTo(Map.of(Errors.TOPIC_ALREADY_EXISTS, 1));
  }

  @Test
  void successIsNotTold() {
    assertThat(errors(new ProduceResponseData())).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(ApiKeys.class)
  void everyResponseCanBeWalked(ApiKeys api) {
    if (api.hasValidVersion()) {
      assertThat(errors(api.messageType.newResponse())).isEmpty();
    }
  }
}
