package io.tidemark.gateway.net;

import io.tidemark.log.partition.LogSlice;
import io.tidemark.log.record.RecordsPayload;
import io.tidemark.log.record.WireRecords;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiMessage;

/** Finds the log slices of a response that will not be written, to give them back. */
final class ResponseSlices {
  private ResponseSlices() {}

  /** Only fetch responses carry records. */
  static void release(ApiMessage body) {
    if (!(body instanceof FetchResponseData fetch)) {
      return;
    }
    for (var topic : fetch.responses()) {
      for (var partition : topic.partitions()) {
        if (WireRecords.payload(partition.records()) instanceof LogSlice slice) {
          slice.release();
        }
      }
    }
  }

  static LogSlice slice(RecordsPayload payload) {
    if (payload instanceof LogSlice slice) {
      return slice;
    }
    throw new IllegalStateException("Records to send must be a LogSlice: " + payload.getClass());
  }
}
