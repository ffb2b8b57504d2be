package io.tidemark.log.record;

import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.Writable;
import org.apache.kafka.common.record.internal.BaseRecords;

/** An encoder's target that takes records as payloads, so that it need not know Kafka's classes. */
public abstract class PayloadWritable implements Writable {

  /** Adds records that stay where they are until the response leaves. */
  protected abstract void writePayload(RecordsPayload payload);

  /** Adds records that lie in memory. */
  protected abstract void writeInMemory(ByteBuffer batches);

  @Override
  public final void writeRecords(BaseRecords records) {
    RecordsPayload payload = WireRecords.payload(records);
    if (payload != null) {
      writePayload(payload);
      return;
    }
    ByteBuffer bytes = WireRecords.bytes(records);
    if (bytes != null) {
      writeInMemory(bytes);
    }
  }
}
