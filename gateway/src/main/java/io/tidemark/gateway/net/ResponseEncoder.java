package io.tidemark.gateway.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.tidemark.log.partition.LogSlice;
import java.util.List;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.requests.RequestHeader;

/**
 * Writes responses to a channel, exactly sized and without copying their records; the caller
 * flushes. Stateless.
 *
 * <pre>
 *   response := size int32 | header (correlation id int32, tagged fields) | body
 * </pre>
 */
final class ResponseEncoder {
  private static final int SIZE_FIELD_BYTES = 4;
  private static final int MAX_ADAPTIVE_BYTES = 1 << 20; // Netty's default allocator pools no more

  private ResponseEncoder() {}

  /** Writes the answer to a request and returns its size; its slices are released in any case. */
  static long write(
      ChannelHandlerContext channel, Transfer transfer, RequestHeader request, ApiMessage body) {
    short headerVersion = request.apiKey().responseHeaderVersion(request.apiVersion());
    return write(
        channel, transfer, request.correlationId(), headerVersion, body, request.apiVersion());
  }

  /** Writes a token without a response around it. */
  static void write(ChannelHandlerContext channel, byte[] token) {
    ByteBuf frame = channel.alloc().directBuffer(SIZE_FIELD_BYTES + token.length);
    channel.write(frame.writeInt(token.length).writeBytes(token), channel.voidPromise());
  }

  static long write(
      ChannelHandlerContext channel,
      Transfer transfer,
      int correlationId,
      short headerVersion,
      ApiMessage body,
      short version) {
    ResponseParts parts;
    try {
      parts = encode(channel, transfer, correlationId, headerVersion, body, version);
    } catch (RuntimeException e) {
      ResponseSlices.release(body);
      throw e;
    }
    List<Object> pieces = parts.parts();
    int last = pieces.size() - 1;
    for (int i = 0; i < last; i++) {
      channel.write(pieces.get(i), channel.voidPromise());
    }
    channel.write(pieces.get(last), whenLeft(channel, parts.slices()));
    return parts.sizeBytes();
  }

  /** Parts leave or fail in order, so the last one's end is the end of all. */
  private static ChannelPromise whenLeft(ChannelHandlerContext channel, List<LogSlice> slices) {
    if (slices.isEmpty()) {
      return channel.voidPromise();
    }
    ChannelPromise promise = channel.newPromise();
    promise.addListener(done -> slices.forEach(LogSlice::release));
    return promise;
  }

  private static ResponseParts encode(
      ChannelHandlerContext channel,
      Transfer transfer,
      int correlationId,
      short headerVersion,
      ApiMessage body,
      short version) {
    ObjectSerializationCache cache = new ObjectSerializationCache();
    MessageSizeAccumulator size = new MessageSizeAccumulator();
    ResponseHeaderData header = new ResponseHeaderData().setCorrelationId(correlationId);
    header.addSize(size, cache, headerVersion);
    body.addSize(size, cache, version);
    int bufferBytes = SIZE_FIELD_BYTES + size.sizeExcludingZeroCopy();
    ResponseParts parts =
        new ResponseParts(
            allocatorFor(bufferBytes, channel.alloc()), transfer, channel::close, bufferBytes);
    try {
      parts.writeInt(size.totalSize());
      header.write(parts, cache, headerVersion);
      body.write(parts, cache, version);
      return parts;
    } catch (RuntimeException e) {
      parts.discard();
      throw e;
    }
  }

  private static ByteBufAllocator allocatorFor(int bytes, ByteBufAllocator channelAllocator) {
    return bytes > MAX_ADAPTIVE_BYTES ? PooledByteBufAllocator.DEFAULT : channelAllocator;
  }
}
