package io.tidemark.gateway.net;

import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.RecordsSend;

/** Placeholder until LogSlice lands. */
public final class SliceRecords implements BaseRecords {
  @Override
  public int sizeInBytes() {
    return 0;
  }

  @Override
  public RecordsSend<? extends BaseRecords> toSend() {
    throw new UnsupportedOperationException();
  }
}
