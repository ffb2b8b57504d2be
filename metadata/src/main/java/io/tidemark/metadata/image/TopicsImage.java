package io.tidemark.metadata.image;

import java.util.Collection;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * All topics, found by id or by name.
 *
 * <p>A name leads to exactly one id and each topic is under both keys.
 *
 * @param partitionCount of all topics together
 */
public record TopicsImage(
    PMap<Uuid, TopicImage> topicsById, PMap<String, Uuid> idsByName, int partitionCount) {

  public static final TopicsImage EMPTY =
      new TopicsImage(HashTreePMap.empty(), HashTreePMap.empty(), 0);

  public Optional<TopicImage> byId(Uuid id) {
    return Optional.ofNullable(topicsById.get(id));
  }

  public Optional<TopicImage> byName(String name) {
    Uuid id = idsByName.get(name);
    return id == null ? Optional.empty() : byId(id);
  }

  public Optional<Uuid> idOf(String name) {
    return Optional.ofNullable(idsByName.get(name));
  }

  public Optional<PartitionImage> partition(Uuid id, int index) {
    return byId(id).flatMap(topic -> topic.partition(index));
  }

  /** Every topic, in no order. */
  public Collection<TopicImage> all() {
    return topicsById.values();
  }

  public int size() {
    return topicsById.size();
  }
}
