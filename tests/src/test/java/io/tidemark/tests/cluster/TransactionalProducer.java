package io.tidemark.tests.cluster;

import io.tidemark.gateway.config.HostPort;
import io.tidemark.tests.history.RecordedTransaction;
import io.tidemark.tests.history.TransactionHistory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * A transactional producer of either kind, and all that come after it with the same id: one that
 * adds partitions itself and keeps its epoch, or one of transactions version 2. Some transactions
 * it aborts; some it leaves behind, as one does that dies, with or without having asked for the
 * commit.
 */
final class TransactionalProducer {
  private static final int TIMEOUT_MS = 8_000;
  private static final int PADDING_BYTES = 800;

  private final ClusterClient client;
  private final Time time;
  private final RandomGenerator random;
  private final String topic;
  private final boolean isOlder;
  private final TransactionHistory history;
  private final int[] sequences;
  private @Nullable HostPort coordinator;
  private long producerId = -1;
  private short epoch = -1;

  /** How to go on. */
  private enum Next {
    ON,
    /** The transaction has to be aborted. */
    ABORT,
    /** This one is no more: another begins with the same id. */
    ANEW
  }

  TransactionalProducer(
      ClusterClient client,
      Time time,
      RandomGenerator random,
      TopicPartitions partitions,
      boolean isOlder,
      TransactionHistory history) {
    this.client = client;
    this.time = time;
    this.random = random;
    this.topic = partitions.topic();
    this.isOlder = isOlder;
    this.history = history;
    this.sequences = new int[partitions.count()];
  }

  /** Where it writes. */
  record TopicPartitions(String topic, int count) {}

  /** One transaction, until its end is acknowledged or somebody else's matter. */
  void transact() {
    if (producerId < 0) {
      initialise();
    }
    RecordedTransaction transaction = history.begin(client.name());
    Next next = write(transaction);
    if (next == Next.ON) {
      next = decide(transaction);
    }
    if (next == Next.ABORT) {
      next = end(transaction, false);
    }
    if (next != Next.ON) {
      producerId = -1;
    }
  }

  private Next write(RecordedTransaction transaction) {
    Next next = Next.ON;
    int records = 1 + random.nextInt(4);
    for (int i = 0; i < records && next == Next.ON; i++) {
      next = send(transaction, random.nextInt(sequences.length));
    }
    return next;
  }

  private Next decide(RecordedTransaction transaction) {
    return switch (random.nextInt(12)) {
      case 0, 1 -> Next.ABORT;
      case 2 -> Next.ANEW;
      case 3 -> {
        transaction.committing();
        var _ = client.send(coordinator(), ApiKeys.END_TXN, endRequest(true));
        yield Next.ANEW;
      }
      default -> {
        transaction.committing();
        yield end(transaction, true);
      }
    };
  }

  // ---- the coordinator

  private HostPort coordinator() {
    HostPort known = coordinator;
    if (known == null) {
      known = client.coordinator(ClusterClient.TRANSACTION, client.name());
      coordinator = known;
    }
    return known;
  }

  /** Asks the coordinator once; null when nobody knows, and then whoever coordinates is asked. */
  private @Nullable ApiMessage askOnce(ApiKeys key, ApiMessage request) {
    if (client.ask(coordinator(), key, request) instanceof Outcome.Answered(ApiMessage body)) {
      return body;
    }
    again();
    return null;
  }

  private void again() {
    coordinator = null;
    client.pause();
  }

  private void initialise() {
    InitProducerIdRequestData request =
        new InitProducerIdRequestData()
            .setTransactionalId(client.name())
            .setTransactionTimeoutMs(TIMEOUT_MS)
            .setProducerId(-1)
            .setProducerEpoch((short) -1);
    while (producerId < 0) {
      InitProducerIdResponseData answer =
          (InitProducerIdResponseData) askOnce(ApiKeys.INIT_PRODUCER_ID, request);
      if (answer != null && answer.errorCode() == Errors.NONE.code()) {
        begin(answer.producerId(), answer.producerEpoch());
      } else if (answer != null) {
        ClusterClient.checkRetriable(Errors.forCode(answer.errorCode()), "InitProducerId");
        again();
      }
    }
  }

