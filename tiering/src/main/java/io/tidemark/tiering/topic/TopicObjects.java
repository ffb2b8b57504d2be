package io.tidemark.tiering.topic;

import io.tidemark.tiering.store.ObjectContent;
import io.tidemark.tiering.store.ObjectKeys;
import io.tidemark.tiering.store.ObjectStore;
import io.tidemark.tiering.store.ObjectStoreException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Writes topic objects. Of several changes of a topic only the newest need be written; one that
 * fails stays until a later pass. What a crash forgets, the wiring tells again at the next start,
 * by {@link #changed} for every tiered topic: writing an object twice does no harm.
 *
 * <p>{@link #changed} and {@link #deleted} may be called from any thread and do not block; {@link
 * #pass} by one at a time, and blocks.
 */
public final class TopicObjects {
  private final ObjectStore store;
  private final ObjectKeys keys;
  private final Map<Uuid, TopicObject> waiting = new ConcurrentHashMap<>();
  private final Map<Uuid, TopicObject> written = new ConcurrentHashMap<>();

  public TopicObjects(ObjectStore store, ObjectKeys keys) {
    this.store = store;
    this.keys = keys;
  }

  /** The topic was created or changed, or is told again after a start. */
  public void changed(TopicObject topic) {
    waiting.merge(topic.topicId(), topic, TopicObjects::newer);
  }

  /** Nothing more is written for the topic. */
  public void deleted(Uuid topicId) {
    waiting.remove(topicId);
    written.remove(topicId);
  }

  public boolean isIdle() {
    return waiting.isEmpty();
  }

  /** Writes what waits; the first failure ends the pass. */
  public void pass() throws ObjectStoreException {
    Set<Uuid> ids = new HashSet<>(waiting.keySet());
    for (Uuid id : ids) {
      TopicObject topic = waiting.get(id);
      if (topic != null) {
        write(topic);
        waiting.remove(id, topic);
      }
    }
  }

  private void write(TopicObject topic) throws ObjectStoreException {
    if (isSame(written.get(topic.topicId()), topic)) {
      return;
    }
    store.put(
        keys.topic(topic.topicId(), topic.metadataVersion()),
        ObjectContent.of(TopicObjectCodec.encode(topic)));
    written.put(topic.topicId(), topic);
  }

  private static boolean isSame(@Nullable TopicObject old, TopicObject topic) {
    return old != null
        && old.name().equals(topic.name())
        && old.partitions() == topic.partitions()
        && old.configs().equals(topic.configs());
  }

  private static TopicObject newer(TopicObject one, TopicObject other) {
    return one.metadataVersion() > other.metadataVersion() ? one : other;
  }
}
