package io.tidemark.gateway.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.metadata.coordinator.group.GroupProgress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class GroupLagTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Map<TopicPartition, OptionalLong> ends = new HashMap<>();
  private final GroupLag lag =
      new GroupLag(partition -> ends.getOrDefault(partition, OptionalLong.empty()), meters);

  @Test
  void theLagOfATopicIsTheSumOverItsPartitions() {
    end("orders", 0, 100);
    end("orders", 1, 50);
    end("payments", 0, 9);

    lag.show(
        List.of(
            new GroupProgress("g", "orders", Map.of(0, 40L, 1, 50L)),
            new GroupProgress("g", "payments", Map.of(0, 2L)),
            new GroupProgress("h", "orders", Map.of(1, 0L))));

    assertThat(shown("g", "orders")).isEqualTo(60);
    assertThat(shown("g", "payments")).isEqualTo(7);
    assertThat(shown("h", "orders")).isEqualTo(50);
  }

  @Test
  void aCommitBeyondTheEndIsNoLag() {
    end("orders", 0, 10);

    lag.show(List.of(new GroupProgress("g", "orders", Map.of(0, 11L))));

    assertThat(shown("g", "orders")).isZero();
  }

  @Test
  void aTopicWithAPartitionWhoseEndIsNotKnownIsNotShown() {
    end("orders", 0, 10);

    lag.show(List.of(new GroupProgress("g", "orders", Map.of(0, 1L, 1, 1L))));

    assertThat(meters.find("tidemark.group.lag").gauges()).isEmpty();
  }

  @Test
  void aGroupThatIsGoneIsShownNoLonger() {
    end("orders", 0, 10);
    lag.show(List.of(new GroupProgress("g", "orders", Map.of(0, 1L))));

    lag.show(List.of());

    assertThat(meters.find("tidemark.group.lag").gauges()).isEmpty();
  }

  @Test
  void tooManyPairsLeaveThoseFurthestBehind() {
    int pairs = GroupLag.MAX_PAIRS + 5;
    end("orders", 0, pairs);

    lag.show(
        IntStream.range(0, pairs)
            .mapToObj(i -> new GroupProgress("g" + i, "orders", Map.of(0, (long) i)))
            .toList());

    assertThat(meters.find("tidemark.group.lag").gauges()).hasSize(GroupLag.MAX_PAIRS);
    assertThat(shown("g0", "orders")).isEqualTo(pairs);
    assertThat(meters.get("tidemark.group.lag.hidden").gauge().value()).isEqualTo(5);
  }

  private void end(String topic, int partition, long offset) {
    ends.put(new TopicPartition(topic, partition), OptionalLong.of(offset));
  }

  private double shown(String group, String topic) {
    return meters.get("tidemark.group.lag").tags("group", group, "topic", topic).gauge().value();
  }
}
