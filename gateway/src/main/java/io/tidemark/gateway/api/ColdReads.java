package io.tidemark.gateway.api;

import io.tidemark.log.epoch.EpochEnd;
import io.tidemark.log.partition.TimestampedOffset;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.tiering.manifest.ManifestPointer;
import io.tidemark.tiering.read.RemoteRead;
import io.tidemark.tiering.read.RemoteReader;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.jspecify.annotations.Nullable;

/**
 * What handlers see of the bucket: reads by partition, through the manifest that this node's image
 * names. Where there is no store, or a partition has no manifest, nothing is covered. Never waits;
 * safe from any thread.
 */
public final class ColdReads {
  private final ClusterView cluster;
  private final @Nullable RemoteReader reader;

  public ColdReads(ClusterView cluster, @Nullable RemoteReader reader) {
    this.cluster = cluster;
    this.reader = reader;
  }

  /** Whether the manifest known here has the offset; if not, a newer one may be on its way. */
  public boolean covers(TopicIdPartition partition, long offset) {
    return pointer(partition).filter(pointer -> offset < pointer.tieredOffset()).isPresent();
  }

  /** Everything below is in the bucket, as far as is known here; 0 when nothing is. */
  public long tieredOffset(TopicIdPartition partition) {
    return pointer(partition).map(ManifestPointer::tieredOffset).orElse(0L);
  }

  /** Whether anything of the partition is in the bucket. */
  public boolean has(TopicIdPartition partition) {
    return reader != null && pointer(partition).isPresent();
  }

  /** See {@link RemoteReader#tryRead}. */
  public Optional<RemoteRead> tryRead(
      TopicIdPartition partition, long offset, int maxBytes, boolean atLeastOneBatch) {
    return reader()
        .tryRead(partition, requirePointer(partition), offset, maxBytes, atLeastOneBatch);
  }

  /** See {@link RemoteReader#load}. */
  public CompletableFuture<@Nullable Void> load(
      TopicIdPartition partition, long offset, Object client) {
    return reader().load(partition, requirePointer(partition), offset, client);
  }

  /** See {@link RemoteReader#offsetForTimestamp}; empty where nothing is tiered. */
  public CompletableFuture<Optional<TimestampedOffset>> offsetForTimestamp(
      TopicIdPartition partition, long timestampMs, long startOffset) {
    Optional<ManifestPointer> pointer = pointer(partition);
    if (reader == null || pointer.isEmpty() || pointer.get().tieredOffset() <= startOffset) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return reader.offsetForTimestamp(partition, pointer.get(), timestampMs, startOffset);
  }

  /** See {@link RemoteReader#maxTimestamp}; empty where nothing is tiered. */
  public CompletableFuture<Optional<TimestampedOffset>> maxTimestamp(
      TopicIdPartition partition, long startOffset) {
    Optional<ManifestPointer> pointer = pointer(partition);
    if (reader == null || pointer.isEmpty() || pointer.get().tieredOffset() <= startOffset) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return reader.maxTimestamp(partition, pointer.get(), startOffset);
  }

  /** See {@link RemoteReader#endOffsetForEpoch}; undefined where nothing is tiered. */
  public CompletableFuture<EpochEnd> endOffsetForEpoch(
      TopicIdPartition partition, int leaderEpoch) {
    Optional<ManifestPointer> pointer = pointer(partition);
    if (reader == null || pointer.isEmpty()) {
      return CompletableFuture.completedFuture(EpochEnd.UNDEFINED);
    }
    return reader.endOffsetForEpoch(partition, pointer.get(), leaderEpoch);
  }

  /** See {@link RemoteReader#decidedOffset}. */
  public CompletableFuture<Long> decidedOffset(TopicIdPartition partition) {
    return reader().decidedOffset(partition, requirePointer(partition));
  }

  private RemoteReader reader() {
    if (reader == null) {
      throw new KafkaStorageException("This node has no object store (tiering.store)");
    }
    return reader;
  }

  private ManifestPointer requirePointer(TopicIdPartition partition) {
    return pointer(partition)
        .orElseThrow(
            () -> new KafkaStorageException("No manifest of " + partition + " is known here"));
  }

  private Optional<ManifestPointer> pointer(TopicIdPartition partition) {
    return cluster.image().partition(partition).flatMap(ColdReads::pointer);
  }

  /** The image's pointer in the cold tier's own type. */
  static Optional<ManifestPointer> pointer(PartitionImage partition) {
    return Optional.ofNullable(partition.manifest())
        .map(manifest ->
            new ManifestPointer(
                manifest.version(),
                manifest.uuid(),
                manifest.tieredOffset(),
                manifest.sizeBytes(),
                manifest.crc32c()));
  }
}
