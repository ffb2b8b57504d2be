package io.tidemark.gateway.transaction;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.metadata.coordinator.TransactionEnd;
import io.tidemark.metadata.coordinator.transaction.MarkerDelivery;
import io.tidemark.metadata.coordinator.transaction.MarkerTask;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.PartitionImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.WriteTxnMarkersResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings markers to whoever leads each partition at the moment, one request a node, and goes on
 * with what is left until nothing is. A partition whose topic is gone needs none.
 *
 * <pre>
 *   left ──▶ by leader ──▶ here: MarkerWriter, elsewhere: WriteTxnMarkers
 *    ▲                          │ written, topic gone, ended before ──▶ struck off
 *    └── after a pause ─────────┘ anything else
 * </pre>
 *
 * <p>Safe from any thread; what belongs to one delivery happens on the timer's thread. Closed by
 * the wiring.
 */
public final class LeaderMarkers implements MarkerDelivery, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LeaderMarkers.class);
  private static final long FIRST_PAUSE_MS = 20;
  private static final long LAST_PAUSE_MS = 1_000;
  private static final byte BUMPED_VERSION = 2;

  private final Supplier<ClusterImage> image;
  private final MarkerWriter writer;
  private final OtherNodes nodes;
  private final ScheduledExecutorService timer;
  private final Counter retries;

  /** By the order in which they were asked for. */
  private final NavigableMap<Long, Delivery> underWay = new ConcurrentSkipListMap<>();

  private final AtomicLong deliveries = new AtomicLong();

  /**
   * @param timer runs one task at a time
   */
  public LeaderMarkers(
      Supplier<ClusterImage> image,
      MarkerWriter writer,
      OtherNodes nodes,
      ScheduledExecutorService timer,
      MeterRegistry meters) {
    this.image = image;
    this.writer = writer;
    this.nodes = nodes;
    this.timer = timer;
    this.retries =
        Counter.builder("tidemark.transaction.marker.retries")
            .description("Attempts to write transaction markers that left some to be tried again")
            .register(meters);
    Gauge.builder("tidemark.transaction.marker.waiting", underWay, Map::size)
        .description("Ended transactions whose markers are not on all their partitions yet")
        .register(meters);
  }

  @Override
  public CompletableFuture<Boolean> deliver(MarkerTask task) {
    Delivery delivery = new Delivery(task);
    long number = deliveries.getAndIncrement();
    underWay.put(number, delivery);
    delivery.done.whenComplete((done, failure) -> underWay.remove(number));
    execute(delivery::attempt, delivery, 0);
    return delivery.done;
  }

  @Override
  public void abandon(int coordinatorPartition, int coordinatorEpoch) {
    underWay.values().stream()
        .filter(delivery -> delivery.task.coordinatorPartition() == coordinatorPartition)
        .filter(delivery -> delivery.task.end().coordinatorEpoch() <= coordinatorEpoch)
        .forEach(delivery -> delivery.done.complete(false));
  }

  @Override
  public void close() {
    underWay.values().forEach(delivery -> delivery.done.complete(false));
  }

  private void execute(Runnable step, Delivery delivery, long delayMs) {
    try {
      timer.schedule(step, delayMs, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closing) {
      delivery.done.complete(false);
    }
  }

  /** One task until it is done. Its steps run on the timer's thread. */
  private final class Delivery {
    final MarkerTask task;
    final CompletableFuture<Boolean> done = new CompletableFuture<>();
    private final Set<TopicPartition> left;
    private long pauseMs = FIRST_PAUSE_MS;

    Delivery(MarkerTask task) {
      this.task = task;
      this.left = ConcurrentHashMap.newKeySet();
      this.left.addAll(task.partitions());
    }

    void attempt() {
      if (done.isDone()) {
        return;
      }
      Map<Integer, List<TopicPartition>> byLeader = byLeader();
      List<CompletableFuture<?>> attempts = new ArrayList<>();
      byLeader.forEach((leader, partitions) ->
          attempts.add(nodes.isSelf(leader) ? writeHere(partitions) : send(leader, partitions)));
      CompletableFuture.allOf(attempts.toArray(CompletableFuture[]::new))
          .whenComplete((all, failure) -> execute(this::attempted, this, 0));
    }

    private void attempted() {
      if (left.isEmpty()) {
        done.complete(true);
      } else if (!done.isDone()) {
        retries.increment();
        execute(this::attempt, this, pauseMs);
        pauseMs = Math.min(LAST_PAUSE_MS, 2 * pauseMs);
      }
    }

    /** Strikes off what is gone; leaves out what nobody leads at the moment. */
    private Map<Integer, List<TopicPartition>> byLeader() {
      ClusterImage now = image.get();
      left.removeIf(partition -> !exists(now, partition));
      Map<Integer, List<TopicPartition>> byLeader = new HashMap<>();
      for (TopicPartition partition : left) {
        leader(now, partition)
            .ifPresent(
                leader -> byLeader.computeIfAbsent(leader, id -> new ArrayList<>()).add(partition));
      }
      return byLeader;
    }

    private CompletableFuture<?> writeHere(List<TopicPartition> partitions) {
      return CompletableFuture.allOf(
          partitions.stream()
              .map(partition ->
                  writer
                      .write(partition, task.end())
                      .thenAccept(error -> answered(partition, error)))
              .toArray(CompletableFuture[]::new));
    }

    private CompletableFuture<?> send(int leader, List<TopicPartition> partitions) {
      return nodes
          .send(leader, ApiKeys.WRITE_TXN_MARKERS, request(task.end(), partitions))
          .handle((response, failure) -> {
            if (failure == null) {
              answered(response);
            } else {
              log.debug(
                  "Markers of {} did not reach node {}", task.transactionalId(), leader, failure);
            }
            return null;
          });
    }

    private void answered(AbstractResponse response) {
      ((WriteTxnMarkersResponse) response)
          .errorsByProducerId()
          .getOrDefault(task.end().producer().producerId(), Map.of())
          .forEach(this::answered);
    }

    private void answered(TopicPartition partition, Errors error) {
      switch (error) {
        case NONE -> left.remove(partition);
        // What clients cannot write to has nothing of a transaction.
        case INVALID_TOPIC_EXCEPTION -> left.remove(partition);
        case TRANSACTION_COORDINATOR_FENCED -> {
          log.info(
              "The markers of {} are another coordinator's: {} has one of a later epoch than {}",
              task.transactionalId(),
              partition,
              task.end().coordinatorEpoch());
          done.complete(false);
        }
        case INVALID_PRODUCER_EPOCH -> {
          // Its transaction there is over: an earlier attempt, or somebody else, has ended it.
          log.info(
              "{} has ended the transaction of {} before, {} is newer there",
              partition,
              task.transactionalId(),
              task.end().producer());
          left.remove(partition);
        }
        default -> log.debug("Marker of {} on {}: {}", task.transactionalId(), partition, error);
      }
    }
  }

  private static boolean exists(ClusterImage image, TopicPartition partition) {
    return image
        .topics()
        .byName(partition.topic())
        .flatMap(topic -> topic.partition(partition.partition()))
        .isPresent();
  }

  private static OptionalInt leader(ClusterImage image, TopicPartition partition) {
    return image
        .topics()
        .byName(partition.topic())
        .flatMap(topic -> topic.partition(partition.partition()))
        .filter(PartitionImage::hasLeader)
        .map(PartitionImage::leader)
        .map(OptionalInt::of)
        .orElseGet(OptionalInt::empty);
  }

  private static WriteTxnMarkersRequestData request(
      TransactionEnd end, List<TopicPartition> partitions) {
    Map<String, WritableTxnMarkerTopic> topics = new HashMap<>();
    for (TopicPartition partition : partitions) {
      topics
          .computeIfAbsent(partition.topic(), name -> new WritableTxnMarkerTopic().setName(name))
          .partitionIndexes()
          .add(partition.partition());
    }
    WritableTxnMarker marker =
        new WritableTxnMarker()
            .setProducerId(end.producer().producerId())
            .setProducerEpoch(end.producer().producerEpoch())
            .setCoordinatorEpoch(end.coordinatorEpoch())
            .setTransactionResult(end.isCommit())
            .setTransactionVersion(end.isEpochBumped() ? BUMPED_VERSION : 0)
            .setTopics(List.copyOf(topics.values()));
    return new WriteTxnMarkersRequestData().setMarkers(List.of(marker));
  }
}
