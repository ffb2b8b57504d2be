package io.tidemark.tiering.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.tiering.store.ObjectStoreException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class TopicObjectCodecTest {
  private static final TopicObject TOPIC =
      new TopicObject(
          new Uuid(1, 2), "orders", 3, 77, Map.of("retention.ms", "1000", "segment.bytes", "4096"));

  private static String hex(ByteBuffer bytes) {
    byte[] array = new byte[bytes.remaining()];
    bytes.duplicate().get(array);
    return HexFormat.of().formatHex(array);
  }

  @Test
  void goldenBytes() {
    assertThat(hex(TopicObjectCodec.encode(TOPIC)))
        .isEqualTo(
            "0801"
                + "110100000000000000"
                + "190200000000000000"
                + "22066f7264657273"
                + "2803"
                + "304d"
                + "3a14"
                + "0a0c726574656e74696f6e2e6d73"
                + "120431303030"
                + "3a15"
                + "0a0d7365676d656e742e6279746573"
                + "120434303936"
                + "5ec49889");
  }

  @Test
  void whatWasWrittenIsRead() throws Exception {
    assertThat(TopicObjectCodec.decode(TopicObjectCodec.encode(TOPIC))).isEqualTo(TOPIC);
  }

  @Test
  void everyFlippedBitIsFound() {
    ByteBuffer good = TopicObjectCodec.encode(TOPIC);
    for (int bit = 0; bit < good.limit() * 8; bit++) {
      ByteBuffer bad = ByteBuffer.allocate(good.limit()).put(good.duplicate()).flip();
      bad.put(bit / 8, (byte) (bad.get(bit / 8) ^ (1 << (bit % 8))));
      assertThatThrownBy(() -> TopicObjectCodec.decode(bad))
          .isInstanceOf(ObjectStoreException.class);
    }
  }

  @Test
  void nothingIsNoTopicObject() {
    assertThatThrownBy(() -> TopicObjectCodec.decode(ByteBuffer.allocate(3)))
        .isInstanceOf(ObjectStoreException.class);
  }
}
