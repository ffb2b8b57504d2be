package io.tidemark.tests.node;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** What tests ask about topics. */
final class Topics {
  private Topics() {}

  static TopicDescription describe(Admin admin, String topic) throws Exception {
    return there(admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic));
  }

  static Uuid id(Admin admin, String topic) throws Exception {
    return describe(admin, topic).topicId();
  }

  static long offset(Admin admin, TopicPartition partition, OffsetSpec spec) throws Exception {
    return admin.listOffsets(Map.of(partition, spec)).partitionResult(partition).get().offset();
  }

  /** What a client's answer has to hold. */
  static <T> T there(@Nullable T value) {
    return Objects.requireNonNull(value, "the answer lacks what was asked for");
  }
}
