package io.tidemark.gateway.net;

import io.netty.buffer.ByteBuf;

/**
 * Looks for the API that a whole frame with an envelope has inside, without decoding anything.
 *
 * <pre>
 *   key int16 (58) | version int16 | correlation id int32 | client id (int16 length, bytes)
 *   | tagged fields (varint, 0) | request (varint length + 1, bytes: key int16 …) | …
 * </pre>
 *
 * Stateless.
 */
final class EnvelopePeek {
  static final short NONE = -1;

  private static final int CLIENT_ID_AT = 8;
  private static final int SHORT_BYTES = 2;
  private static final int MAX_VARINT_BYTES = 5;

  private EnvelopePeek() {}

  /** The key inside; {@link #NONE} where it does not stand where it usually does. */
  static short innerKey(ByteBuf bytes, int start, int size) {
    int end = start + size;
    int at = start + CLIENT_ID_AT;
    if (at + SHORT_BYTES > end) {
      return NONE;
    }
    at += SHORT_BYTES + Math.max(0, bytes.getShort(at));
    if (at + 1 > end || bytes.getByte(at) != 0) {
      return NONE;
    }
    at = afterVarint(bytes, at + 1, end);
    return at < 0 || at + SHORT_BYTES > end ? NONE : bytes.getShort(at);
  }

  private static int afterVarint(ByteBuf bytes, int from, int end) {
    for (int at = from; at < end && at < from + MAX_VARINT_BYTES; at++) {
      if (bytes.getByte(at) >= 0) {
        return at + 1;
      }
    }
    return -1;
  }
}
