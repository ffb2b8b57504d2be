package io.tidemark.tiering.sweep;

import io.tidemark.tiering.manifest.LeafReference;
import io.tidemark.tiering.manifest.Manifest;
import io.tidemark.tiering.manifest.ManifestLeaf;
import io.tidemark.tiering.manifest.PendingDelete;
import io.tidemark.tiering.manifest.RemoteSegment;
import io.tidemark.tiering.store.ListPage;
import io.tidemark.tiering.store.ObjectInfo;
import io.tidemark.tiering.store.ObjectKeys;
import io.tidemark.tiering.store.ObjectStore;
import io.tidemark.tiering.store.ObjectStoreException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicIdPartition;
import org.jspecify.annotations.Nullable;

/**
 * Finds a partition's orphans: objects in its two folders that its current manifest neither uses
 * nor has marked. It only finds them. They are marked by the next commit, whose success proves that
 * nobody else's commit can still refer to them, and deleted after the delay like anything else; so
 * a listing that misses or invents objects costs time, not data.
 *
 * <p>Called by the partition's turn, while it has no upload under way. Blocks on the store.
 */
public final class OrphanSweep {
  /** Where the content of leaves comes from. */
  @FunctionalInterface
  public interface Leaves {
    ManifestLeaf leaf(TopicIdPartition partition, LeafReference reference)
        throws ObjectStoreException;
  }

  private final ObjectStore store;
  private final ObjectKeys keys;
  private final Leaves leaves;

  public OrphanSweep(ObjectStore store, ObjectKeys keys, Leaves leaves) {
    this.store = store;
    this.keys = keys;
    this.leaves = leaves;
  }

  /** Up to {@code limit} orphans. */
  public List<String> find(TopicIdPartition partition, Manifest manifest, int limit)
      throws ObjectStoreException {
    Set<String> named = named(partition, manifest);
    List<String> orphans = new ArrayList<>();
    collect(keys.segmentsPrefix(partition.topicId(), partition.partition()), named, orphans, limit);
    collect(
        keys.manifestsPrefix(partition.topicId(), partition.partition()), named, orphans, limit);
    return orphans;
  }

  /** Every key that the manifest uses or has marked, its own included. */
  public Set<String> named(TopicIdPartition partition, Manifest manifest)
      throws ObjectStoreException {
    Set<String> named = rootNames(partition, manifest);
    for (LeafReference leaf : manifest.leaves()) {
      List<RemoteSegment> segments = leaves.leaf(partition, leaf).segments();
      for (RemoteSegment segment : segments.subList(leaf.dropped(), segments.size())) {
        named.add(key(partition, segment));
      }
    }
    return named;
  }

  /** The keys that stand in the manifest's root itself, its own included. */
  public Set<String> rootNames(TopicIdPartition partition, Manifest manifest) {
    Set<String> named = new HashSet<>();
    if (manifest.version() > 0) {
      named.add(
          keys.manifest(
              partition.topicId(), partition.partition(), manifest.version(), manifest.uuid()));
    }
    for (PendingDelete delete : manifest.pendingDeletes()) {
      named.add(delete.key());
    }
    for (RemoteSegment segment : manifest.segments()) {
      named.add(key(partition, segment));
    }
    for (LeafReference leaf : manifest.leaves()) {
      named.add(
          keys.leaf(partition.topicId(), partition.partition(), leaf.baseOffset(), leaf.uuid()));
    }
    return named;
  }

  private String key(TopicIdPartition partition, RemoteSegment segment) {
    return segment.key(keys, partition.topicId(), partition.partition());
  }

  private void collect(String prefix, Set<String> named, List<String> orphans, int limit)
      throws ObjectStoreException {
    @Nullable String after = null;
    while (orphans.size() < limit) {
      ListPage page = store.list(prefix, after, ObjectStore.MAX_KEYS);
      for (ObjectInfo object : page.objects()) {
        if (orphans.size() < limit && !named.contains(object.key())) {
          orphans.add(object.key());
        }
      }
      Optional<String> next = page.nextStartAfter();
      if (next.isEmpty()) {
        return;
      }
      after = next.get();
    }
  }
}
