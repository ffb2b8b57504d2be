package io.tidemark.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.EnvelopeRequestData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.junit.jupiter.api.Test;

class EnvelopePeekTest {

  private static byte[] envelope(String clientId, int innerBytes, ApiKeys inside) {
    ByteBuffer inner = ByteBuffer.allocate(innerBytes);
    if (innerBytes >= 2) {
      inner.putShort(0, inside.id);
    }
    RequestHeaderData header =
        new RequestHeaderData()
            .setRequestApiKey(ApiKeys.ENVELOPE.id)
            .setCorrelationId(7)
            .setClientId(clientId);
    EnvelopeRequestData body =
        new EnvelopeRequestData()
            .setRequestData(inner)
            .setRequestPrincipal(new byte[3])
            .setClientHostAddress(new byte[4]);
    ObjectSerializationCache cache = new ObjectSerializationCache();
    int size = header.size(cache, (short) 2) + body.size(cache, (short) 0);
    ByteBufferAccessor frame = new ByteBufferAccessor(ByteBuffer.allocate(size));
    header.write(frame, cache, (short) 2);
    body.write(frame, cache, (short) 0);
    return frame.buffer().array();
  }

  private static short peek(byte[] frame, int size) {
    ByteBuf bytes = Unpooled.buffer().writeLong(0).writeBytes(frame);
    return EnvelopePeek.innerKey(bytes, Long.BYTES, size);
  }

  @Test
  void whatIsInsideIsSeenWhateverItsSizeAndTheClientsName() {
    for (String name : new String[] {"", "gateway-11", null}) {
      for (int size : new int[] {2, 100, 20_000}) {
        byte[] frame = envelope(name, size, ApiKeys.FETCH);
        assertThat(peek(frame, frame.length)).isEqualTo(ApiKeys.FETCH.id);
      }
    }
  }

  @Test
  void nothingIsReadBeyondTheFrame() {
    byte[] frame = envelope("gateway-11", 2, ApiKeys.PRODUCE);
    int keyEndsAt = frame.length - 1 - 3 - 1 - 4 - 1;
    for (int size = 0; size < keyEndsAt; size++) {
      assertThat(peek(frame, size)).as("of %d bytes", size).isEqualTo(EnvelopePeek.NONE);
    }
  }

  @Test
  void anEmptyEnvelopeHasNothingInside() {
    byte[] frame = envelope("gateway-11", 0, ApiKeys.PRODUCE);
    assertThat(peek(frame, frame.length)).isNotEqualTo(ApiKeys.PRODUCE.id);
  }
}
