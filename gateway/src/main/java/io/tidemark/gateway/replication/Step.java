package io.tidemark.gateway.replication;

import io.tidemark.log.epoch.EpochEnd;
import io.tidemark.log.replica.LeaderProgress;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.Errors;

/** What is to be done with a partition after an answer. The partition works until it is done. */
sealed interface Step {
  FollowedPartition partition();

  /** Append what came, be it nothing, and take over how far the leader has committed. */
  record Append(FollowedPartition partition, ByteBuffer batches, LeaderProgress leader)
      implements Step {}

  /** Cut the log: the leader has another history from there on. */
  record Truncate(FollowedPartition partition, EpochEnd leaderEnd) implements Step {}

  /** The leader has deleted what comes next for good: begin at its log start. */
  record StartAtLeader(FollowedPartition partition, long leaderLogStartOffset) implements Step {}

  /** What comes next is in the bucket: begin at the tiered offset. */
  record StartAtTier(FollowedPartition partition) implements Step {}

  /** Nothing but to tell it: the partition is tried again later. */
  record Failed(FollowedPartition partition, Errors error) implements Step {}
}
