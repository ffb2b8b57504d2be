package io.tidemark.gateway.api;

import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.quota.MutationLedger;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.TopicImage;
import io.tidemark.metadata.link.ControllerCall.TakeMutations;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.Errors;

/**
 * What requests change about topics, counted in partitions against the quota of who asks (KIP-599).
 * A topic that its client cannot afford is answered with THROTTLING_QUOTA_EXCEEDED, the others are
 * passed on; in versions that do not know this error everything is passed on, and the client waits
 * afterwards. Nothing is counted for what cannot be done or is only validated.
 */
public final class TopicMutations {
  private static final short FIRST_STRICT_CREATE = 6;
  private static final short FIRST_STRICT_DELETE = 5;
  private static final short FIRST_STRICT_ADD = 3;
  private static final short FIRST_DELETE_BY_ID = 6;

  private static final short REFUSED = Errors.THROTTLING_QUOTA_EXCEEDED.code();
  private static final String WHY = Errors.THROTTLING_QUOTA_EXCEEDED.message();

  private final MutationLedger ledger;
  private final ClusterView cluster;
  private final int defaultPartitions;

  /**
   * @param ledger of the cluster
   * @param defaultPartitions {@code num.partitions}
   */
  public TopicMutations(MutationLedger ledger, ClusterView cluster, int defaultPartitions) {
    this.ledger = ledger;
    this.cluster = cluster;
    this.defaultPartitions = defaultPartitions;
  }

  /** What of a request its client cannot afford, and how long it is to wait. */
  private record Counted<T>(List<T> refused, int waitMs) {}

  /** Those of some topics that nobody has made yet for which the client has the permits. */
  CompletableFuture<List<String>> affordable(Request request, List<String> names) {
    if (names.isEmpty() || !isLimited(request)) {
      return CompletableFuture.completedFuture(names);
    }
    List<String> affordable = new ArrayList<>(names);
    return count(affordable, _ -> defaultPartitions, request, true)
        .thenApply(_ -> List.copyOf(affordable));
  }

  private boolean isLimited(Request request) {
    return ledger.isLimited(request.principal().getName(), request.clientId());
  }

  /** Takes out of a request what its client cannot afford, if it may be told so. */
  private <T> CompletableFuture<Counted<T>> count(
      Iterable<T> topics, ToIntFunction<T> partitions, Request request, boolean mayRefuse) {
    List<Integer> permits = new ArrayList<>();
    topics.forEach(topic -> permits.add(partitions.applyAsInt(topic)));
    return ledger
        .count(
            new TakeMutations(
                request.principal().getName(), request.clientId(), permits, mayRefuse))
        .thenApply(taken ->
            new Counted<>(
                takeOut(topics, taken.taken()), (int) Math.min(Integer.MAX_VALUE, taken.waitMs())));
  }

  private static <T> List<T> takeOut(Iterable<T> topics, List<Boolean> taken) {
    List<T> refused = new ArrayList<>();
    Iterator<Boolean> isTaken = taken.iterator();
    Iterator<T> each = topics.iterator();
    while (each.hasNext()) {
      T topic = each.next();
      if (!isTaken.next()) {
        each.remove();
        refused.add(topic);
      }
    }
    return refused;
  }

  CompletableFuture<CreateTopicsResponseData> create(
      Request request,
      CreateTopicsRequestData data,
      Function<CreateTopicsRequestData, CompletableFuture<CreateTopicsResponseData>> next) {
    if (data.validateOnly() || !isLimited(request)) {
      return next.apply(data);
    }
    ClusterImage image = cluster.image();
    return count(
            data.topics(),
            topic -> partitionsOf(image, topic),
            request,
            request.apiVersion() >= FIRST_STRICT_CREATE)
        .thenCompose(counted ->
            (data.topics().isEmpty()
                    ? CompletableFuture.completedFuture(new CreateTopicsResponseData())
                    : next.apply(data))
                .thenApply(response -> with(response, counted)));
  }

  private static CreateTopicsResponseData with(
      CreateTopicsResponseData response, Counted<CreatableTopic> counted) {
    counted.refused.forEach(topic ->
        response
            .topics()
            .add(
                new CreatableTopicResult()
                    .setName(topic.name())
                    .setErrorCode(REFUSED)
                    .setErrorMessage(WHY)));
    return response.setThrottleTimeMs(counted.waitMs);
  }

