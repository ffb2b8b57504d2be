package io.tidemark.tiering.verify;

import io.tidemark.tiering.manifest.LeafReference;
import io.tidemark.tiering.manifest.Manifest;
import io.tidemark.tiering.manifest.ManifestObjects;
import io.tidemark.tiering.manifest.ManifestPointer;
import io.tidemark.tiering.manifest.RemoteSegment;
import io.tidemark.tiering.store.ListPage;
import io.tidemark.tiering.store.ObjectInfo;
import io.tidemark.tiering.store.ObjectKeys;
import io.tidemark.tiering.store.ObjectStore;
import io.tidemark.tiering.store.ObjectStoreException;
import io.tidemark.tiering.sweep.OrphanSweep;
import io.tidemark.tiering.upload.ManifestCommitter;
import io.tidemark.tiering.upload.UnansweredException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicIdPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads back everything a topic has in the store and compares it with what the quorum says: pointer
 * → manifest → leaves → segment objects, byte for byte, past every cache. It changes nothing and
 * goes on after a finding. Objects that nothing refers to are looked for before the pointer is read
 * again and only reported when the newer manifest does not know them either, since uploads go on.
 *
 * <p>Blocks on the store for as long as it takes; one thread a call.
 */
public final class TierVerifier {
  private final ObjectStore store;
  private final ObjectKeys keys;
  private final ManifestObjects objects;
  private final ManifestCommitter quorum;

  public TierVerifier(
      ObjectStore store, ObjectKeys keys, ManifestObjects objects, ManifestCommitter quorum) {
    this.store = store;
    this.keys = keys;
    this.objects = objects;
    this.quorum = quorum;
  }

  /** Verifies these partitions of one topic; progress is told on the calling thread. */
  public VerifyReport verify(
      String topic, List<TopicIdPartition> partitions, Consumer<VerifyProgress> progress) {
    VerifyTally tally = new VerifyTally(partitions.size(), progress);
    for (TopicIdPartition partition : partitions) {
      try {
        verify(partition, tally);
      } catch (ObjectStoreException e) {
        tally.found(kindOf(e), partition, "", String.valueOf(e.getMessage()));
      } catch (UnansweredException e) {
        tally.found(Finding.Kind.UNREADABLE, partition, "", String.valueOf(e.getMessage()));
      }
      tally.partitionDone();
    }
    return tally.report(topic);
  }

  private void verify(TopicIdPartition partition, VerifyTally tally)
      throws ObjectStoreException, UnansweredException {
    @Nullable Manifest manifest = manifest(partition, tally);
    if (manifest != null) {
      checkSegments(partition, manifest, tally);
    }
    Set<String> unknown = listed(partition);
    if (manifest != null) {
      unknown.removeAll(named(partition, manifest));
    }
    if (!unknown.isEmpty()) {
      Optional<Manifest> newest = newest(partition);
      if (newest.isPresent()) {
        unknown.removeAll(named(partition, newest.get()));
      }
      unknown.forEach(
          key -> tally.found(Finding.Kind.UNREFERENCED, partition, key, "nothing refers to it"));
    }
  }

  /** The current manifest; read again when it was replaced, and deleted, meanwhile. */
  private @Nullable Manifest manifest(TopicIdPartition partition, VerifyTally tally)
      throws ObjectStoreException, UnansweredException {
    ManifestPointer pointer = quorum.current(partition);
    while (pointer != null) {
      try {
        Manifest manifest = objects.read(partition.topicId(), partition.partition(), pointer);
        tally.manifest(pointer.sizeBytes(), manifest.segmentCount());
        return manifest;
      } catch (ObjectStoreException e) {
        ManifestPointer now = quorum.current(partition);
        if (pointer.equals(now)) {
          String key =
              keys.manifest(
                  partition.topicId(), partition.partition(), pointer.version(), pointer.uuid());
          tally.found(kindOf(e), partition, key, String.valueOf(e.getMessage()));
          return null;
        }
        pointer = now;
      }
    }
    return null;
  }

  private Optional<Manifest> newest(TopicIdPartition partition)
      throws ObjectStoreException, UnansweredException {
    ManifestPointer pointer = quorum.current(partition);
    return pointer == null
        ? Optional.empty()
        : Optional.of(objects.read(partition.topicId(), partition.partition(), pointer));
  }

