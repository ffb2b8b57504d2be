package io.tidemark.tests.cluster;

import io.tidemark.gateway.config.HostPort;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Time;

/**
 * An idempotent producer of a compacted partition that alone writes its keys: a value each, with a
 * number that rises ({@code k3|…}), or none, which deletes the key. It goes on when the last one is
 * acknowledged, so what it knows of its keys is what everybody has to see in the end.
 */
final class KeyedProducer {
  private static final int KEYS = 40;
  private static final int FREQUENT_KEYS = 4;

  private final ClusterClient client;
  private final Time time;
  private final RandomGenerator random;
  private final TopicPartition partition;
  private final int paddingBytes;
  private final Map<String, Long> newest = new TreeMap<>();
  private long producerId = -1;
  private int sequence;
  private long count;

  KeyedProducer(
      ClusterClient client,
      Time time,
      RandomGenerator random,
      TopicPartition partition,
      int paddingBytes) {
    this.client = client;
    this.time = time;
    this.random = random;
    this.partition = partition;
    this.paddingBytes = paddingBytes;
  }

  /** Of each key that is not deleted the newest value's number. */
  Map<String, Long> newest() {
    return newest;
  }

  long count() {
    return count;
  }

  /** Writes one value, until it is acknowledged. */
  void produce() {
    if (producerId < 0) {
      producerId = IdempotentProducer.newProducerId(client);
    }
    String key = client.name() + "-" + random.nextInt(random.nextBoolean() ? FREQUENT_KEYS : KEYS);
    boolean isDeletion = random.nextInt(8) == 0;
    long number = count++;
    ByteBuffer batch =
        Values.keyed(
            key,
            isDeletion ? null : Long.toString(number),
            new Values.Producer(producerId, (short) 0, sequence++),
            time.milliseconds(),
            random.nextInt(paddingBytes));
    while (!isAcknowledged(batch)) {
      client.forget(partition.topic());
      client.pause();
    }
    if (isDeletion) {
      newest.remove(key);
    } else {
      newest.put(key, number);
    }
  }

  private boolean isAcknowledged(ByteBuffer batch) {
    HostPort leader = client.leader(partition.topic(), partition.partition());
    if (leader == null) {
      return false;
    }
    PartitionProduceResponse answer =
        IdempotentProducer.answer(
            client.ask(
                leader,
                ApiKeys.PRODUCE,
                IdempotentProducer.produceRequest(
                    client, partition.topic(), partition.partition(), batch, (short) -1)));
    if (answer == null) {
      return false;
    }
    Errors error = Errors.forCode(answer.errorCode());
    if (error == Errors.NONE || error == Errors.DUPLICATE_SEQUENCE_NUMBER) {
      return true;
    }
    ClusterClient.checkRetriable(error, "Produce");
    return false;
  }
}
