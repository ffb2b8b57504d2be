package io.tidemark.gateway.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

/**
 * What a connection receives, in two pieces: frames come out or the stream is refused, each frame
 * is understood or refused, and all memory is given back.
 */
public final class FrameTarget {
  private static final int MAX_FRAME_BYTES = 1 << 20;
  private static final ServedApis EVERYTHING = everything();

  private FrameTarget() {}

  private static ServedApis everything() {
    Map<ApiKeys, ServedApis.Versions> versions = new EnumMap<>(ApiKeys.class);
    for (ApiKeys key : ApiKeys.values()) {
      if (key.hasValidVersion()) {
        versions.put(key, new ServedApis.Versions(key.oldestVersion(), key.latestVersion()));
      }
    }
    return new ServedApis(versions);
  }

  /** An empty request of each API in its newest version, as a frame. */
  public static List<byte[]> seeds() {
    List<byte[]> seeds = new ArrayList<>();
    for (ApiKeys key : ApiKeys.values()) {
      if (key.hasValidVersion()) {
        seeds.add(frame(key, key.latestVersion()));
      }
    }
    return seeds;
  }

  private static byte[] frame(ApiKeys key, short version) {
    RequestHeaderData header =
        new RequestHeaderData()
            .setRequestApiKey(key.id)
            .setRequestApiVersion(version)
            .setClientId("fuzz");
    ByteBuffer out = ByteBuffer.allocate(4_096).position(Integer.BYTES);
    write(header, key.requestHeaderVersion(version), out);
    write(key.messageType.newRequest(), version, out);
    out.putInt(0, out.position() - Integer.BYTES).flip();
    byte[] bytes = new byte[out.remaining()];
    out.get(bytes);
    return bytes;
  }

  private static void write(ApiMessage message, short version, ByteBuffer out) {
    ObjectSerializationCache cache = new ObjectSerializationCache();
    message.addSize(new MessageSizeAccumulator(), cache, version);
    message.write(new ByteBufferAccessor(out), cache, version);
  }

  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length > Integer.BYTES) {
      RequestDecoder.decode(
          ByteBuffer.wrap(input.clone(), Integer.BYTES, input.length - Integer.BYTES), EVERYTHING);
    }
    UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    FrameBudget budget = new FrameBudget(4L * MAX_FRAME_BYTES);
    LandingBuffer landing = new LandingBuffer(allocator);
    FrameDecoder decoder = new FrameDecoder(MAX_FRAME_BYTES, budget, () -> {}, landing, allocator);
    try {
      int split = input.length == 0 ? 0 : (input[input.length - 1] & 0xff) % input.length;
      receive(decoder, input, 0, split);
      receive(decoder, input, split, input.length);
    } catch (InvalidFrameException e) {
      // The connection is closed, with this line in the log.
    } finally {
      decoder.close();
      landing.close();
    }
    if (budget.usedBytes() != 0) {
      throw new IllegalStateException(budget.usedBytes() + " bytes of the budget are lost");
    }
  }

  private static void receive(FrameDecoder decoder, byte[] bytes, int from, int to)
      throws InvalidFrameException {
    int at = from;
    while (at < to) {
      ByteBuf in = decoder.readBuffer();
      int length = Math.min(in.writableBytes(), to - at);
      in.writeBytes(bytes, at, length);
      at += length;
      decoder.received(in);
      while (decoder.advance() == FrameDecoder.Ready.FRAME) {
        decoder.take().release();
      }
      decoder.park();
    }
  }
}
