package io.tidemark.metadata.controller;

import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.TopicImage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResultCollection;
import org.apache.kafka.common.requests.ApiError;

/**
 * Decides DeleteTopics, by name or by id. A topic that may have objects in the store stays
 * remembered until they are gone.
 */
final class TopicDeletion {
  private final ConfigPolicy policy;

  TopicDeletion(ConfigPolicy policy) {
    this.policy = policy;
  }

  Function<ClusterImage, DeleteTopicsResponseData> delete(
      Draft draft, DeleteTopicsRequestData request) {
    Set<Uuid> deleted = new HashSet<>();
    List<DeletableTopicResult> results =
        named(request).stream().map(topic -> deleteOne(draft, topic, deleted)).toList();
    DeleteTopicsResponseData response =
        new DeleteTopicsResponseData().setResponses(collected(results));
    return _ -> response;
  }

  /**
   * Topics that are not known by their ids all have the same key, no name, which would keep the
   * collection busy; so they are collected under different names.
   */
  private static DeletableTopicResultCollection collected(List<DeletableTopicResult> results) {
    DeletableTopicResultCollection all = new DeletableTopicResultCollection(results.size());
    List<DeletableTopicResult> nameless = new ArrayList<>();
    for (DeletableTopicResult result : results) {
      if (result.name() == null) {
        nameless.add(result.setName(result.topicId().toString()));
      }
      all.add(result);
    }
    nameless.forEach(result -> result.setName(null)); // not before: the last added moves others
    return all;
  }

  private static List<DeleteTopicState> named(DeleteTopicsRequestData request) {
    List<DeleteTopicState> topics = new ArrayList<>(request.topics());
    request.topicNames().forEach(name -> topics.add(new DeleteTopicState().setName(name)));
    return topics;
  }

  private DeletableTopicResult deleteOne(Draft draft, DeleteTopicState topic, Set<Uuid> deleted) {
    DeletableTopicResult result =
        new DeletableTopicResult().setName(topic.name()).setTopicId(topic.topicId());
    try {
      TopicImage found = find(draft.image(), topic, deleted);
      deleted.add(found.id());
      draft.add(new Event.TopicDeleted(found.id(), mayHaveObjects(draft.image(), found)));
      return result.setName(found.name()).setTopicId(found.id());
    } catch (ApiException e) {
      ApiError error = ApiError.fromThrowable(e);
      return result.setErrorCode(error.error().code()).setErrorMessage(error.messageWithFallback());
    }
  }

  private static TopicImage find(ClusterImage image, DeleteTopicState topic, Set<Uuid> deleted) {
    boolean hasId = !topic.topicId().equals(Uuid.ZERO_UUID);
    if (topic.name() == null && !hasId) {
      throw new InvalidRequestException("Neither topic name nor id were specified.");
    }
    if (topic.name() != null && hasId) {
      throw new InvalidRequestException("You may not specify both topic name and topic id.");
    }
    if (hasId && deleted.contains(topic.topicId())) {
      throw new InvalidRequestException("Duplicate topic id.");
    }
    return hasId
        ? image
            .topics()
            .byId(topic.topicId())
            .orElseThrow(
                () -> new UnknownTopicIdException("This server does not host this topic ID."))
        : image
            .topics()
            .byName(topic.name())
            .orElseThrow(() ->
                new UnknownTopicOrPartitionException(
                    "This server does not host this topic-partition."));
  }

  private boolean mayHaveObjects(ClusterImage image, TopicImage topic) {
    for (PartitionImage partition : topic.partitions()) {
      if (partition.manifest() != null) {
        return true;
      }
    }
    return policy.isTiered(image.configs().ofTopic(topic.name()));
  }
}
