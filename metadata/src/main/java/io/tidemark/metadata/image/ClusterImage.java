package io.tidemark.metadata.image;

import java.util.Optional;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * The whole cluster's metadata at one version. Immutable; safe to keep and to share.
 *
 * @param version the quorum's index of the last entry folded in, {@link #NO_VERSION} before any; of
 *     two images of a cluster the one with the greater version is the newer
 * @param clusterId empty until the quorum has made one
 * @param nextProducerId the first producer id not yet given to any node
 * @param deletedTopics topics awaiting the emptying of their objects
 */
public record ClusterImage(
    long version,
    String clusterId,
    NodesImage nodes,
    TopicsImage topics,
    ConfigsImage configs,
    FeaturesImage features,
    long nextProducerId,
    PMap<Uuid, DeletedTopic> deletedTopics,
    SecurityImage security,
    QuotasImage quotas) {

  public static final long NO_VERSION = -1;

  public static final ClusterImage EMPTY =
      new ClusterImage(
          NO_VERSION,
          "",
          NodesImage.EMPTY,
          TopicsImage.EMPTY,
          ConfigsImage.EMPTY,
          FeaturesImage.EMPTY,
          0,
          HashTreePMap.empty(),
          SecurityImage.EMPTY,
          QuotasImage.EMPTY);

  public boolean hasClusterId() {
    return !clusterId.isEmpty();
  }

  public Optional<PartitionImage> partition(TopicIdPartition id) {
    return topics.partition(id.topicId(), id.partition());
  }
}
