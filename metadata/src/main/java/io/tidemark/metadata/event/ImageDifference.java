package io.tidemark.metadata.event;

import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.ImageDelta;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.TopicImage;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Compares two images whole, where the events between them are not at hand: when a follower goes on
 * from a snapshot.
 */
public final class ImageDifference {
  private ImageDifference() {}

  public static ImageDelta between(ClusterImage previous, ClusterImage next) {
    DeltaBuilder delta = new DeltaBuilder();
    topics(previous, next, delta);
    different(previous.nodes().nodesById(), next.nodes().nodesById(), delta::node);
    different(
        previous.configs().overridesByResource(),
        next.configs().overridesByResource(),
        delta::config);
    different(previous.deletedTopics(), next.deletedTopics(), delta::deletedTopic);
    if (!previous.features().equals(next.features())) {
      delta.features();
    }
    if (!previous.security().equals(next.security())) {
      delta.security();
    }
    if (!previous.quotas().equals(next.quotas())) {
      delta.quotas();
    }
    return delta.build();
  }

  private static void topics(ClusterImage previous, ClusterImage next, DeltaBuilder delta) {
    for (Uuid id : previous.topics().topicsById().keySet()) {
      if (next.topics().byId(id).isEmpty()) {
        delta.topicDeleted(id);
      }
    }
    for (TopicImage topic : next.topics().all()) {
      TopicImage before = previous.topics().byId(topic.id()).orElse(null);
      if (before == null) {
        delta.topicCreated(topic.id(), topic.partitionCount());
      } else {
        partitions(before, topic, delta);
      }
    }
  }

  private static void partitions(TopicImage before, TopicImage after, DeltaBuilder delta) {
    int index = 0;
    for (PartitionImage partition : after.partitions()) {
      @Nullable PartitionImage old = before.partition(index).orElse(null);
      if (!partition.equals(old)) {
        delta.partition(after.id(), index);
      }
      index++;
    }
  }

  private static <K, V> void different(Map<K, V> before, Map<K, V> after, Consumer<K> found) {
    Set<K> keys = new HashSet<>(before.keySet());
    keys.addAll(after.keySet());
    for (K key : keys) {
      if (!Objects.equals(before.get(key), after.get(key))) {
        found.accept(key);
      }
    }
  }
}
