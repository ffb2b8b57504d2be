package io.tidemark.gateway.node;

import io.tidemark.metadata.controller.Controller;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.tiering.sweep.DeletedTopic;
import io.tidemark.tiering.sweep.DeletedTopics;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;

/**
 * The deleted topics of the cluster image whose objects this node is to remove: it is the alive
 * node with the smallest id. Two that believe it at the same time do the same work twice, which
 * does no harm.
 */
final class ImageDeletedTopics implements DeletedTopics {
  private final int nodeId;
  private final Supplier<ClusterImage> image;
  private final Controller controller;

  ImageDeletedTopics(int nodeId, Supplier<ClusterImage> image, Controller controller) {
    this.nodeId = nodeId;
    this.image = image;
    this.controller = controller;
  }

  @Override
  public List<DeletedTopic> pending() {
    ClusterImage now = image.get();
    Optional<Integer> chosen =
        now.nodes().all().stream()
            .filter(node -> !node.fenced() && !node.gateway())
            .map(node -> node.id())
            .min(Comparator.naturalOrder());
    if (chosen.isEmpty() || chosen.get() != nodeId) {
      return List.of();
    }
    return now.deletedTopics().values().stream()
        .map(topic -> new DeletedTopic(topic.id(), topic.name(), topic.partitionCount()))
        .toList();
  }

  @Override
  public CompletableFuture<?> emptied(Uuid topicId) {
    return controller.topicEmptied(topicId);
  }
}
