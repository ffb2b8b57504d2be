package io.tidemark.log.validate;

import io.tidemark.log.AppendOrigin;
import io.tidemark.log.LogConfig;
import java.nio.ByteBuffer;
import org.apache.kafka.common.utils.Time;

/** Decides whether batches may be appended. Safe from any thread. */
public final class BatchValidator {

  public BatchValidator(Time time) {}

  /**
   * Checks the batches in [position, limit) of the buffer; may change timestamps and CRC in place. The result holds the same buffer, or a new one
   * when the batches had to be compressed anew.
   */
  public ValidatedBatches validate(ByteBuffer batches, LogConfig config, AppendOrigin origin) throws InvalidBatchException {
    throw new UnsupportedOperationException();
  }
}
