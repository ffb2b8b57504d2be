package io.tidemark.tests.cluster;

import io.tidemark.gateway.config.HostPort;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Time;

/** A producer without an id, which sends every record once and notes what it was told. */
final class PlainProducer {
  private final ClusterClient client;
  private final Time time;
  private final RandomGenerator random;
  private final String topic;
  private final int partitions;
  private final ClusterHistory history;
  private long count;

  PlainProducer(
      ClusterClient client,
      Time time,
      RandomGenerator random,
      String topic,
      int partitions,
      ClusterHistory history) {
    this.client = client;
    this.time = time;
    this.random = random;
    this.topic = topic;
    this.partitions = partitions;
    this.history = history;
  }

  /** Sends one record; one of four with acks=1, whose acknowledgement promises nothing here. */
  void produce() {
    int partition = random.nextInt(partitions);
    boolean isForAll = random.nextInt(4) > 0;
    HostPort leader = client.leader(topic, partition);
    if (leader == null) {
      return;
    }
    String name = client.name() + ":" + count++;
    history.sending(name, new TopicPartition(topic, partition), false);
    Outcome outcome =
        client.ask(
            leader,
            ApiKeys.PRODUCE,
            IdempotentProducer.produceRequest(
                client,
                topic,
                partition,
                Values.batch(List.of(name), -1, -1, time.milliseconds(), random.nextInt(300)),
                (short) (isForAll ? -1 : 1)));
    note(name, isForAll, outcome);
  }

  private void note(String name, boolean isForAll, Outcome outcome) {
    switch (outcome) {
      case Outcome.NotSent _ -> history.refused(name);
      case Outcome.Unknown _ -> client.forget(topic);
      case Outcome.Answered answered -> {
        PartitionProduceResponse answer = IdempotentProducer.answer(outcome);
        Errors error = Errors.forCode(answer.errorCode());
        if (error == Errors.NONE && isForAll) {
          history.done(name, answer.baseOffset());
        } else if (error != Errors.NONE) {
          client.forget(topic);
          noteError(name, error);
        }
      }
    }
  }

  private void noteError(String name, Errors error) {
    switch (error) {
      // Refused before anything was written.
      case NOT_ENOUGH_REPLICAS, UNKNOWN_TOPIC_OR_PARTITION, UNKNOWN_TOPIC_ID ->
          history.refused(name);
      default -> {
        if (!(error.exception() instanceof RetriableException)) {
          throw new AssertionError("Produce was refused for good: " + error);
        }
      }
    }
  }
}
