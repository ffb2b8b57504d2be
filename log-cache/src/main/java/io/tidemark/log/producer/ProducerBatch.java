package io.tidemark.log.producer;

import io.tidemark.log.record.Sequence;

/**
 * A batch a producer wrote, remembered so that its repetition is known.
 *
 * @param lastSequence of its last record
 * @param lastOffset of its last record
 * @param offsetDelta last offset minus first
 * @param timestampMs the largest in the batch
 */
public record ProducerBatch(int lastSequence, long lastOffset, int offsetDelta, long timestampMs) {
  public int firstSequence() {
    return Sequence.plus(lastSequence, -offsetDelta);
  }

  public long firstOffset() {
    return lastOffset - offsetDelta;
  }
}
