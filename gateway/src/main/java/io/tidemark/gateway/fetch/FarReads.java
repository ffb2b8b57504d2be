package io.tidemark.gateway.fetch;

import io.tidemark.gateway.api.ColdReads;
import io.tidemark.gateway.quota.ClientQuotas;
import io.tidemark.gateway.quota.ColdQuota;
import io.tidemark.log.partition.LogSlice;
import io.tidemark.log.producer.AbortedTransaction;
import io.tidemark.log.replica.Isolation;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaRead;
import io.tidemark.log.replica.ReplicaView;
import io.tidemark.tiering.read.RemoteRead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads whose bytes are not near: in the bucket, or on a local disk outside the page cache. The
 * first look sends for them and answers nothing; a look after they have come takes them. Called on
 * the session's loop.
 */
final class FarReads {
  private static final Logger log = LoggerFactory.getLogger(FarReads.class);

  /** Until the image names a manifest that covers what the replica says is in the bucket. */
  private static final long MANIFEST_RETRY_MS = 50;

  private static final int READ_AHEAD_STEP_BYTES = 256 << 10;

  private final ColdReads coldReads;
  private final Executor diskReaders;
  private final ClientQuotas quotas;

  /**
   * @param diskReaders threads that may wait for a disk
   */
  FarReads(ColdReads coldReads, Executor diskReaders, ClientQuotas quotas) {
    this.quotas = quotas;
    this.coldReads = coldReads;
    this.diskReaders = diskReaders;
  }

  /** The slice is read ahead into the page cache; then it is as good as any other. */
  PartitionAnswer fromDisk(
      FetchedPartition partition, ReplicaRead read, Isolation isolation, boolean wasCut) {
    LogSlice slice = read.slice();
    long offset = partition.position().fetchOffset();
    SlowRead slow = partition.slowRead();
    if (slow != null && slow.isFor(offset) && slow.isUnderWay()) {
      read.release();
      return FetchAnswers.nothing(partition, SeenOffsets.of(read.view()), isolation, wasCut);
    }
    if (slice == null || (slow != null && slow.isFor(offset)) || !readAhead(partition, slice)) {
      partition.readBy(null);
      return FetchAnswers.of(partition, read, isolation, wasCut);
    }
    return FetchAnswers.nothing(partition, SeenOffsets.of(read.view()), isolation, wasCut);
  }

  /** Takes over the slice when it returns true. */
  private boolean readAhead(FetchedPartition partition, LogSlice slice) {
    try {
      CompletableFuture<?> arrival = CompletableFuture.runAsync(() -> touch(slice), diskReaders);
      partition.readBy(SlowRead.follow(partition, partition.position().fetchOffset(), arrival));
      return true;
    } catch (RejectedExecutionException busy) {
      return false;
    }
  }

  private static void touch(LogSlice slice) {
    try {
      ByteBuffer step =
          ByteBuffer.allocateDirect(Math.min(READ_AHEAD_STEP_BYTES, slice.sizeBytes()));
      for (int position = 0; position < slice.sizeBytes(); position += step.capacity()) {
        slice.read(step.clear(), position);
      }
    } catch (IOException e) {
      log.warn("Reading ahead failed: {}", e.getMessage());
    } finally {
      slice.release();
    }
  }

  PartitionAnswer fromBucket(
      FetchedPartition partition,
      Replica replica,
      ReplicaView view,
      FetchParameters fetch,
      int maxBytes,
      boolean atLeastOneBatch) {
    TopicIdPartition id = replica.id();
    boolean wasCut = maxBytes <= 0 && !atLeastOneBatch;
    long offset = partition.position().fetchOffset();
    SlowRead slow = partition.slowRead();
    if (wasCut || (slow != null && slow.isFor(offset) && slow.isUnderWay())) {
      return FetchAnswers.nothing(partition, SeenOffsets.of(view), fetch.isolation(), wasCut);
    }
    Throwable failure = slow != null && slow.isFor(offset) ? slow.failure() : null;
    partition.readBy(null);
    if (failure != null) {
      return failed(partition, id, offset, failure);
    }
    try {
      return takeOrLoad(partition, replica, view, fetch, maxBytes, atLeastOneBatch);
    } catch (ApiException e) {
      return failed(partition, id, offset, e);
    }
  }

