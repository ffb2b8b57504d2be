package io.tidemark.log.clean;

import java.nio.ByteBuffer;

/**
 * SipHash-2-4 with 128 bits of result: tells keys apart by 16 bytes, whatever their length. The
 * secret makes sure that nobody can choose two keys that are taken for one, of which one would be
 * lost. The result of the last call is in {@link #high} and {@link #low}. Not thread-safe.
 *
 * @see <a href="https://github.com/veorq/SipHash">the reference implementation and its vectors</a>
 */
final class KeyHash {
  private final long k0;
  private final long k1;
  private long v0;
  private long v1;
  private long v2;
  private long v3;
  private long low;
  private long high;

  KeyHash(long k0, long k1) {
    this.k0 = k0;
    this.k1 = k1;
  }

  /** The first eight bytes of the result, little-endian. */
  long low() {
    return low;
  }

  /** The last eight bytes of the result, little-endian. */
  long high() {
    return high;
  }

  /** Hashes the buffer from its position to its limit, and moves neither. */
  void hash(ByteBuffer key) {
    v0 = k0 ^ 0x736f6d6570736575L;
    v1 = k1 ^ 0x646f72616e646f6dL ^ 0xee;
    v2 = k0 ^ 0x6c7967656e657261L;
    v3 = k1 ^ 0x7465646279746573L;
    int end = key.limit();
    int at = key.position();
    for (; at + Long.BYTES <= end; at += Long.BYTES) {
      mix(Long.reverseBytes(key.getLong(at)));
    }
    long last = (long) key.remaining() << 56;
    for (int shift = 0; at < end; at++, shift += 8) {
      last |= (key.get(at) & 0xffL) << shift;
    }
    mix(last);
    v2 ^= 0xee;
    rounds(4);
    low = v0 ^ v1 ^ v2 ^ v3;
    v1 ^= 0xdd;
    rounds(4);
    high = v0 ^ v1 ^ v2 ^ v3;
  }

  private void mix(long word) {
    v3 ^= word;
    rounds(2);
    v0 ^= word;
  }

  private void rounds(int count) {
    for (int i = 0; i < count; i++) {
      v0 += v1;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v3;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 += v3;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 += v1;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v2 = Long.rotateLeft(v2, 32);
    }
  }
}
