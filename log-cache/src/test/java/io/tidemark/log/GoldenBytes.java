package io.tidemark.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Compares bytes with what is written down in a test, so that no format changes unnoticed. */
public final class GoldenBytes {
  private GoldenBytes() {}

  /** From position to limit; blanks in the hexadecimal text are for the reader. */
  public static void assertBytes(ByteBuffer actual, String hex) {
    byte[] bytes = new byte[actual.remaining()];
    actual.duplicate().get(bytes);
    assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(hex.replaceAll("\\s", ""));
  }

  public static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  /** Checks that no single flipped bit and no cut passes for the whole. */
  public static void assertDamageIsNoticed(
      ByteBuffer whole, java.util.function.Predicate<byte[]> passes) {
    byte[] bytes = bytes(whole);
    assertThat(passes.test(bytes)).isTrue();
    for (int bit = 0; bit < 8 * bytes.length; bit++) {
      byte[] damaged = bytes.clone();
      damaged[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThat(passes.test(damaged)).as("bit " + bit).isFalse();
    }
    for (int length = 0; length < bytes.length; length++) {
      assertThat(passes.test(java.util.Arrays.copyOf(bytes, length))).as("cut").isFalse();
    }
  }
}
