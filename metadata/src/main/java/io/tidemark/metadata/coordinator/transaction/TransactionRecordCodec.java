package io.tidemark.metadata.coordinator.transaction;

import io.tidemark.metadata.coordinator.CoordinatorRecord;
import io.tidemark.metadata.coordinator.FieldReader;
import io.tidemark.metadata.coordinator.FieldWriter;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Transactional ids in Kafka's format (TransactionLogKey, TransactionLogValue). Integers are
 * big-endian; a string is an int16 length and UTF-8, an array an int32 count; compact ones have an
 * unsigned varint of length + 1 instead.
 *
 * <pre>
 *  key    int16 kind 0 | string transactionalId
 *
 *  value  field                type                       versions
 *         version               int16                      all
 *         producerId            int64                      all
 *         producerEpoch         int16                      all
 *         timeoutMs             int32                      all
 *         state                 int8                       all
 *         partitions            array or null of topics    all, compact in 1
 *           topic               string                     all, compact in 1
 *           partitionIds        array of int32             all, compact in 1
 *           tagged fields       count, entries             1
 *         updateTimestampMs     int64                      all
 *         startTimestampMs      int64                      all
 *         tagged fields         count, entries             1: 0 previousProducerId int64,
 *                               1 nextProducerId int64, 2 clientVersion int16, 3 nextEpoch int16
 * </pre>
 *
 * Tagged fields are written where they are not the default (−1, −1, 0, −1). Version 1 is written;
 * version 0 where the cluster's {@code transaction.version} is 0 and nothing of it would be lost.
 */
final class TransactionRecordCodec {
  static final int KEY_KIND = 0;

  private static final int PREVIOUS_PRODUCER_TAG = 0;
  private static final int NEXT_PRODUCER_TAG = 1;
  private static final int CLIENT_VERSION_TAG = 2;
  private static final int LEAST_TOPIC_BYTES = 2;

  private TransactionRecordCodec() {}

  static int kindOf(CoordinatorRecord record) {
    ByteBuffer key = record.key();
    return key.remaining() < Short.BYTES ? -1 : key.getShort(key.position());
  }

  /**
   * The transactional id of a record of this kind.
   *
   * @throws IllegalArgumentException when it cannot be read
   */
  static String id(CoordinatorRecord record) {
    try {
      FieldReader key = new FieldReader(record.key());
      key.int16();
      return key.string();
    } catch (BufferUnderflowException torn) {
      throw new IllegalArgumentException("the key of a transactional id ends early", torn);
    }
  }

  static CoordinatorRecord encode(
      String id, @Nullable TransactionMetadata metadata, boolean isCompact, long timestampMs) {
    ByteBuffer key = new FieldWriter().int16(KEY_KIND).string(id).done();
    return new CoordinatorRecord(
        key, metadata == null ? null : value(metadata, isCompact), timestampMs);
  }

  private static ByteBuffer value(TransactionMetadata metadata, boolean isCompact) {
    boolean hasTagged =
        metadata.previousProducerId() != TransactionMetadata.NO_PRODUCER
            || metadata.nextProducerId() != TransactionMetadata.NO_PRODUCER
            || metadata.clientVersion() != 0;
    return isCompact || hasTagged ? valueV1(metadata) : valueV0(metadata);
  }

  private static FieldWriter head(int version, TransactionMetadata metadata) {
    return new FieldWriter()
        .int16(version)
        .int64(metadata.producerId())
        .int16(metadata.producerEpoch())
        .int32(metadata.timeoutMs())
        .int8(metadata.state().id());
  }

  private static ByteBuffer valueV0(TransactionMetadata metadata) {
    FieldWriter out = head(0, metadata);
    if (metadata.state() == TransactionState.EMPTY) {
      out.int32(-1);
    } else {
      Map<String, List<Integer>> topics = byTopic(metadata.partitions());
      out.int32(topics.size());
      topics.forEach((topic, partitions) -> {
        out.string(topic).int32(partitions.size());
        partitions.forEach(out::int32);
      });
    }
    return out.int64(metadata.updateTimestampMs()).int64(metadata.startTimestampMs()).done();
  }

  private static ByteBuffer valueV1(TransactionMetadata metadata) {
    FieldWriter out = head(1, metadata);
    if (metadata.state() == TransactionState.EMPTY) {
      out.unsignedVarint(0);
    } else {
      Map<String, List<Integer>> topics = byTopic(metadata.partitions());
      out.unsignedVarint(topics.size() + 1);
      topics.forEach((topic, partitions) -> {
        out.compactString(topic).unsignedVarint(partitions.size() + 1);
        partitions.forEach(out::int32);
        out.unsignedVarint(0);
      });
    }
    out.int64(metadata.updateTimestampMs()).int64(metadata.startTimestampMs());
    writeTagged(out, metadata);
    return out.done();
  }