  /** A new epoch's sequences begin at 0. */
  private void begin(long newProducerId, short newEpoch) {
    producerId = newProducerId;
    epoch = newEpoch;
    Arrays.fill(sequences, 0);
  }

  private EndTxnRequestData endRequest(boolean isCommit) {
    return new EndTxnRequestData()
        .setTransactionalId(client.name())
        .setProducerId(producerId)
        .setProducerEpoch(epoch)
        .setCommitted(isCommit);
  }

  private Next end(RecordedTransaction transaction, boolean isCommit) {
    while (true) {
      EndTxnResponseData answer =
          (EndTxnResponseData) askOnce(ApiKeys.END_TXN, endRequest(isCommit));
      if (answer == null) {
        continue;
      }
      Errors error = Errors.forCode(answer.errorCode());
      if (error == Errors.NONE) {
        if (isCommit) {
          history.committed(transaction);
        }
        if (!isOlder) {
          begin(answer.producerId(), answer.producerEpoch());
        }
        return Next.ON;
      }
      Next next = next(error, "EndTxn");
      if (next != Next.ON) {
        return isCommit ? next : Next.ANEW;
      }
      again();
    }
  }

  /** What is left to do after an error; to try again with {@link Next#ON}. */
  private static Next next(Errors error, String what) {
    return switch (error) {
      case TRANSACTION_ABORTABLE -> Next.ABORT;
      case INVALID_PRODUCER_EPOCH, PRODUCER_FENCED, INVALID_TXN_STATE -> Next.ANEW;
      default -> {
        ClusterClient.checkRetriable(error, what);
        yield Next.ON;
      }
    };
  }

  private Next add(int partition) {
    AddPartitionsToTxnTopicCollection topics = new AddPartitionsToTxnTopicCollection();
    topics.add(new AddPartitionsToTxnTopic().setName(topic).setPartitions(List.of(partition)));
    AddPartitionsToTxnRequestData request =
        new AddPartitionsToTxnRequestData()
            .setV3AndBelowTransactionalId(client.name())
            .setV3AndBelowProducerId(producerId)
            .setV3AndBelowProducerEpoch(epoch)
            .setV3AndBelowTopics(topics);
    while (true) {
      AddPartitionsToTxnResponseData answer =
          (AddPartitionsToTxnResponseData) askOnce(ApiKeys.ADD_PARTITIONS_TO_TXN, request);
      if (answer == null) {
        continue;
      }
      Errors error =
          Errors.forCode(
              answer
                  .resultsByTopicV3AndBelow()
                  .iterator()
                  .next()
                  .resultsByPartition()
                  .iterator()
                  .next()
                  .partitionErrorCode());
      if (error == Errors.NONE) {
        return Next.ON;
      }
      Next next = next(error, "AddPartitionsToTxn");
      if (next != Next.ON) {
        return next;
      }
      again();
    }
  }

  // ---- the partitions

  /** One record, sent until it is acknowledged. */
  private Next send(RecordedTransaction transaction, int partition) {
    String value = transaction.write(new TopicPartition(topic, partition));
    Next next = isOlder ? add(partition) : Next.ON;
    if (next != Next.ON) {
      return next;
    }
    ByteBuffer batch =
        Values.transactional(
            value,
            new Values.Producer(producerId, epoch, sequences[partition]++),
            time.milliseconds(),
            random.nextInt(PADDING_BYTES));
    while (true) {
      PartitionProduceResponse answer = sendOnce(partition, batch);
      if (answer != null) {
        Errors error = Errors.forCode(answer.errorCode());
        if (error == Errors.NONE || error == Errors.DUPLICATE_SEQUENCE_NUMBER) {
          if (answer.baseOffset() >= 0) {
            transaction.acknowledged(value, answer.baseOffset());
          }
          return Next.ON;
        }
        next = next(error, "Produce");
        if (next != Next.ON) {
          return next;
        }
      }
      client.forget(topic);
      client.pause();
    }
  }

  private @Nullable PartitionProduceResponse sendOnce(int partition, ByteBuffer batch) {
    HostPort leader = client.leader(topic, partition);
    return leader == null
        ? null
        : IdempotentProducer.answer(
            client.ask(
                leader,
                ApiKeys.PRODUCE,
                IdempotentProducer.produceRequest(client, topic, partition, batch, (short) -1)
                    .setTransactionalId(client.name())));
  }
}
