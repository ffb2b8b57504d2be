package io.tidemark.metadata.link;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.tidemark.metadata.event.UnknownEventException;
import io.tidemark.metadata.proto.ControllerCallMessage;
import io.tidemark.metadata.proto.ControllerReplyMessage;
import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * The bytes inside an Envelope: a private API of our own.
 *
 * <pre>
 *   key      int16   0x544D "TM", which no API of Kafka has
 *   version  int16   1
 *   body             protobuf: ControllerCallMessage, or ControllerReplyMessage in the answer
 * </pre>
 *
 * Big-endian. What is read is copied, so the bytes may go.
 */
public final class LinkCodec {
  static final short KEY = 0x544D;
  static final short VERSION = 1;
  private static final int HEADER_BYTES = 4;

  private LinkCodec() {}

  public static ByteBuffer encode(ControllerCall call) {
    return bytes(CallMessages.of(call));
  }

  public static ByteBuffer encode(ControllerReply reply) {
    return bytes(ReplyMessages.of(reply));
  }

  private static ByteBuffer bytes(Message message) {
    ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + message.getSerializedSize());
    bytes.putShort(KEY).putShort(VERSION).put(message.toByteArray());
    return bytes.flip();
  }

  /**
   * Reads a call.
   *
   * @throws UnsupportedVersionException when another release sent it and this one does not know it
   * @throws InvalidRequestException when nobody did
   */
  public static ControllerCall decodeCall(ByteBuffer bytes) {
    checkHeader(bytes);
    try {
      return CallMessages.read(ControllerCallMessage.parseFrom(body(bytes)));
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw new InvalidRequestException("Not a call of a node: " + e.getMessage());
    }
  }

  /**
   * Reads a reply.
   *
   * @throws UnsupportedVersionException when another release sent it and this one does not know it
   * @throws InvalidRequestException when nobody did
   * @throws UnknownEventException when it holds an event of a later release
   */
  public static ControllerReply decodeReply(ByteBuffer bytes) {
    checkHeader(bytes);
    try {
      return ReplyMessages.read(ControllerReplyMessage.parseFrom(body(bytes)));
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw new InvalidRequestException("Not a controller's reply: " + e.getMessage());
    }
  }

  private static void checkHeader(ByteBuffer bytes) {
    if (bytes.remaining() < HEADER_BYTES) {
      throw new InvalidRequestException(
          "%d bytes are too few for a call between nodes".formatted(bytes.remaining()));
    }
    short key = bytes.getShort(bytes.position());
    short version = bytes.getShort(bytes.position() + Short.BYTES);
    if (key != KEY) {
      throw new UnsupportedVersionException(
          "An envelope for API %d; nodes use API %d only".formatted(key, KEY));
    }
    if (version != VERSION) {
      throw new UnsupportedVersionException(
          "Calls between nodes have version %d here, and this one has version %d"
              .formatted(VERSION, version));
    }
  }

  private static ByteBuffer body(ByteBuffer bytes) {
    return bytes.slice(bytes.position() + HEADER_BYTES, bytes.remaining() - HEADER_BYTES);
  }
}
