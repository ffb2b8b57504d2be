package io.tidemark.gateway.cli;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.utils.Utils;

/**
 * A stream of orders of an imaginary shop, the same for the same seed: keyed by customer, with
 * headers and event times that rise over the day before {@code endMs}. One record is about 700
 * bytes.
 */
final class OrderStream {
  static final int AVERAGE_BYTES = 660;
  private static final long DAY_MS = 86_400_000;
  private static final int CUSTOMERS = 20_000;
  private static final String[] GOODS = {
    "linen shirt", "oak table", "reading lamp", "wool blanket", "garden chair", "tea set",
    "rain coat", "writing desk", "copper pan", "field notebook", "walking boots", "desk clock"
  };
  private static final String[] CITIES = {
    "Bergen", "Porto", "Leiden", "Graz", "Ghent", "Turku", "Cork", "Brno", "Lyon", "Malmo"
  };
  private static final String[] CHANNELS = {"web", "app", "shop", "phone"};

  private final RandomGenerator random;
  private final String topic;
  private final int partitions;
  private final long count;
  private final long endMs;
  private final StringBuilder text = new StringBuilder(1_024);
  private long next;

  OrderStream(RandomGenerator random, String topic, int partitions, long sizeBytes, long endMs) {
    this.random = random;
    this.topic = topic;
    this.partitions = partitions;
    this.count = Math.max(partitions, sizeBytes / AVERAGE_BYTES);
    this.endMs = endMs;
  }

  long count() {
    return count;
  }

  boolean hasNext() {
    return next < count;
  }

  ProducerRecord<byte[], byte[]> next() {
    long number = next++;
    long eventMs = endMs - DAY_MS + (long) ((number + 1) / (double) count * DAY_MS);
    int customer = random.nextInt(CUSTOMERS);
    byte[] key = ascii("customer-" + customer);
    int partition = Utils.toPositive(Utils.murmur2(key)) % partitions;
    return new ProducerRecord<>(
        topic, partition, eventMs, key, order(number, customer, eventMs), headers(number));
  }

  private List<Header> headers(long number) {
    String channel = CHANNELS[random.nextInt(CHANNELS.length)];
    return List.of(
        new RecordHeader("channel", ascii(channel)),
        new RecordHeader("trace-id", ascii(Long.toHexString(number * 0x9E3779B97F4A7C15L))));
  }

  private byte[] order(long number, int customer, long eventMs) {
    text.setLength(0);
    text.append("{\"order\":").append(number).append(",\"customer\":").append(customer);
    text.append(",\"placed\":\"").append(Instant.ofEpochMilli(eventMs)).append("\",\"ship_to\":\"");
    text.append(CITIES[random.nextInt(CITIES.length)]).append("\",\"lines\":[");
    int lines = 3 + random.nextInt(6);
    long total = 0;
    for (int i = 0; i < lines; i++) {
      int quantity = 1 + random.nextInt(4);
      int cents = 300 + random.nextInt(40_000);
      total += (long) quantity * cents;
      text.append(i == 0 ? "" : ",")
          .append("{\"sku\":\"")
          .append(Long.toHexString(random.nextLong()));
      text.append("\",\"name\":\"").append(GOODS[random.nextInt(GOODS.length)]);
      text.append("\",\"quantity\":").append(quantity);
      text.append(",\"unit_cents\":").append(cents).append(",\"gift\":");
      text.append(random.nextInt(10) == 0).append('}');
    }
    text.append("],\"total_cents\":").append(total).append('}');
    return ascii(text.toString());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
