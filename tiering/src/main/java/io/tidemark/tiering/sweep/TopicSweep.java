package io.tidemark.tiering.sweep;

import io.tidemark.tiering.store.ListPage;
import io.tidemark.tiering.store.ObjectInfo;
import io.tidemark.tiering.store.ObjectKeys;
import io.tidemark.tiering.store.ObjectStore;
import io.tidemark.tiering.store.ObjectStoreException;
import io.tidemark.tiering.upload.BoundedWait;
import io.tidemark.tiering.upload.UnansweredException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Empties the store of deleted topics: segments, manifests, leaves, unfinished uploads and the
 * topic objects. What is pending comes from the quorum each time, so a restart begins anew and
 * loses nothing. Objects of other topics are never touched: every key begins with the topic's own
 * folders.
 *
 * <p>{@link #pass} is called by one thread at a time and blocks on the store.
 */
public final class TopicSweep {
  private static final Logger log = LoggerFactory.getLogger(TopicSweep.class);

  private final ObjectStore store;
  private final ObjectKeys keys;
  private final DeletedTopics topics;
  private final BoundedWait wait;
  private final long delayMs;
  private final Map<Uuid, TopicEmptying> progress = new HashMap<>();

  public TopicSweep(
      ObjectStore store, ObjectKeys keys, DeletedTopics topics, BoundedWait wait, long delayMs) {
    this.store = store;
    this.keys = keys;
    this.topics = topics;
    this.wait = wait;
    this.delayMs = delayMs;
  }

  /**
   * Takes every pending topic as far as it can go now and returns the number of objects deleted. A
   * topic that fails does not hold up the others; its failure is thrown in the end, and the next
   * pass takes it up again.
   */
  public long pass(long nowMs) throws ObjectStoreException, UnansweredException {
    List<DeletedTopic> pending = topics.pending();
    Set<Uuid> ids = new HashSet<>();
    pending.forEach(topic -> ids.add(topic.topicId()));
    progress.keySet().retainAll(ids);
    long deleted = 0;
    @Nullable ObjectStoreException failure = null;
    for (DeletedTopic topic : pending) {
      try {
        deleted += step(topic, nowMs);
      } catch (ObjectStoreException e) {
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return deleted;
  }

  private long step(DeletedTopic topic, long nowMs)
      throws ObjectStoreException, UnansweredException {
    TopicEmptying state =
        progress.computeIfAbsent(topic.topicId(), id -> TopicEmptying.begin(nowMs, delayMs));
    if (!state.isDue(nowMs)) {
      return 0;
    }
    long deleted = empty(topic);
    if (deleted == 0 && state.isLast()) {
      wait.join(topics.emptied(topic.topicId()), "reporting " + topic.name() + " as emptied");
      log.info(
          "Deleted topic {} ({}) has no object left in the store", topic.name(), topic.topicId());
      progress.remove(topic.topicId());
      return 0;
    }
    progress.put(topic.topicId(), state.after(deleted > 0, nowMs, delayMs));
    return deleted;
  }

  private long empty(DeletedTopic topic) throws ObjectStoreException {
    long deleted = 0;
    for (int partition = 0; partition < topic.partitions(); partition++) {
      String segments = keys.segmentsPrefix(topic.topicId(), partition);
      deleted += store.abortStaleUploads(segments, Duration.ZERO);
      deleted += deleteAll(segments);
      deleted += deleteAll(keys.manifestsPrefix(topic.topicId(), partition));
    }
    return deleted + deleteAll(keys.topicsPrefix() + topic.topicId() + "/");
  }

  private long deleteAll(String prefix) throws ObjectStoreException {
    long deleted = 0;
    Optional<String> after = Optional.of("");
    while (after.isPresent()) {
      String startAfter = after.get();
      ListPage page =
          store.list(prefix, startAfter.isEmpty() ? null : startAfter, ObjectStore.MAX_KEYS);
      if (!page.objects().isEmpty()) {
        store.delete(page.objects().stream().map(ObjectInfo::key).toList());
      }
      deleted += page.objects().size();
      after = page.nextStartAfter();
    }
    return deleted;
  }
}
