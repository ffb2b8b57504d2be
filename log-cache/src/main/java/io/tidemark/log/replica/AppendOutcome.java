package io.tidemark.log.replica;

import io.tidemark.log.validate.RecordError;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** What became of an append. */
public sealed interface AppendOutcome {

  /**
   * It is in the log as far as the acks asked for.
   *
   * @param baseOffset of the first record; of the original for a duplicate
   * @param lastOffset of the last record
   * @param logAppendTimeMs -1 unless the topic's timestamps are LogAppendTime
   */
  record Appended(long baseOffset, long lastOffset, long logAppendTimeMs, long logStartOffset)
      implements AppendOutcome {}

  /**
   * It was refused, or (NOT_ENOUGH_REPLICAS_AFTER_APPEND, NOT_LEADER_OR_FOLLOWER after a change of
   * leader) appended without a promise.
   *
   * @param logStartOffset -1 when unknown
   */
  record Refused(
      Errors error, @Nullable String message, List<RecordError> recordErrors, long logStartOffset)
      implements AppendOutcome {

    public Refused(Errors error, @Nullable String message, long logStartOffset) {
      this(error, message, List.of(), logStartOffset);
    }
  }
}
