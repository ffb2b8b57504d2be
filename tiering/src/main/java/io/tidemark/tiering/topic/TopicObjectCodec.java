package io.tidemark.tiering.topic;

import com.google.protobuf.InvalidProtocolBufferException;
import io.tidemark.tiering.proto.ConfigMessage;
import io.tidemark.tiering.proto.TopicMessage;
import io.tidemark.tiering.store.ObjectStoreException;
import io.tidemark.tiering.store.ObjectStoreException.Kind;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.apache.kafka.common.Uuid;

/**
 * Topic objects as bytes: the protobuf message of {@code tidemark/topic.proto} and a checksum,
 * since nothing else vouches for them.
 *
 * <pre>
 *   TopicMessage   format = 1, topic id, name, partitions, metadata version, configs by name
 *   uint32         CRC32C of the message
 * </pre>
 */
public final class TopicObjectCodec {
  private static final int FORMAT = 1;

  private TopicObjectCodec() {}

  public static ByteBuffer encode(TopicObject topic) {
    TopicMessage.Builder message =
        TopicMessage.newBuilder()
            .setFormat(FORMAT)
            .setTopicIdMost(topic.topicId().getMostSignificantBits())
            .setTopicIdLeast(topic.topicId().getLeastSignificantBits())
            .setName(topic.name())
            .setPartitions(topic.partitions())
            .setMetadataVersion(topic.metadataVersion());
    topic
        .sortedConfigs()
        .forEach((name, value) ->
            message.addConfigs(ConfigMessage.newBuilder().setName(name).setValue(value)));
    byte[] bytes = message.build().toByteArray();
    return ByteBuffer.allocate(bytes.length + Integer.BYTES)
        .put(bytes)
        .putInt(crc32c(ByteBuffer.wrap(bytes)))
        .flip();
  }

  /** Reads what {@link #encode} wrote; anything else is {@code CORRUPT}. */
  public static TopicObject decode(ByteBuffer bytes) throws ObjectStoreException {
    int length = bytes.remaining() - Integer.BYTES;
    if (length < 0
        || crc32c(bytes.slice(bytes.position(), length))
            != bytes.getInt(bytes.position() + length)) {
      throw new ObjectStoreException(Kind.CORRUPT, "CRC32C of a topic object does not match");
    }
    try {
      TopicMessage message = TopicMessage.parseFrom(bytes.slice(bytes.position(), length));
      if (message.getFormat() != FORMAT) {
        throw new ObjectStoreException(
            Kind.CORRUPT, "topic object of format " + message.getFormat());
      }
      return topic(message);
    } catch (InvalidProtocolBufferException e) {
      throw new ObjectStoreException(Kind.CORRUPT, "no topic object: " + e.getMessage(), e);
    }
  }

  private static TopicObject topic(TopicMessage message) {
    Map<String, String> configs =
        message.getConfigsList().stream()
            .collect(Collectors.toMap(ConfigMessage::getName, ConfigMessage::getValue));
    return new TopicObject(
        new Uuid(message.getTopicIdMost(), message.getTopicIdLeast()),
        message.getName(),
        message.getPartitions(),
        message.getMetadataVersion(),
        configs);
  }

  private static int crc32c(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
