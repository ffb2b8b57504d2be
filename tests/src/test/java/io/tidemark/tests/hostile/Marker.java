package io.tidemark.tests.hostile;

import java.nio.ByteBuffer;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** A harmless request sent behind a hostile one: its answer says that the node has gone on. */
record Marker(int number) {
  private static final int MARK = 0x6d000000;

  byte[] frame() {
    return FuzzFrame.of(
            ApiKeys.API_VERSIONS, (short) 0, MARK | number, new ApiVersionsRequestData())
        .bytes();
  }

  boolean isAnsweredBy(byte[] response) {
    return ByteBuffer.wrap(response).getInt() == (MARK | number);
  }
}