  private static void writeTagged(FieldWriter out, TransactionMetadata metadata) {
    boolean hasPrevious = metadata.previousProducerId() != TransactionMetadata.NO_PRODUCER;
    boolean hasNext = metadata.nextProducerId() != TransactionMetadata.NO_PRODUCER;
    boolean hasVersion = metadata.clientVersion() != 0;
    out.unsignedVarint((hasPrevious ? 1 : 0) + (hasNext ? 1 : 0) + (hasVersion ? 1 : 0));
    if (hasPrevious) {
      out.unsignedVarint(PREVIOUS_PRODUCER_TAG).unsignedVarint(Long.BYTES);
      out.int64(metadata.previousProducerId());
    }
    if (hasNext) {
      out.unsignedVarint(NEXT_PRODUCER_TAG).unsignedVarint(Long.BYTES);
      out.int64(metadata.nextProducerId());
    }
    if (hasVersion) {
      out.unsignedVarint(CLIENT_VERSION_TAG).unsignedVarint(Short.BYTES);
      out.int16(metadata.clientVersion());
    }
  }

  private static Map<String, List<Integer>> byTopic(SortedSet<TopicPartition> partitions) {
    Map<String, List<Integer>> topics = new TreeMap<>();
    for (TopicPartition partition : partitions) {
      topics
          .computeIfAbsent(partition.topic(), topic -> new ArrayList<>())
          .add(partition.partition());
    }
    return topics;
  }

  /**
   * Reads a value of any version, its version field included.
   *
   * @throws IllegalArgumentException when it cannot be read
   */
  static TransactionMetadata value(ByteBuffer bytes) {
    try {
      return read(new FieldReader(bytes));
    } catch (BufferUnderflowException torn) {
      throw new IllegalArgumentException("a TransactionLogValue ends early", torn);
    }
  }

  private static TransactionMetadata read(FieldReader in) {
    int version = in.int16();
    if (version < 0 || version > 1) {
      throw new IllegalArgumentException("TransactionLogValue of version " + version);
    }
    boolean isCompact = version == 1;
    long producerId = in.int64();
    short epoch = (short) in.int16();
    int timeoutMs = in.int32();
    TransactionState state = TransactionState.of(in.int8());
    SortedSet<TopicPartition> partitions = readPartitions(in, isCompact);
    long updateMs = in.int64();
    long startMs = in.int64();
    Tagged tagged = isCompact ? readTagged(in) : new Tagged();
    return new TransactionMetadata(
        producerId,
        tagged.previousProducerId,
        tagged.nextProducerId,
        epoch,
        timeoutMs,
        state,
        partitions,
        startMs,
        updateMs,
        tagged.clientVersion);
  }

  private static SortedSet<TopicPartition> readPartitions(FieldReader in, boolean isCompact) {
    SortedSet<TopicPartition> partitions = TransactionMetadata.noPartitions();
    int topics =
        isCompact
            ? in.nullableCompactArrayLength(LEAST_TOPIC_BYTES)
            : in.nullableArrayLength(LEAST_TOPIC_BYTES);
    for (int i = 0; i < topics; i++) {
      String topic = isCompact ? in.compactString() : in.string();
      int count = isCompact ? in.compactArrayLength(Integer.BYTES) : in.arrayLength(Integer.BYTES);
      for (int j = 0; j < count; j++) {
        partitions.add(new TopicPartition(topic, in.int32()));
      }
      if (isCompact) {
        in.skipTaggedFields();
      }
    }
    return partitions;
  }

  private static final class Tagged {
    long previousProducerId = TransactionMetadata.NO_PRODUCER;
    long nextProducerId = TransactionMetadata.NO_PRODUCER;
    short clientVersion;
  }

  private static Tagged readTagged(FieldReader in) {
    Tagged tagged = new Tagged();
    int fields = in.unsignedVarint();
    for (int i = 0; i < fields; i++) {
      int tag = in.unsignedVarint();
      int size = in.unsignedVarint();
      if (tag == PREVIOUS_PRODUCER_TAG && size == Long.BYTES) {
        tagged.previousProducerId = in.int64();
      } else if (tag == NEXT_PRODUCER_TAG && size == Long.BYTES) {
        tagged.nextProducerId = in.int64();
      } else if (tag == CLIENT_VERSION_TAG && size == Short.BYTES) {
        tagged.clientVersion = (short) in.int16();
      } else {
        in.skip(size);
      }
    }
    return tagged;
  }
}
