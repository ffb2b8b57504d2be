package io.tidemark.gateway.api;

import io.tidemark.gateway.api.LocalPartitions.Elsewhere;
import io.tidemark.gateway.api.LocalPartitions.Found;
import io.tidemark.gateway.api.LocalPartitions.Here;
import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.net.Responder;
import io.tidemark.log.replica.Acks;
import io.tidemark.log.replica.AppendOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ProduceRequest;
import org.jspecify.annotations.Nullable;

/**
 * One Produce from its arrival to its answer: collects what became of each partition and answers
 * when all are known or the client's time is up. Outcomes come from any thread; the answer is given
 * once.
 */
final class ProduceRound {
  private final Acks acks;
  private final int timeoutMs;
  private final LocalPartitions partitions;
  private final Request request;
  private final Responder responder;
  private final List<Slot> slots = new ArrayList<>();

  /**
   * One more than there are open slots, until all appends are queued: so the answer cannot overtake
   * the loop.
   */
  private final AtomicInteger open = new AtomicInteger(1);

  private final AtomicBoolean isAnswered = new AtomicBoolean();
  private volatile @Nullable Future<?> timer;

  /** One partition of the request. {@code outcome} is written once, by whoever completes it. */
  static final class Slot {
    private final TopicProduceData topic;
    private final PartitionProduceData data;
    private final Found found;
    private volatile @Nullable AppendOutcome outcome;

    private Slot(TopicProduceData topic, PartitionProduceData data, Found found) {
      this.topic = topic;
      this.data = data;
      this.found = found;
    }

    TopicProduceData topic() {
      return topic;
    }

    PartitionProduceData data() {
      return data;
    }

    Found found() {
      return found;
    }

    /** Null while it is not known. */
    @Nullable AppendOutcome outcome() {
      return outcome;
    }

    Optional<TopicIdPartition> id() {
      return switch (found) {
        case Here here -> Optional.of(here.replica().id());
        case Elsewhere elsewhere -> elsewhere.id();
      };
    }
  }

  private ProduceRound(
      Acks acks, int timeoutMs, LocalPartitions partitions, Request request, Responder responder) {
    this.acks = acks;
    this.timeoutMs = timeoutMs;
    this.partitions = partitions;
    this.request = request;
    this.responder = responder;
  }

  static ProduceRound of(
      ProduceRequest body,
      Acks acks,
      LocalPartitions partitions,
      Request request,
      Responder responder) {
    ProduceRound round = new ProduceRound(acks, body.timeout(), partitions, request, responder);
    for (TopicProduceData topic : body.data().topicData()) {
      for (PartitionProduceData partition : topic.partitionData()) {
        Found found = partitions.find(topic.topicId(), topic.name(), partition.index());
        round.slots.add(new Slot(topic, partition, found));
      }
    }
    round.open.addAndGet(round.slots.size());
    return round;
  }

  Acks acks() {
    return acks;
  }

  Responder responder() {
    return responder;
  }

  List<Slot> slots() {
    return slots;
  }

  boolean isEmpty() {
    return slots.isEmpty();
  }

  void refused(Slot slot, Errors error, @Nullable String message) {
    refused(slot, new AppendOutcome.Refused(error, message, -1));
  }

  void refused(Slot slot, AppendOutcome.Refused outcome) {
    completed(slot, outcome);
  }

  void completed(Slot slot, AppendOutcome outcome) {
    slot.outcome = outcome;
    closeOne();
  }

  /** Called once after the last append was queued; what is still open now waits for replication. */
  void appendsQueued() {
    if (closeOne() || acks != Acks.ALL) {
      return;
    }
    timer = request.loop().schedule(this::answer, Math.max(0, timeoutMs), TimeUnit.MILLISECONDS);
    if (isAnswered.get()) {
      cancelTimer();
    }
  }

  private boolean closeOne() {
    if (open.decrementAndGet() > 0) {
      return false;
    }
    answer();
    return true;
  }

  private void answer() {
    if (!isAnswered.compareAndSet(false, true)) {
      return;
    }
    cancelTimer();
    if (acks == Acks.NONE) {
      answerNothing();
      return;
    }
    responder.respond(
        ProduceResponses.of(slots, partitions, request.listenerName(), request.apiVersion()));
  }

  /** A producer that wants no answer learns of an error by losing its connection, as from Kafka. */
  private void answerNothing() {
    for (Slot slot : slots) {
      if (slot.outcome instanceof AppendOutcome.Refused refused) {
        responder.close("produce with acks=0 refused: " + refused.error());
        return;
      }
    }
    responder.noResponse();
  }

  private void cancelTimer() {
    Future<?> running = timer;
    if (running != null) {
      running.cancel(false);
    }
  }
}
