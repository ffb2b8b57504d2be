package io.tidemark.tiering.read;

import io.tidemark.log.producer.AbortedTransaction;
import io.tidemark.tiering.manifest.CommitResult;
import io.tidemark.tiering.manifest.Manifest;
import io.tidemark.tiering.manifest.ManifestCommits;
import io.tidemark.tiering.manifest.ManifestDraft;
import io.tidemark.tiering.manifest.ManifestLeaf;
import io.tidemark.tiering.manifest.ManifestObjects;
import io.tidemark.tiering.manifest.ManifestPointer;
import io.tidemark.tiering.manifest.RemoteSegment;
import io.tidemark.tiering.manifest.WrittenManifest;
import io.tidemark.tiering.segment.BuiltSegment;
import io.tidemark.tiering.segment.SegmentObject;
import io.tidemark.tiering.segment.SegmentObjectWriter;
import io.tidemark.tiering.store.ObjectKeys;
import io.tidemark.tiering.store.ObjectStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * A partition in a store, made segment by segment, and a quorum that knows its current manifest.
 * Remembers every byte, to compare with what readers get.
 */
public final class TieredLog implements ManifestCommits {
  public static final ObjectKeys KEYS = new ObjectKeys("test-cluster");
  public static final long START_MS = 1_700_000_000_000L;

  private final ObjectStore store;
  private final Random random;
  private final TopicIdPartition partition;
  private final ManifestObjects objects;
  private final List<BuiltSegment> segments = new ArrayList<>();
  private Manifest manifest;
  private volatile @Nullable ManifestPointer pointer;

  public TieredLog(ObjectStore store, long seed) {
    this.store = store;
    this.random = new Random(seed);
    this.partition = new TopicIdPartition(uuid(), 3, "orders");
    this.objects = new ManifestObjects(store, KEYS);
    this.manifest = Manifest.empty(partition.topicId(), partition.partition());
  }

  public TopicIdPartition partition() {
    return partition;
  }

  public ManifestObjects objects() {
    return objects;
  }

  public Manifest manifest() {
    return manifest;
  }

  public ManifestPointer pointer() {
    ManifestPointer current = pointer;
    if (current == null) {
      throw new IllegalStateException("nothing was uploaded");
    }
    return current;
  }

  public List<BuiltSegment> segments() {
    return segments;
  }

  /** Uploads and commits a segment of random records. */
  public BuiltSegment addRandom(int sizeBytes, int valueBytes) throws Exception {
    BuiltSegment segment =
        BuiltSegment.random(
            random.nextLong(),
            manifest.tieredOffset(),
            segments.size() / 2,
            sizeBytes,
            valueBytes,
            START_MS);
    add(segment);
    return segment;
  }

  public BuiltSegment addRandom(int sizeBytes, int valueBytes, AbortedTransaction... aborted)
      throws Exception {
    BuiltSegment segment =
        BuiltSegment.random(
                random.nextLong(),
                manifest.tieredOffset(),
                segments.size() / 2,
                sizeBytes,
                valueBytes,
                START_MS)
            .withAborted(aborted);
    add(segment);
    return segment;
  }

  public void add(BuiltSegment segment) throws Exception {
    SegmentObject object =
        new SegmentObjectWriter()
            .prepare(
                partition.topicId(),
                partition.partition(),
                segment,
                manifest.lineageWith(segment.lineage()));
    RemoteSegment remote = RemoteSegment.of(object, segments.size() / 2, uuid(), START_MS);
    store.put(key(remote), object.content());
    commit(draft().add(remote, segment.lineage(), uuid()));
    segments.add(segment);
  }

  /** Drops segments below an offset and deletes their objects at once. */
  public void dropBelow(long offset) throws Exception {
    ManifestLeaf leaf =
        manifest.leaves().isEmpty()
            ? null
            : objects.readLeaf(
                partition.topicId(), partition.partition(), manifest.leaves().getFirst());
    commit(draft().dropBelow(offset, leaf, START_MS));
    store.delete(manifest.pendingDeletes().stream().map(delete -> delete.key()).toList());
  }

  public ManifestDraft draft() {
    return ManifestDraft.from(KEYS, manifest);
  }

  public void commit(ManifestDraft draft) throws Exception {
    WrittenManifest written = objects.write(draft, pointer, 1, uuid());
    manifest = written.manifest();
    pointer = written.pointer();
  }

  public String key(RemoteSegment segment) {
    return segment.key(KEYS, partition.topicId(), partition.partition());
  }

  /** Everything that was ever added, byte for byte. */
  public ByteBuffer allRecords() {
    int size = segments.stream().mapToInt(segment -> (int) segment.sizeBytes()).sum();
    ByteBuffer all = ByteBuffer.allocate(size);
    segments.forEach(segment -> all.put(segment.records().duplicate()));
    return all.flip();
  }

  private Uuid uuid() {
    return new Uuid(random.nextLong(), random.nextLong());
  }

  @Override
  public CompletableFuture<CommitResult> commit(
      TopicIdPartition of, int leaderEpoch, long nodeEpoch, long parent, ManifestPointer next) {
    throw new IllegalStateException("readers do not commit");
  }

  @Override
  public CompletableFuture<@Nullable ManifestPointer> current(TopicIdPartition of) {
    return CompletableFuture.completedFuture(pointer);
  }

  @Override
  public CompletableFuture<Long> advanceLogStart(TopicIdPartition of, int epoch, long offset) {
    throw new IllegalStateException("readers do not delete");
  }
}
