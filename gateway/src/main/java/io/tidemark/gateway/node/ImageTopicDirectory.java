package io.tidemark.gateway.node;

import io.tidemark.metadata.coordinator.group.KnownTopic;
import io.tidemark.metadata.coordinator.group.TopicDirectory;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.TopicImage;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** The topics of the cluster image, as the group coordinator asks for them. */
final class ImageTopicDirectory implements TopicDirectory {
  private final Supplier<ClusterImage> image;

  ImageTopicDirectory(Supplier<ClusterImage> image) {
    this.image = image;
  }

  @Override
  public @Nullable KnownTopic byName(String name) {
    return image.get().topics().byName(name).map(ImageTopicDirectory::known).orElse(null);
  }

  @Override
  public @Nullable KnownTopic byId(Uuid id) {
    return image.get().topics().byId(id).map(ImageTopicDirectory::known).orElse(null);
  }

  static KnownTopic known(TopicImage topic) {
    return new KnownTopic(topic.id(), topic.name(), topic.partitionCount());
  }
}
