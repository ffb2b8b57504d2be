package io.tidemark.log.clean;

import io.tidemark.log.record.ControlBatches;
import io.tidemark.log.record.ControlBatches.TransactionMarker;
import io.tidemark.log.record.RecordBatchHeader;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The markers in control batches, which a cleaner may have emptied. Stateless. */
final class Markers {
  private Markers() {}

  /** Null when the batch is empty or controls something else. */
  static @Nullable TransactionMarker of(ByteBuffer buffer, RecordBatchHeader batch) {
    return batch.count() == 0 ? null : ControlBatches.marker(buffer, batch);
  }
}
