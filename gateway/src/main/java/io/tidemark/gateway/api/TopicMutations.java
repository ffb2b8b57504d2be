package io.tidemark.gateway.api;

import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.quota.ClientQuotas;
import io.tidemark.gateway.quota.MutationQuota;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.TopicImage;
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

  private final ClientQuotas quotas;
  private final ClusterView cluster;
  private final int defaultPartitions;

  /**
   * @param defaultPartitions {@code num.partitions}
   */
  public TopicMutations(ClientQuotas quotas, ClusterView cluster, int defaultPartitions) {
    this.quotas = quotas;
    this.cluster = cluster;
    this.defaultPartitions = defaultPartitions;
  }

  /** Those of some topics that nobody has made yet for which the client has the permits. */
  List<String> affordable(Request request, List<String> names) {
    MutationQuota quota = quota(request);
    return quota.isLimited()
        ? names.stream().filter(_ -> quota.tryTake(defaultPartitions)).toList()
        : names;
  }

  CompletableFuture<CreateTopicsResponseData> create(
      Request request,
      CreateTopicsRequestData data,
      Function<CreateTopicsRequestData, CompletableFuture<CreateTopicsResponseData>> next) {
    MutationQuota quota = quota(request);
    if (!quota.isLimited() || data.validateOnly()) {
      return next.apply(data);
    }
    ClusterImage image = cluster.image();
    List<CreatableTopic> refused =
        refused(
            data.topics(),
            topic -> partitionsOf(image, topic),
            quota,
            request.apiVersion() >= FIRST_STRICT_CREATE);
    CompletableFuture<CreateTopicsResponseData> answer =
        data.topics().isEmpty()
            ? CompletableFuture.completedFuture(new CreateTopicsResponseData())
            : next.apply(data);
    return answer.thenApply(response -> {
      refused.forEach(topic ->
          response
              .topics()
              .add(
                  new CreatableTopicResult()
                      .setName(topic.name())
                      .setErrorCode(REFUSED)
                      .setErrorMessage(WHY)));
      return response;
    });
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
    MutationQuota quota = quota(request);
    if (!quota.isLimited()) {
      return next.apply(data);
    }
    ClusterImage image = cluster.image();
    boolean isStrict = request.apiVersion() >= FIRST_STRICT_DELETE;
    List<DeletableTopicResult> refused = new ArrayList<>();
    if (request.apiVersion() >= FIRST_DELETE_BY_ID) {
      refused(data.topics(), topic -> partitionsOf(image, topic), quota, isStrict)
          .forEach(topic -> refused.add(refused(topic.topicId()).setName(topic.name())));
    } else {
      List<String> names = new ArrayList<>(data.topicNames());
      refused(names, name -> partitionsOf(image.topics().byName(name)), quota, isStrict)
          .forEach(name -> refused.add(refused(Uuid.ZERO_UUID).setName(name)));
      data.setTopicNames(names);
    }
    CompletableFuture<DeleteTopicsResponseData> answer =
        data.topics().isEmpty() && data.topicNames().isEmpty()
            ? CompletableFuture.completedFuture(new DeleteTopicsResponseData())
            : next.apply(data);
    return answer.thenApply(response -> {
      response.responses().addAll(refused);
      return response;
    });
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
    MutationQuota quota = quota(request);
    if (!quota.isLimited() || data.validateOnly()) {
      return next.apply(data);
    }
    ClusterImage image = cluster.image();
    List<CreatePartitionsTopic> refused =
        refused(
            data.topics(),
            topic -> Math.max(0, topic.count() - knownOr(image, topic)),
            quota,
            request.apiVersion() >= FIRST_STRICT_ADD);
    CompletableFuture<CreatePartitionsResponseData> answer =
        data.topics().isEmpty()
            ? CompletableFuture.completedFuture(new CreatePartitionsResponseData())
            : next.apply(data);
    return answer.thenApply(response -> {
      List<CreatePartitionsTopicResult> results = new ArrayList<>(response.results());
      refused.forEach(topic ->
          results.add(
              new CreatePartitionsTopicResult()
                  .setName(topic.name())
                  .setErrorCode(REFUSED)
                  .setErrorMessage(WHY)));
      return response.setResults(results);
    });
  }

  /** How many partitions a topic has; where there is none, none can be added to it. */
  private static int knownOr(ClusterImage image, CreatePartitionsTopic topic) {
    return image
        .topics()
        .byName(topic.name())
        .map(TopicImage::partitionCount)
        .orElse(topic.count());
  }

  private MutationQuota quota(Request request) {
    return quotas.mutations(request.principal().getName(), request.clientId());
  }

  /** Takes out of a request what its client cannot afford, if it may be told so. */
  private static <T> List<T> refused(
      Iterable<T> topics, ToIntFunction<T> partitions, MutationQuota quota, boolean isStrict) {
    List<T> refused = new ArrayList<>();
    Iterator<T> each = topics.iterator();
    while (each.hasNext()) {
      T topic = each.next();
      int permits = partitions.applyAsInt(topic);
      if (permits == 0) {
        continue;
      }
      if (!isStrict) {
        quota.take(permits);
      } else if (!quota.tryTake(permits)) {
        each.remove();
        refused.add(topic);
      }
    }
    return refused;
  }
}