  private void checkSegments(TopicIdPartition partition, Manifest manifest, VerifyTally tally)
      throws UnansweredException {
    SegmentCheck check = new SegmentCheck(store, tally);
    long expected = manifest.firstOffset();
    for (RemoteSegment segment : segments(partition, manifest, tally)) {
      String key = segment.key(keys, partition.topicId(), partition.partition());
      if (segment.baseOffset() != expected) {
        tally.found(
            Finding.Kind.GAP,
            partition,
            key,
            "begins at %d instead of %d".formatted(segment.baseOffset(), expected));
      }
      expected = segment.nextOffset();
      check(partition, segment, key, check, tally);
      tally.segmentDone();
    }
  }

  private void check(
      TopicIdPartition partition,
      RemoteSegment segment,
      String key,
      SegmentCheck check,
      VerifyTally tally)
      throws UnansweredException {
    try {
      Optional<String> wrong = check.check(key, segment);
      if (wrong.isPresent()) {
        tally.found(Finding.Kind.CORRUPT, partition, key, wrong.get());
      }
    } catch (ObjectStoreException e) {
      if (kindOf(e) != Finding.Kind.MISSING || isStillListed(partition, segment)) {
        tally.found(kindOf(e), partition, key, String.valueOf(e.getMessage()));
      }
    }
  }

  /** A segment that retention or compaction has taken meanwhile is not missing. */
  private boolean isStillListed(TopicIdPartition partition, RemoteSegment segment)
      throws UnansweredException {
    try {
      Optional<Manifest> newest = newest(partition);
      return newest.isPresent() && lists(partition, newest.get(), segment);
    } catch (ObjectStoreException e) {
      return true;
    }
  }

  private boolean lists(TopicIdPartition partition, Manifest manifest, RemoteSegment segment)
      throws ObjectStoreException {
    List<RemoteSegment> listed = new ArrayList<>(manifest.segments());
    for (LeafReference leaf : manifest.leaves()) {
      if (leaf.contains(segment.baseOffset())) {
        List<RemoteSegment> all =
            objects.readLeaf(partition.topicId(), partition.partition(), leaf).segments();
        listed.addAll(all.subList(leaf.dropped(), all.size()));
      }
    }
    return listed.contains(segment);
  }

  private List<RemoteSegment> segments(
      TopicIdPartition partition, Manifest manifest, VerifyTally tally) {
    List<RemoteSegment> segments = new ArrayList<>();
    for (LeafReference leaf : manifest.leaves()) {
      try {
        List<RemoteSegment> all =
            objects.readLeaf(partition.topicId(), partition.partition(), leaf).segments();
        segments.addAll(all.subList(leaf.dropped(), all.size()));
      } catch (ObjectStoreException e) {
        String key =
            keys.leaf(partition.topicId(), partition.partition(), leaf.baseOffset(), leaf.uuid());
        tally.found(kindOf(e), partition, key, String.valueOf(e.getMessage()));
      }
    }
    segments.addAll(manifest.segments());
    return segments;
  }

  private Set<String> named(TopicIdPartition partition, Manifest manifest)
      throws ObjectStoreException {
    return new OrphanSweep(
            store, keys, (of, leaf) -> objects.readLeaf(of.topicId(), of.partition(), leaf))
        .named(partition, manifest);
  }

  private Set<String> listed(TopicIdPartition partition) throws ObjectStoreException {
    Set<String> listed = new HashSet<>();
    list(keys.segmentsPrefix(partition.topicId(), partition.partition()), listed);
    list(keys.manifestsPrefix(partition.topicId(), partition.partition()), listed);
    return listed;
  }

  private void list(String prefix, Set<String> listed) throws ObjectStoreException {
    Optional<String> after = Optional.of("");
    while (after.isPresent()) {
      String start = after.get();
      ListPage page = store.list(prefix, start.isEmpty() ? null : start, ObjectStore.MAX_KEYS);
      page.objects().stream().map(ObjectInfo::key).forEach(listed::add);
      after = page.nextStartAfter();
    }
  }

  private static Finding.Kind kindOf(ObjectStoreException e) {
    return switch (e.kind()) {
      case NOT_FOUND -> Finding.Kind.MISSING;
      case CORRUPT -> Finding.Kind.CORRUPT;
      case THROTTLED, DENIED, UNAVAILABLE, CONTENT -> Finding.Kind.UNREADABLE;
    };
  }
}
