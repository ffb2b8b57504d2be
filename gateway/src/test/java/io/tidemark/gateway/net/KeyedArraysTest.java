package io.tidemark.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.scenario.Scenario;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.utils.internals.ImplicitLinkedHashCollection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyedArraysTest {

  private static void check(ApiKeys api, int version, ApiMessage request) {
    ByteBuffer body = MessageUtil.toByteBufferAccessor(request, (short) version).buffer();
    KeyedArrays.check(api, (short) version, body);
  }

  private static ProduceRequestData produce(int topics, IntFunction<Uuid> id) {
    ProduceRequestData request = new ProduceRequestData();
    List<TopicProduceData> data = new ArrayList<>();
    IntStream.range(0, topics)
        .forEach(i -> data.add(new TopicProduceData().setTopicId(id.apply(i))));
    request.setTopicData(collection(data));
    return request;
  }

  /** Adding equal ones to it is what takes so long; with room for all it is bearable. */
  private static ProduceRequestData.TopicProduceDataCollection collection(
      List<TopicProduceData> data) {
    var all = new ProduceRequestData.TopicProduceDataCollection(4 * data.size());
    all.addAll(data);
    return all;
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 1_000, 2_000})
  @Scenario("S-169")
  void manyEqualTopicsAreRefused(int topics) {
    assertThatThrownBy(() -> check(ApiKeys.PRODUCE, 13, produce(topics, i -> Uuid.ZERO_UUID)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining(topics + " topic_data");
  }

  @ParameterizedTest
  @ValueSource(ints = {33, 100, 5_000, 20_000})
  void asManyDifferentTopicsAsOneLikesAreTaken(int topics) {
    assertThatCode(() -> check(ApiKeys.PRODUCE, 13, produce(topics, i -> new Uuid(i * 77_777L, i))))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5})
  @Scenario("S-169")
  void aTransactionOfManyEqualTopicsIsRefused(int version) {
    var topics = new AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection(400);
    IntStream.range(0, 100).forEach(i -> topics.add(new AddPartitionsToTxnTopic().setName("t")));
    var transactions = new AddPartitionsToTxnRequestData.AddPartitionsToTxnTransactionCollection(1);
    transactions.add(
        new AddPartitionsToTxnTransaction().setTransactionalId("id").setTopics(topics));
    AddPartitionsToTxnRequestData request = new AddPartitionsToTxnRequestData();
    if (version > 3) {
      request.setTransactions(transactions);
    } else {
      request.setV3AndBelowTopics(topics);
    }

    assertThatThrownBy(() -> check(ApiKeys.ADD_PARTITIONS_TO_TXN, version, request))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("100");
  }

  @Test
  void differentNamesWithOneHashAreRefused() {
    assertThatThrownBy(() -> check(ApiKeys.CREATE_TOPICS, 7, creation(KeyedArraysTest::colliding)))
        .isInstanceOf(InvalidRequestException.class);
    assertThatCode(() -> check(ApiKeys.CREATE_TOPICS, 7, creation(i -> "topic-" + i)))
        .doesNotThrowAnyException();
  }

  private static CreateTopicsRequestData creation(IntFunction<String> name) {
    CreateTopicsRequestData request = new CreateTopicsRequestData();
    var topics = new CreateTopicsRequestData.CreatableTopicCollection(8_192);
    IntStream.range(0, 1_024).forEach(i -> topics.add(new CreatableTopic().setName(name.apply(i))));
    return request.setTopics(topics);
  }

  private static String colliding(int number) {
    StringBuilder name = new StringBuilder();
    for (int bit = 0; bit < 10; bit++) {
      name.append((number >> bit & 1) == 0 ? "Aa" : "BB");
    }
    return name.toString();
  }

  @Test
  void namesWhoseSlotsCollideThoughTheirHashesDoNotAreRefused() {
    int n = 1_000;
    int[] sameSlot = IntStream.range(0, n).map(i -> i * (2 * n + 1)).toArray();
    int[] sameSlotLater = IntStream.range(0, n).map(i -> i * (4 * n + 3)).toArray();
    int[] sameSlotWhileGrowing = IntStream.range(0, n).map(i -> i * 767).toArray();
    assertThat(HashCollisions.areTooMany(sameSlot)).isTrue();
    assertThat(HashCollisions.areTooMany(sameSlotLater)).isTrue();
    assertThat(HashCollisions.areTooMany(sameSlotWhileGrowing)).isTrue();
  }

  @Test
  void partitionsInARowAreTaken() {
    DeleteRecordsTopic topic = new DeleteRecordsTopic().setName("t");
    for (int i = 0; i < 5_000; i++) {
      topic.partitions().add(new DeleteRecordsPartition().setPartitionIndex(i));
    }
    DeleteRecordsRequestData request = new DeleteRecordsRequestData().setTopics(List.of(topic));
    assertThatCode(() -> check(ApiKeys.DELETE_RECORDS, 2, request)).doesNotThrowAnyException();
  }

  static Stream<ApiKeys> known() {
    return Arrays.stream(ApiKeys.values()).filter(api -> !KeyedArrays.of(api).isEmpty());
  }

  /** Fails when kafka-clients gives a request keyed arrays that are not looked at. */
  @ParameterizedTest
  @MethodSource("known")
  void everyKeyedArrayOfTheseRequestsIsLookedAt(ApiKeys api) {
    List<String> keyed = new ArrayList<>();
    collect(api.messageType.newRequest().getClass(), keyed);
    assertThat(KeyedArrays.of(api).keySet()).containsAll(keyed);
  }

  private static void collect(Class<?> message, List<String> names) {
    for (Method method : message.getDeclaredMethods()) {
      if (method.getParameterCount() == 0
          && ImplicitLinkedHashCollection.class.isAssignableFrom(method.getReturnType())) {
        names.add(snakeCase(method.getName()));
      }
    }
    for (Class<?> inner : message.getDeclaredClasses()) {
      if (ApiMessage.class.isAssignableFrom(inner)
          || org.apache.kafka.common.protocol.Message.class.isAssignableFrom(inner)) {
        collect(inner, names);
      }
    }
  }

  private static String snakeCase(String name) {
    return name.replaceAll("([A-Z])", "_$1").toLowerCase(java.util.Locale.ROOT);
  }
}
