package io.tidemark.bench.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Record values of one size, made once and sent in turn; the same in every run. */
final class Payloads {
  private static final int COUNT = 1024;
  private static final long SEED = 20_261_120;
  private static final String[] WORDS = {
    "order", "customer", "amount", "currency", "status", "shipped", "pending", "street", "city"
  };

  private final byte[][] values;
  private int next;

  private Payloads(byte[][] values) {
    this.values = values;
  }

  /** Bytes that no codec makes smaller. */
  static Payloads random(int size) {
    RandomGenerator random = new SplittableRandom(SEED);
    byte[][] values = new byte[COUNT][size];
    for (byte[] value : values) {
      random.nextBytes(value);
    }
    return new Payloads(values);
  }

  /** Text like JSON events, which lz4 makes about half as large. */
  static Payloads text(int size) {
    RandomGenerator random = new SplittableRandom(SEED);
    byte[][] values = new byte[COUNT][size];
    for (byte[] value : values) {
      ByteBuffer text = ByteBuffer.wrap(value);
      while (text.hasRemaining()) {
        String word = WORDS[random.nextInt(WORDS.length)];
        String pair = '"' + word + "\":\"" + Long.toHexString(random.nextLong()) + "\",";
        text.put(pair.getBytes(StandardCharsets.US_ASCII), 0, fit(pair, text));
      }
    }
    return new Payloads(values);
  }

  byte[] next() {
    next = (next + 1) % COUNT;
    return values[next];
  }

  private static int fit(String pair, ByteBuffer text) {
    return Math.min(pair.length(), text.remaining());
  }
}
