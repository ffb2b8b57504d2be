package io.tidemark.log.validate;

import io.tidemark.log.AppendOrigin;
import java.nio.ByteBuffer;

/**
 * Batches that may be appended. The buffer's range [position, limit) holds whole batches; for
 * {@link AppendOrigin#CLIENT} and {@link AppendOrigin#COORDINATOR} with record offsets 0..n-1 in
 * each, their base offset and leader epoch still to be set in place.
 *
 * @param buffer written to while appending; the caller keeps it alive until {@code
 *     AppendListener.appended}
 * @param batchCount number of batches
 * @param recordCount number of records over all batches
 */
public record ValidatedBatches(
    ByteBuffer buffer, AppendOrigin origin, int batchCount, int recordCount) {

  public int sizeBytes() {
    return buffer.remaining();
  }
}
