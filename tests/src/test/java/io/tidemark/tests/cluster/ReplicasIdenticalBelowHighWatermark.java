package io.tidemark.tests.cluster;

import io.tidemark.gateway.node.ListeningCore;
import io.tidemark.log.partition.LogSlice;
import io.tidemark.log.record.RecordBatchHeader;
import io.tidemark.log.replica.Isolation;
import io.tidemark.log.replica.ReadRequest;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaRead;
import io.tidemark.log.replica.ReplicaView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.ApiException;

/**
 * One offset below a high watermark, one batch: on every replica, at any time, for ever. What was
 * once below the high watermark of any replica is remembered, and every replica's bytes below its
 * own are compared with it. (I3)
 */
final class ReplicasIdenticalBelowHighWatermark implements Theorem {
  private static final int READ_BYTES = 1 << 20;

  /** One batch, told from any other. */
  private record Batch(long nextOffset, int leaderEpoch, long crc) {}

  /** How far a life of a replica has been compared. */
  private record Reader(TopicIdPartition partition, ListeningCore life) {}

  private final SimulatedCluster cluster;
  private final Map<TopicIdPartition, TreeMap<Long, Batch>> committed = new HashMap<>();
  private final Map<Reader, Long> compared = new HashMap<>();

  ReplicasIdenticalBelowHighWatermark(SimulatedCluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public void check() {
    for (ClusterMachine machine : cluster.machines()) {
      machine.node().ifPresent(node -> check(machine, node));
    }
  }

  private void check(ClusterMachine machine, ListeningCore node) {
    for (Replica replica : node.replicas().all()) {
      if (replica.id().topic().startsWith("__") || !replica.view().isOnline()) {
        continue; // compaction rewrites batches of internal topics
      }
      try {
        check(machine, new Reader(replica.id(), node), replica);
      } catch (IOException | ApiException e) {
        // Its disk does not let it be read now.
      }
    }
  }

  private void check(ClusterMachine machine, Reader reader, Replica replica) throws IOException {
    ReplicaView view = replica.view();
    long at = Math.max(view.localLogStartOffset(), compared.getOrDefault(reader, 0L));
    at = Math.min(at, view.highWatermark());
    while (at < view.highWatermark()) {
      long next = compare(machine, replica, at);
      if (next <= at) {
        break;
      }
      at = next;
    }
    compared.put(reader, at);
  }

  private long compare(ClusterMachine machine, Replica replica, long from) throws IOException {
    ReplicaRead read =
        replica.read(
            new ReadRequest(from, READ_BYTES, true, Isolation.HIGH_WATERMARK, -1, -1, false));
    LogSlice slice = read.slice();
    if (slice == null) {
      return from;
    }
    ByteBuffer bytes;
    try {
      bytes = slice.toBuffer();
    } finally {
      read.release();
    }
    TreeMap<Long, Batch> known = committed.computeIfAbsent(replica.id(), id -> new TreeMap<>());
    RecordBatchHeader header = new RecordBatchHeader();
    long next = from;
    int position = 0;
    while (position + RecordBatchHeader.SIZE_BYTES <= bytes.limit()) {
      header.wrap(bytes, position);
      if (position + header.sizeBytes() > bytes.limit()
          || header.nextOffset() > replica.view().highWatermark()) {
        break;
      }
      Batch batch = new Batch(header.nextOffset(), header.leaderEpoch(), header.crc());
      Batch before = known.putIfAbsent(header.baseOffset(), batch);
      if (before != null && !before.equals(batch)) {
        throw new AssertionError(
            "%s at %d was committed as %s, node %d has %s below its high watermark %d"
                .formatted(
                    replica.id(),
                    header.baseOffset(),
                    before,
                    machine.id(),
                    batch,
                    replica.view().highWatermark()));
      }
      next = header.nextOffset();
      position += header.sizeBytes();
    }
    return next;
  }
}
