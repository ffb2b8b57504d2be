package io.tidemark.metadata.coordinator.group;

import io.tidemark.metadata.coordinator.FieldReader;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the topics out of a consumer's subscription. Clients fill those bytes as they like: what
 * cannot be read is nobody's error, only unknown. Every version begins like version 0:
 *
 * <pre>
 *  int16 version | int32 count | count × (int16 length, UTF-8 topic) | …
 * </pre>
 */
final class SubscribedTopics {
  private static final int LEAST_TOPIC_BYTES = 2;

  private SubscribedTopics() {}

  static Optional<Set<String>> read(byte[] subscription) {
    FieldReader in = new FieldReader(ByteBuffer.wrap(subscription));
    try {
      in.int16();
      int count = in.arrayLength(LEAST_TOPIC_BYTES);
      Set<String> topics = new HashSet<>();
      for (int i = 0; i < count; i++) {
        topics.add(in.string());
      }
      return Optional.of(topics);
    } catch (BufferUnderflowException | IllegalArgumentException opaque) {
      return Optional.empty();
    }
  }
}
