package io.tidemark.gateway.fetch;

import io.tidemark.log.replica.ReplicaView;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * What one look at a partition found, ready for the response.
 *
 * @param view the replica as it was read; null where there was an error
 * @param sizeBytes of the records
 * @param wasCut whether the partition was looked at without room for its records
 * @param onDiscard gives back the records where they are not sent
 */
record PartitionAnswer(
    FetchedPartition partition,
    PartitionData data,
    @Nullable ReplicaView view,
    int sizeBytes,
    boolean wasCut,
    Runnable onDiscard) {

  /** The same with something more to do where it is not sent. */
  PartitionAnswer alsoOnDiscard(Runnable more) {
    Runnable both =
        () -> {
          onDiscard.run();
          more.run();
        };
    return new PartitionAnswer(partition, data, view, sizeBytes, wasCut, both);
  }

  boolean isError() {
    return data.errorCode() != Errors.NONE.code();
  }

  boolean isDiverging() {
    return data.divergingEpoch().epoch() >= 0;
  }

  /** Whether the consumer is to ask another replica. */
  boolean isElsewhere() {
    return data.preferredReadReplica() >= 0;
  }

  /** A request is answered at once for it, whatever it waits for. */
  boolean isUrgent() {
    return isError() || isDiverging() || isElsewhere();
  }

  /** Whether a client in an incremental session must see it. */
  boolean isNews() {
    return sizeBytes > 0 || isUrgent() || view == null || partition.hasNews(view);
  }

  /** Whether there may be more to tell at once, without anything having changed. */
  boolean mayHaveMore() {
    return sizeBytes > 0 || isUrgent() || wasCut;
  }
}
