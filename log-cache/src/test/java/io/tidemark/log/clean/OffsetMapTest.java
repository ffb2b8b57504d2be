package io.tidemark.log.clean;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class OffsetMapTest {
  private static ByteBuffer key(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void knowsTheNewestOffsetOfEachKey() {
    SplittableRandom random = new SplittableRandom(7);
    OffsetMap map = new OffsetMap(new KeyHash(1, 2), 2_000, 0.9);
    Map<String, Long> model = new HashMap<>();
    for (long offset = 0; offset < 20_000; offset++) {
      String key = "key-" + random.nextInt(1_500);
      assertThat(map.put(key(key), offset)).isTrue();
      model.put(key, offset);
    }
    assertThat(map.size()).isEqualTo(model.size());
    model.forEach((key, offset) -> assertThat(map.get(key(key))).isEqualTo(offset));
    assertThat(map.get(key("another"))).isEqualTo(OffsetMap.ABSENT);
  }

  @Test
  void aFullMapTakesNoNewKeyAndGoesOnWithThoseItHas() {
    OffsetMap map = new OffsetMap(new KeyHash(1, 2), 10, 0.5);
    for (int i = 0; i < 5; i++) {
      assertThat(map.put(key("key-" + i), i)).isTrue();
    }
    assertThat(map.put(key("one more"), 5)).isFalse();
    assertThat(map.put(key("key-3"), 6)).isTrue();
    assertThat(map.get(key("key-3"))).isEqualTo(6);
    assertThat(map.get(key("one more"))).isEqualTo(OffsetMap.ABSENT);
  }

  @Test
  void theSmallestMapHoldsOneKey() {
    OffsetMap map = new OffsetMap(new KeyHash(1, 2), 2, 0.9);
    assertThat(map.put(key("a"), 0)).isTrue();
    assertThat(map.put(key("b"), 1)).isFalse();
    assertThat(map.get(key("b"))).isEqualTo(OffsetMap.ABSENT);
  }

  @Test
  void asManySlotsAsAreSaidToSufficeDo() {
    for (int keys = 1; keys < 200; keys++) {
      OffsetMap map = new OffsetMap(new KeyHash(3, 4), (int) OffsetMap.slotsFor(keys, 0.9), 0.9);
      for (int i = 0; i < keys; i++) {
        assertThat(map.put(key("key-" + i), i)).as("%d keys", keys).isTrue();
      }
    }
  }
}
