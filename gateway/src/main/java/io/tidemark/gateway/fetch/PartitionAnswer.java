package io.tidemark.gateway.fetch;

import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * What one look at a partition found, ready for the response.
 *
 * @param view where things stood when it was read; null where there was an error
 * @param sizeBytes of the records
 * @param wasCut whether the partition was looked at without room for its records
 * @param onDiscard gives back the records where they are not sent
 * @param standing who tells of what comes next
 * @param onAnswer called when a response has told all of it
 * @param throttleTimeMs how long its leader wants the client to wait
 */
record PartitionAnswer(
    FetchedPartition partition,
    PartitionData data,
    @Nullable SeenOffsets view,
    int sizeBytes,
    boolean wasCut,
    Runnable onDiscard,
    Standing standing,
    Runnable onAnswer,
    int throttleTimeMs) {

  /** How the session learns that there is something new. */
  enum Standing {
    /** The replica is here and watched. */
    WATCHED,
    /** It has to look again: its leader, or the bucket, was asked and has not answered yet. */
    ASKED,
    /** Its leader has answered, having waited as the client wanted: so the client is answered. */
    ARRIVED
  }

  /** Of a replica that is here. */
  PartitionAnswer(
      FetchedPartition partition,
      PartitionData data,
      @Nullable SeenOffsets view,
      int sizeBytes,
      boolean wasCut,
      Runnable onDiscard) {
    this(partition, data, view, sizeBytes, wasCut, onDiscard, Standing.WATCHED, () -> {}, 0);
  }

  /** The same, of a partition whose replicas are elsewhere and have not answered. */
  PartitionAnswer asked() {
    return new PartitionAnswer(
        partition, data, view, sizeBytes, wasCut, onDiscard, Standing.ASKED, () -> {}, 0);
  }

  /** The same, as its leader has answered. */
  PartitionAnswer arrived(LeaderFetch.Arrived from) {
    return new PartitionAnswer(
        partition,
        data,
        view,
        sizeBytes,
        wasCut,
        onDiscard,
        Standing.ARRIVED,
        from.taken(),
        from.throttleTimeMs());
  }

  /** The same with something more to do where it is not sent. */
  PartitionAnswer alsoOnDiscard(Runnable more) {
    Runnable both =
        () -> {
          onDiscard.run();
          more.run();
        };
    return new PartitionAnswer(
        partition, data, view, sizeBytes, wasCut, both, standing, onAnswer, throttleTimeMs);
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

  /** Whether a request is answered with it, news or not. */
  boolean endsWait() {
    return isUrgent() || standing == Standing.ARRIVED;
  }

  /** Whether a client in an incremental session must see it. */
  boolean isNews() {
    return sizeBytes > 0 || isUrgent() || view == null || (!isSilent() && partition.hasNews(view));
  }

  /** Whether nothing is known yet, so that nothing can be told. */
  boolean isSilent() {
    return standing == Standing.ASKED && sizeBytes == 0 && !isUrgent();
  }

  /** Whether there may be more to tell at once, without anything having changed. */
  boolean mayHaveMore() {
    return sizeBytes > 0 || isUrgent() || wasCut || standing != Standing.WATCHED;
  }
}