  private PartitionAnswer takeOrLoad(
      FetchedPartition partition,
      Replica replica,
      ReplicaView view,
      FetchParameters fetch,
      int maxBytes,
      boolean atLeastOneBatch) {
    TopicIdPartition id = replica.id();
    long offset = partition.position().fetchOffset();
    ColdClient client = ColdClient.of(fetch);
    ColdQuota quota = quotas.cold(client.user(), client.clientId());
    long waitMs = coldReads.covers(id, offset) ? quota.waitMs() : MANIFEST_RETRY_MS;
    if (waitMs > 0) {
      partition.readBy(SlowRead.follow(partition, offset, delay(partition, waitMs)));
      return FetchAnswers.nothing(partition, SeenOffsets.of(view), fetch.isolation(), false);
    }
    long tieredOffset = coldReads.tieredOffset(id);
    Optional<RemoteRead> near = coldReads.tryRead(id, offset, maxBytes, atLeastOneBatch);
    if (near.isPresent()) {
      return charged(
          answer(partition, replica, view, near.get(), tieredOffset, fetch.isolation()), quota);
    }
    quota.asked();
    partition.readBy(SlowRead.follow(partition, offset, coldReads.load(id, offset, client)));
    return FetchAnswers.nothing(partition, SeenOffsets.of(view), fetch.isolation(), false);
  }

  /**
   * A transaction with records in the bucket may have been aborted by a marker that is not there
   * yet: those of the hot log are told too.
   *
   * @param tieredOffset from where on markers are not looked for in the bucket, at most
   */
  private static PartitionAnswer answer(
      FetchedPartition partition,
      Replica replica,
      ReplicaView view,
      RemoteRead read,
      long tieredOffset,
      Isolation isolation) {
    if (isolation != Isolation.COMMITTED || read.sizeBytes() == 0) {
      return FetchAnswers.of(partition, SeenOffsets.of(view), read, isolation);
    }
    List<AbortedTransaction> hot;
    try {
      hot = replica.abortedTransactions(read.baseOffset(), read.nextOffset());
    } catch (RuntimeException e) {
      read.release();
      throw e;
    }
    if (replica.localLogStartOffset() > tieredOffset) {
      // A segment has left the disk between the two looks, and its markers with it.
      read.release();
      partition.readBy(
          SlowRead.follow(
              partition, partition.position().fetchOffset(), delay(partition, MANIFEST_RETRY_MS)));
      return FetchAnswers.nothing(partition, SeenOffsets.of(view), isolation, false);
    }
    return FetchAnswers.of(partition, SeenOffsets.of(view), read.withAborted(hot), isolation);
  }

  /** What is not sent after all is not counted. */
  static PartitionAnswer charged(PartitionAnswer answer, ColdQuota quota) {
    if (answer.sizeBytes() == 0 || !quota.countsBytes()) {
      return answer;
    }
    quota.answered(answer.sizeBytes());
    return answer.alsoOnDiscard(() -> quota.answered(-answer.sizeBytes()));
  }

  static CompletableFuture<?> delay(FetchedPartition partition, long delayMs) {
    CompletableFuture<Boolean> due = new CompletableFuture<>();
    partition.session.loop().schedule(() -> due.complete(true), delayMs, TimeUnit.MILLISECONDS);
    return due;
  }

  /**
   * Always a retriable error: the replica is the one who says which offsets exist, so an offset it
   * knows and the bucket does not is a fault of ours, never a reason for the client to start over
   * elsewhere.
   */
  static PartitionAnswer failed(
      FetchedPartition partition, TopicIdPartition id, long offset, Throwable failure) {
    log.warn("Reading {} at offset {} from the store failed: {}", id, offset, failure.toString());
    return new PartitionAnswer(
        partition,
        FetchAnswers.error(id.partition(), Errors.KAFKA_STORAGE_ERROR),
        null,
        0,
        false,
        () -> {});
  }
}