  private int partitionsOf(ClusterImage image, CreatableTopic topic) {
    if (image.topics().idOf(topic.name()).isPresent()) {
      return 0;
    }
    return topic.assignments().isEmpty()
        ? Math.max(topic.numPartitions() == -1 ? defaultPartitions : topic.numPartitions(), 0)
        : topic.assignments().size();
  }

  CompletableFuture<DeleteTopicsResponseData> delete(
      Request request,
      DeleteTopicsRequestData data,
      Function<DeleteTopicsRequestData, CompletableFuture<DeleteTopicsResponseData>> next) {
    if (!isLimited(request)) {
      return next.apply(data);
    }
    return countDeletions(request, data)
        .thenCompose(counted ->
            (data.topics().isEmpty() && data.topicNames().isEmpty()
                    ? CompletableFuture.completedFuture(new DeleteTopicsResponseData())
                    : next.apply(data))
                .thenApply(response -> {
                  response.responses().addAll(counted.refused);
                  return response.setThrottleTimeMs(counted.waitMs);
                }));
  }

  private CompletableFuture<Counted<DeletableTopicResult>> countDeletions(
      Request request, DeleteTopicsRequestData data) {
    ClusterImage image = cluster.image();
    boolean isStrict = request.apiVersion() >= FIRST_STRICT_DELETE;
    if (request.apiVersion() >= FIRST_DELETE_BY_ID) {
      return count(data.topics(), topic -> partitionsOf(image, topic), request, isStrict)
          .thenApply(
              counted -> refused(counted, topic -> refused(topic.topicId()).setName(topic.name())));
    }
    List<String> names = new ArrayList<>(data.topicNames());
    return count(names, name -> partitionsOf(image.topics().byName(name)), request, isStrict)
        .thenApply(counted -> {
          data.setTopicNames(names);
          return refused(counted, name -> refused(Uuid.ZERO_UUID).setName(name));
        });
  }

  private static <T> Counted<DeletableTopicResult> refused(
      Counted<T> counted, Function<T, DeletableTopicResult> refusal) {
    return new Counted<>(counted.refused.stream().map(refusal).toList(), counted.waitMs);
  }

  private static DeletableTopicResult refused(Uuid id) {
    return new DeletableTopicResult().setTopicId(id).setErrorCode(REFUSED).setErrorMessage(WHY);
  }

  private static int partitionsOf(ClusterImage image, DeleteTopicState topic) {
    return partitionsOf(
        topic.name() == null
            ? image.topics().byId(topic.topicId())
            : image.topics().byName(topic.name()));
  }

  private static int partitionsOf(Optional<TopicImage> topic) {
    return topic.map(TopicImage::partitionCount).orElse(0);
  }

  CompletableFuture<CreatePartitionsResponseData> addPartitions(
      Request request,
      CreatePartitionsRequestData data,
      Function<CreatePartitionsRequestData, CompletableFuture<CreatePartitionsResponseData>> next) {
    if (data.validateOnly() || !isLimited(request)) {
      return next.apply(data);
    }
    ClusterImage image = cluster.image();
    return count(
            data.topics(),
            topic -> Math.max(0, topic.count() - knownOr(image, topic)),
            request,
            request.apiVersion() >= FIRST_STRICT_ADD)
        .thenCompose(counted ->
            (data.topics().isEmpty()
                    ? CompletableFuture.completedFuture(new CreatePartitionsResponseData())
                    : next.apply(data))
                .thenApply(response -> with(response, counted)));
  }

  private static CreatePartitionsResponseData with(
      CreatePartitionsResponseData response, Counted<CreatePartitionsTopic> counted) {
    List<CreatePartitionsTopicResult> results = new ArrayList<>(response.results());
    counted.refused.forEach(topic ->
        results.add(
            new CreatePartitionsTopicResult()
                .setName(topic.name())
                .setErrorCode(REFUSED)
                .setErrorMessage(WHY)));
    return response.setResults(results).setThrottleTimeMs(counted.waitMs);
  }

  /** How many partitions a topic has; where there is none, none can be added to it. */
  private static int knownOr(ClusterImage image, CreatePartitionsTopic topic) {
    return image
        .topics()
        .byName(topic.name())
        .map(TopicImage::partitionCount)
        .orElse(topic.count());
  }
}
