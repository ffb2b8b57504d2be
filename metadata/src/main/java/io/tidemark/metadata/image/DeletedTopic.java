package io.tidemark.metadata.image;

import java.util.List;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * A deleted topic whose objects may still be in the store. It stays in the image until the tiering
 * service says that they are gone, so that a restart forgets none.
 *
 * @param manifests the last manifest of each partition, by partition; null where none was committed
 */
public record DeletedTopic(Uuid id, String name, List<@Nullable ManifestPointer> manifests) {

  public int partitionCount() {
    return manifests.size();
  }
}
