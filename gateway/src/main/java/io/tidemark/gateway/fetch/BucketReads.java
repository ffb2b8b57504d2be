package io.tidemark.gateway.fetch;

import io.tidemark.gateway.api.ColdReads;
import io.tidemark.gateway.quota.ClientQuotas;
import io.tidemark.gateway.quota.ColdQuota;
import io.tidemark.log.replica.Isolation;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.tiering.read.RemoteRead;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.ApiException;
import org.jspecify.annotations.Nullable;

/**
 * Reads of the bucket by a node without replicas, which knows of a partition what its manifest
 * says: where the log starts, and that everything up to the tiered offset is there and committed.
 *
 * <p>A transaction that was open where the tier ends may have been aborted by a marker that is not
 * there yet. Read-committed consumers are answered up to where the first such transaction begins;
 * the rest is the leader's matter, who has the marker. Called on the session's loop.
 */
final class BucketReads {
  private static final long NOT_KNOWN = -1;

  /** Past it all are asked for anew. */
  private static final int MAX_REMEMBERED = 100_000;

  /** Up to where everything was decided when a manifest was current. */
  private record Decided(long manifestVersion, long offset) {}

  private final ColdReads coldReads;
  private final ClientQuotas quotas;
  private final Map<TopicIdPartition, Decided> decided = new ConcurrentHashMap<>();

  BucketReads(ColdReads coldReads, ClientQuotas quotas) {
    this.coldReads = coldReads;
    this.quotas = quotas;
  }

  /** Whether the client stands where the bucket has the log, as far as is known here. */
  boolean mayHave(
      FetchedPartition partition,
      TopicIdPartition id,
      PartitionImage known,
      FetchParameters fetch) {
    long offset = partition.position().fetchOffset();
    if (offset < known.logStartOffset() || !coldReads.has(id) || !coldReads.covers(id, offset)) {
      return false;
    }
    return fetch.isolation() != Isolation.COMMITTED
        || offset < decidedUpTo(id)
        || !isOfThis(decided.get(id), known);
  }

  private static boolean isOfThis(@Nullable Decided of, PartitionImage known) {
    return of != null
        && known.manifest() != null
        && of.manifestVersion >= known.manifest().version();
  }

  /** Empty when the leader must be asked after all. */
  Optional<PartitionAnswer> read(
      FetchedPartition partition,
      TopicIdPartition id,
      PartitionImage known,
      FetchParameters fetch,
      int maxBytes,
      boolean atLeastOneBatch) {
    SeenOffsets seen = offsets(partition, id, known);
    boolean wasCut = maxBytes <= 0 && !atLeastOneBatch;
    long offset = partition.position().fetchOffset();
    SlowRead slow = partition.slowRead();
    if (wasCut || (slow != null && slow.isFor(offset) && slow.isUnderWay())) {
      return Optional.of(FetchAnswers.nothing(partition, seen, fetch.isolation(), wasCut));
    }
    Throwable failure = slow != null && slow.isFor(offset) ? slow.failure() : null;
    partition.readBy(null);
    if (failure != null) {
      return Optional.of(FarReads.failed(partition, id, offset, failure));
    }
    try {
      return takeOrLoad(partition, id, known, fetch, maxBytes, atLeastOneBatch);
    } catch (ApiException e) {
      return Optional.of(FarReads.failed(partition, id, offset, e));
    }
  }

  private Optional<PartitionAnswer> takeOrLoad(
      FetchedPartition partition,
      TopicIdPartition id,
      PartitionImage known,
      FetchParameters fetch,
      int maxBytes,
      boolean atLeastOneBatch) {
    long offset = partition.position().fetchOffset();
    ColdClient client = ColdClient.of(fetch);
    ColdQuota quota = quotas.cold(client.user(), client.clientId());
    long waitMs = quota.waitMs();
    if (waitMs > 0) {
      return Optional.of(waitFor(FarReads.delay(partition, waitMs), partition, id, known, fetch));
    }
    long end = fetch.isolation() == Isolation.COMMITTED ? decidedUpTo(id) : Long.MAX_VALUE;
    if (end <= offset) { // not known, or by an older manifest
      return Optional.of(waitFor(decide(id, known), partition, id, known, fetch));
    }
    Optional<RemoteRead> near = coldReads.tryRead(id, offset, maxBytes, atLeastOneBatch);
    if (near.isPresent() && near.get().nextOffset() > end) {
      near.get().release();
      near = coldReads.tryRead(id, offset, 1, true); // the first batch alone
    }
    if (near.isEmpty()) {
      quota.asked();
      return Optional.of(waitFor(coldReads.load(id, offset, client), partition, id, known, fetch));
    }
    RemoteRead read = near.get();
    if (read.nextOffset() <= end) {
      return Optional.of(
          FarReads.charged(
              FetchAnswers.of(partition, offsets(partition, id, known), read, fetch.isolation()),
              quota));
    }
    read.release();
    return isOfThis(decided.get(id), known)
        ? Optional.empty()
        : Optional.of(waitFor(decide(id, known), partition, id, known, fetch));
  }

  private PartitionAnswer waitFor(
      CompletableFuture<?> arrival,
      FetchedPartition partition,
      TopicIdPartition id,
      PartitionImage known,
      FetchParameters fetch) {
    partition.readBy(SlowRead.follow(partition, partition.position().fetchOffset(), arrival));
    return FetchAnswers.nothing(partition, offsets(partition, id, known), fetch.isolation(), false);
  }

  private long decidedUpTo(TopicIdPartition id) {
    Decided last = decided.get(id);
    return last == null ? NOT_KNOWN : last.offset;
  }

  /** What is decided stays so: an older answer is right, only too careful. */
  private CompletableFuture<?> decide(TopicIdPartition id, PartitionImage known) {
    long version = known.manifest() == null ? 0 : known.manifest().version();
    if (decided.size() >= MAX_REMEMBERED) {
      decided.clear();
    }
    return coldReads
        .decidedOffset(id)
        .thenAccept(offset ->
            decided.merge(
                id,
                new Decided(version, offset),
                (former, latter) ->
                    former.manifestVersion > latter.manifestVersion ? former : latter));
  }

  /** The least that is certain: what is in the bucket is committed. */
  private SeenOffsets offsets(
      FetchedPartition partition, TopicIdPartition id, PartitionImage known) {
    long tieredOffset = coldReads.tieredOffset(id);
    return partition.notBelowTold(
        new SeenOffsets(id.topic(), tieredOffset, tieredOffset, known.logStartOffset()));
  }
}
