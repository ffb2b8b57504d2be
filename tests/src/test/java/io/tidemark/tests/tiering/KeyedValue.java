package io.tidemark.tests.tiering;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A record of a compacted topic, as text {@code key=value}; without a value it is a tombstone. */
record KeyedValue(String key, @Nullable String value) {
  static KeyedValue parse(String text) {
    int at = text.indexOf('=');
    String value = text.substring(at + 1);
    return new KeyedValue(text.substring(0, at), value.isEmpty() ? null : value);
  }

  static KeyedValue of(ByteBuffer key, @Nullable ByteBuffer value) {
    return new KeyedValue(text(key), value == null ? null : text(value));
  }

  private static String text(ByteBuffer bytes) {
    return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
  }

  byte[] keyBytes() {
    return key.getBytes(StandardCharsets.UTF_8);
  }

  byte @Nullable [] valueBytes() {
    return value == null ? null : value.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return key + "=" + (value == null ? "" : value);
  }
}
