package io.tidemark.metadata.image;

import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.pcollections.PVector;

/** A topic: its id (never used twice), its name, and its partitions, indexed from 0. */
public record TopicImage(Uuid id, String name, PVector<PartitionImage> partitions) {

  /** Empty when there is no such partition. */
  public Optional<PartitionImage> partition(int index) {
    return index >= 0 && index < partitions.size()
        ? Optional.of(partitions.get(index))
        : Optional.empty();
  }

  public int partitionCount() {
    return partitions.size();
  }
}
