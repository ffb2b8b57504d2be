package io.tidemark.tests.tiering;

import io.tidemark.log.record.Records;
import io.tidemark.tiering.manifest.LeafReference;
import io.tidemark.tiering.manifest.Manifest;
import io.tidemark.tiering.manifest.ManifestObjects;
import io.tidemark.tiering.manifest.ManifestPointer;
import io.tidemark.tiering.manifest.RemoteSegment;
import io.tidemark.tiering.segment.SegmentTail;
import io.tidemark.tiering.store.ObjectStoreException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicIdPartition;
import org.jspecify.annotations.Nullable;

/**
 * A partition's cold tier as anybody can read it from quorum and store alone: pointer, manifest,
 * leaves, segments. Slow, simple, and independent of the remote reader.
 */
final class ColdLog {
  private final TierWorld world;
  private final TopicIdPartition id;
  private final Manifest manifest;
  private final List<RemoteSegment> segments = new ArrayList<>();

  private ColdLog(TierWorld world, TopicIdPartition id, Manifest manifest) {
    this.world = world;
    this.id = id;
    this.manifest = manifest;
  }

  static ColdLog of(TierWorld world, TopicIdPartition id) {
    ManifestPointer pointer = world.quorum().pointer(id);
    if (pointer == null) {
      return new ColdLog(world, id, Manifest.empty(id.topicId(), id.partition()));
    }
    ManifestObjects objects = new ManifestObjects(world.store(), TierWorld.KEYS);
    try {
      ColdLog log = new ColdLog(world, id, objects.read(id.topicId(), id.partition(), pointer));
      for (LeafReference leaf : log.manifest.leaves()) {
        List<RemoteSegment> all = objects.readLeaf(id.topicId(), id.partition(), leaf).segments();
        log.segments.addAll(all.subList(leaf.dropped(), all.size()));
      }
      log.segments.addAll(log.manifest.segments());
      return log;
    } catch (ObjectStoreException e) {
      throw new AssertionError("manifest " + pointer + " of " + id + " cannot be read", e);
    }
  }

  Manifest manifest() {
    return manifest;
  }

  List<RemoteSegment> segments() {
    return segments;
  }

  String key(RemoteSegment segment) {
    return segment.key(TierWorld.KEYS, id.topicId(), id.partition());
  }

  /** Keys of all objects that the manifest needs. */
  Set<String> keys() {
    Set<String> keys = new HashSet<>();
    if (manifest.version() > 0) {
      keys.add(
          TierWorld.KEYS.manifest(
              id.topicId(), id.partition(), manifest.version(), manifest.uuid()));
    }
    manifest
        .leaves()
        .forEach(leaf ->
            keys.add(
                TierWorld.KEYS.leaf(id.topicId(), id.partition(), leaf.baseOffset(), leaf.uuid())));
    segments.forEach(segment -> keys.add(key(segment)));
    return keys;
  }

  /** The segment's checked tail. */
  SegmentTail tail(RemoteSegment segment) throws ObjectStoreException {
    ByteBuffer tail = ByteBuffer.allocate(Math.toIntExact(segment.tailBytes()));
    world.store().read(key(segment), segment.recordsBytes(), tail);
    return SegmentTail.decode(tail.flip(), segment.recordsBytes());
  }

  /** Every value by its offset. */
  NavigableMap<Long, String> values() {
    NavigableMap<Long, String> values = new TreeMap<>();
    for (RemoteSegment segment : segments) {
      collect(records(segment), values);
    }
    return values;
  }

  /** Every keyed record by its offset. */
  NavigableMap<Long, String> keyedValues() {
    NavigableMap<Long, String> values = new TreeMap<>();
    for (RemoteSegment segment : segments) {
      EveryKeyHasItsNewestValue.collect(records(segment), values);
    }
    return values;
  }

  private ByteBuffer records(RemoteSegment segment) {
    ByteBuffer records = ByteBuffer.allocate(Math.toIntExact(segment.recordsBytes()));
    try {
      world.store().read(key(segment), 0, records);
      return records.flip();
    } catch (ObjectStoreException e) {
      throw new AssertionError("segment " + key(segment) + " cannot be read", e);
    }
  }

  static void collect(ByteBuffer batches, NavigableMap<Long, String> values) {
    Records.visit(
        batches,
        (batch, record) -> {
          values.put(record.offset(), text(record.value()));
          return true;
        });
  }

  private static String text(@Nullable ByteBuffer value) {
    return StandardCharsets.UTF_8.decode(Objects.requireNonNull(value).duplicate()).toString();
  }
}
