package io.tidemark.tiering.manifest;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.tiering.store.ObjectKeys;
import io.tidemark.tiering.store.ObjectStoreException;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The newest manifest that was read of each partition, and leaves, bounded by the bytes they take
 * in the store. Manifests and leaves are immutable, so nothing here is ever stale: a manifest may
 * only be older than the current one, which will do for every offset that it covers. Safe from any
 * thread; what two threads miss at once may be read twice.
 */
public final class ManifestCache {
  /** What an entry costs in memory beyond its stored bytes, as a factor. */
  private static final int WEIGHT_FACTOR = 4;

  private final ManifestObjects objects;
  private final Cache<Place, WrittenManifest> manifests;
  private final Cache<Uuid, ManifestLeaf> leaves;
  private final Counter hits;
  private final Counter misses;

  private record Place(Uuid topicId, int partition) {
    static Place of(TopicIdPartition partition) {
      return new Place(partition.topicId(), partition.partition());
    }
  }

  /**
   * @param maxBytes shared half and half by manifests and leaves
   * @param executor for the caches' own upkeep
   */
  public ManifestCache(
      ManifestObjects objects, long maxBytes, Executor executor, MeterRegistry meters) {
    this.objects = objects;
    this.manifests =
        Caffeine.newBuilder()
            .executor(executor)
            .maximumWeight(maxBytes / 2)
            .weigher((Place place, WrittenManifest written) ->
                written.pointer().sizeBytes() * WEIGHT_FACTOR)
            .build();
    this.leaves =
        Caffeine.newBuilder()
            .executor(executor)
            .maximumWeight(maxBytes / 2)
            .weigher((Uuid uuid, ManifestLeaf leaf) -> leaf.segments().size() * 128)
            .build();
    this.hits = lookups(meters, "hit");
    this.misses = lookups(meters, "miss");
    Gauge.builder("tidemark.remote.manifests", manifests, Cache::estimatedSize)
        .description("Manifests held in memory")
        .register(meters);
    Gauge.builder("tidemark.remote.manifest.bytes", this, ManifestCache::sizeBytes)
        .description("Memory taken for manifests and leaves, about")
        .baseUnit("bytes")
        .register(meters);
  }

  private long sizeBytes() {
    return sizeBytes(manifests) + sizeBytes(leaves);
  }

  private static long sizeBytes(Cache<?, ?> cache) {
    return cache.policy().eviction().orElseThrow().weightedSize().orElse(0);
  }

  private static Counter lookups(MeterRegistry meters, String result) {
    return Counter.builder("tidemark.remote.manifest.lookups")
        .description("Lookups of manifests and leaves, by whether they were in memory")
        .tag("result", result)
        .register(meters);
  }

  public ObjectKeys keys() {
    return objects.keys();
  }

  /** The manifest of exactly this pointer; reads it when it is not there. Blocks. */
  public Manifest get(TopicIdPartition partition, ManifestPointer pointer)
      throws ObjectStoreException {
    WrittenManifest held = manifests.getIfPresent(Place.of(partition));
    if (held != null && held.pointer().equals(pointer)) {
      hits.increment();
      return held.manifest();
    }
    misses.increment();
    Manifest manifest = objects.read(partition.topicId(), partition.partition(), pointer);
    put(partition, new WrittenManifest(manifest, pointer));
    return manifest;
  }

  /** The newest manifest held of this partition, whatever its version. Never blocks. */
  public Optional<Manifest> newest(TopicIdPartition partition) {
    return Optional.ofNullable(manifests.getIfPresent(Place.of(partition)))
        .map(WrittenManifest::manifest);
  }

  /**
   * Remembers a manifest that this node wrote and the quorum made current, unless a newer one is
   * held.
   */
  public void put(TopicIdPartition partition, WrittenManifest written) {
    manifests
        .asMap()
        .merge(
            Place.of(partition),
            written,
            (held, next) -> held.pointer().version() > next.pointer().version() ? held : next);
  }

  /** Forgets a manifest of this version or an older one: its objects are gone. */
  public void invalidate(TopicIdPartition partition, long version) {
    manifests
        .asMap()
        .computeIfPresent(
            Place.of(partition),
            (place, held) -> held.pointer().version() <= version ? null : held);
  }

  /** The leaf, read when it is not there. Blocks. */
  public ManifestLeaf leaf(TopicIdPartition partition, LeafReference reference)
      throws ObjectStoreException {
    ManifestLeaf held = leafIfHeld(reference);
    if (held != null) {
      hits.increment();
      return held;
    }
    misses.increment();
    ManifestLeaf leaf = objects.readLeaf(partition.topicId(), partition.partition(), reference);
    leaves.put(reference.uuid(), leaf);
    return leaf;
  }

  /** The leaf if it is in memory. Never blocks. */
  public @Nullable ManifestLeaf leafIfHeld(LeafReference reference) {
    return leaves.getIfPresent(reference.uuid());
  }
}
