package io.tidemark.log.clean;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyHashTest {
  /** The key of the reference vectors: the bytes 00 to 0f. */
  private final KeyHash hash = new KeyHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

  private String hashed(ByteBuffer key) {
    hash.hash(key);
    ByteBuffer result = ByteBuffer.allocate(16);
    result.putLong(Long.reverseBytes(hash.low())).putLong(Long.reverseBytes(hash.high()));
    return HexFormat.of().formatHex(result.array());
  }

  private static ByteBuffer bytes(int count) {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    for (int i = 0; i < count; i++) {
      bytes.put((byte) i);
    }
    return bytes.flip();
  }

  @ParameterizedTest
  @CsvSource({
    "0, a3817f04ba25a8e66df67214c7550293",
    "1, da87c1d86b99af44347659119b22fc45",
    "2, 8177228da4a45dc7fca38bdef60affe4",
    "3, 9c70b60c5267a94e5f33b6b02985ed51"
  })
  void agreesWithTheReference(int count, String expected) {
    assertThat(hashed(bytes(count))).isEqualTo(expected);
  }

  @Test
  void readsFromPositionToLimitAndMovesNeither() {
    ByteBuffer whole = bytes(40);
    ByteBuffer part = whole.duplicate().position(7).limit(31);
    ByteBuffer copy = ByteBuffer.allocateDirect(24).put(part.duplicate()).flip();
    assertThat(hashed(part)).isEqualTo(hashed(copy));
    assertThat(part.position()).isEqualTo(7);
    assertThat(part.limit()).isEqualTo(31);
  }
}
