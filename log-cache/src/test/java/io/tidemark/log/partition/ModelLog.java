package io.tidemark.log.partition;

import io.tidemark.log.producer.ProducerBatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a log should hold, kept in the simplest way: a list of batches. */
final class ModelLog {
  private final List<Batch> batches = new ArrayList<>();
  private long baseOffset;

  /** Batches with one producer or none (-1); every record of a batch has the batch's time. */
  record Batch(
      long baseOffset,
      int epoch,
      long timestampMs,
      List<String> values,
      long producerId,
      int baseSequence) {
    long nextOffset() {
      return baseOffset + values.size();
    }
  }

  long endOffset() {
    return batches.isEmpty() ? baseOffset : batches.getLast().nextOffset();
  }

  void add(Batch batch) {
    batches.add(batch);
  }

  /** Keeps the batches that end at or before the offset. */
  void truncate(long offset) {
    batches.removeIf(batch -> batch.nextOffset() > offset);
    baseOffset = Math.min(baseOffset, offset);
  }

  void startAt(long offset) {
    batches.clear();
    baseOffset = offset;
  }

  List<Batch> from(long offset) {
    return batches.stream().filter(batch -> batch.baseOffset() >= offset).toList();
  }

  List<String> valuesFrom(long offset) {
    return from(offset).stream().flatMap(batch -> batch.values().stream()).toList();
  }

  /** The largest end of a batch at or below an offset. */
  long boundary(long offset) {
    long end = baseOffset;
    for (Batch batch : batches) {
      if (batch.nextOffset() <= offset) {
        end = batch.nextOffset();
      }
    }
    return end;
  }

  /** The last ten batches of each producer. */
  Map<Long, List<ProducerBatch>> producers() {
    Map<Long, List<ProducerBatch>> remembered = new LinkedHashMap<>();
    for (Batch batch : batches) {
      if (batch.producerId() >= 0) {
        int count = batch.values().size();
        List<ProducerBatch> own =
            remembered.computeIfAbsent(batch.producerId(), id -> new ArrayList<>());
        own.add(
            new ProducerBatch(
                batch.baseSequence() + count - 1,
                batch.nextOffset() - 1,
                count - 1,
                batch.timestampMs()));
        if (own.size() > 10) {
          own.removeFirst();
        }
      }
    }
    return remembered;
  }
}
