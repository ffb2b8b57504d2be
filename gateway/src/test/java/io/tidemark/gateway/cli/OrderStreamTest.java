package io.tidemark.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class OrderStreamTest {
  private static final long END_MS = 1_800_000_000_000L;

  @Test
  void theSameSeedGivesTheSameRecords() {
    assertThat(sum(stream(7)).agreesWith(sum(stream(7)))).isTrue();
    assertThat(sum(stream(7)).agreesWith(sum(stream(8)))).isFalse();
  }

  @Test
  void recordsAreKeyedOrderedInTimeAndAboutAsLongAsSaid() {
    OrderStream orders = stream(1);
    long bytes = 0;
    long lastMs = 0;
    while (orders.hasNext()) {
      ProducerRecord<byte[], byte[]> order = orders.next();
      assertThat(order.timestamp()).isBetween(lastMs, END_MS);
      assertThat(order.key()).isNotEmpty();
      assertThat(order.headers().toArray()).hasSize(2);
      lastMs = order.timestamp();
      bytes += order.value().length + order.key().length;
    }
    assertThat(bytes / orders.count())
        .isBetween(OrderStream.AVERAGE_BYTES * 3L / 4, OrderStream.AVERAGE_BYTES * 5L / 4);
  }

  private static OrderStream stream(long seed) {
    return new OrderStream(new Random(seed), "orders", 6, 1_000_000, END_MS);
  }

  private static StreamChecksum sum(OrderStream orders) {
    StreamChecksum sum = new StreamChecksum();
    while (orders.hasNext()) {
      ProducerRecord<byte[], byte[]> order = orders.next();
      sum.add(order.timestamp(), order.key(), order.value(), order.headers());
    }
    return sum;
  }
}
