package io.tidemark.tests.node;

import io.tidemark.log.record.CompressionSpec;
import io.tidemark.log.record.RecordBatchBuilder;
import io.tidemark.log.record.WireRecords;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Struct;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.protocol.types.Type;
import org.jspecify.annotations.Nullable;

/**
 * Requests of every API and version, filled by their schemas: each array has one element, each
 * field a value that makes some sense for its name.
 */
final class RequestSamples {
  private final String topic;
  private final Uuid topicId;

  RequestSamples(String topic, Uuid topicId) {
    this.topic = topic;
    this.topicId = topicId;
  }

  /** The request's body as it goes over the wire. */
  ByteBuffer body(ApiKeys key, short version) {
    Schema schema = key.messageType.requestSchemas()[version];
    Struct struct = fill(key, schema);
    ByteBuffer body = ByteBuffer.allocate(struct.sizeOf());
    struct.writeTo(body);
    return body.flip();
  }

  private Struct fill(ApiKeys key, Schema schema) {
    Struct struct = new Struct(schema);
    for (BoundField field : schema.fields()) {
      struct.set(field, value(key, field.def.name, field.def.type));
    }
    return struct;
  }

  private @Nullable Object value(ApiKeys key, String name, Type type) {
    if (type instanceof TaggedFields tagged) {
      return tags(key, tagged);
    }
    if (type instanceof Schema schema) {
      return fill(key, schema);
    }
    if (type.isArray()) {
      return array(key, name, type);
    }
    return switch (type.toString()) {
      case "BOOLEAN" -> false;
      case "INT8" -> (byte) number(name);
      case "INT16" -> (short) number(name);
      case "UINT16", "INT32" -> (int) number(name);
      case "UINT32", "INT64", "VARLONG" -> number(name);
      case "FLOAT64" -> 0.0;
      case "UUID" -> key == ApiKeys.DELETE_TOPICS ? new Uuid(7, 7) : topicId;
      case "STRING", "COMPACT_STRING" -> text(key, name);
      case "NULLABLE_STRING", "COMPACT_NULLABLE_STRING" -> nullableText(key, name);
      case "BYTES", "COMPACT_BYTES", "NULLABLE_BYTES", "COMPACT_NULLABLE_BYTES" ->
          ByteBuffer.wrap("bytes".getBytes(StandardCharsets.UTF_8));
      case "RECORDS", "COMPACT_RECORDS", "NULLABLE_RECORDS", "COMPACT_NULLABLE_RECORDS" ->
          WireRecords.of(batch());
      default -> throw new IllegalArgumentException(name + " is a " + type);
    };
  }

  private NavigableMap<Integer, Object> tags(ApiKeys key, TaggedFields tagged) {
    NavigableMap<Integer, Object> values = new TreeMap<>();
    tagged
        .fields()
        .forEach((tag, field) -> {
          Object value = value(key, field.name, field.type);
          if (value != null) {
            values.put(tag, value);
          }
        });
    return values;
  }

  private Object @Nullable [] array(ApiKeys key, String name, Type type) {
    if (name.equals("assignments") && key == ApiKeys.CREATE_PARTITIONS) {
      return null;
    }
    if (name.equals("assignments") && key == ApiKeys.CREATE_TOPICS) {
      return new Object[0];
    }
    Type element = type.arrayElementType().orElseThrow();
    return new Object[] {value(key, name, element)};
  }

  private static long number(String name) {
    return switch (name) {
      case "replica_id",
          "session_epoch",
          "acks",
          "timestamp",
          "generation_id",
          "current_leader_epoch",
          "last_fetched_epoch",
          "replica_epoch" ->
          -1;
      case "max_wait_ms" -> 10;
      case "timeout_ms", "session_timeout_ms", "rebalance_timeout_ms" -> 10_000;
      case "max_bytes", "partition_max_bytes", "response_partition_limit" -> 1_000;
      case "min_bytes", "num_partitions", "count", "endpoint_type", "replication_factor" -> 1;
      case "resource_type", "resource_types", "resource_type_filter" -> 2;
      case "operation", "permission_type", "resource_pattern_type", "pattern_type_filter" -> 3;
      case "transaction_timeout_ms" -> 60_000;
      default -> 0;
    };
  }

  private String text(ApiKeys key, String name) {
    if (key == ApiKeys.DELETE_TOPICS || key == ApiKeys.DELETE_GROUPS) {
      return "no-such";
    }
    return switch (name) {
      case "name", "topic", "topic_name", "resource_name" ->
          key == ApiKeys.CREATE_TOPICS ? "another-" + topic : topic;
      case "group_id", "groups", "group_ids", "coordinator_keys", "key", "groups_names" -> "group";
      case "member_id" -> "";
      case "protocol_type" -> "consumer";
      case "client_software_name", "client_software_version" -> "test";
      default -> topic;
    };
  }

  private @Nullable String nullableText(ApiKeys key, String name) {
    return switch (name) {
      case "name", "topic" -> text(key, name);
      default -> null;
    };
  }

  private static ByteBuffer batch() {
    return new RecordBatchBuilder(CompressionSpec.NONE)
        .append(
            1_700_000_000_000L,
            "k".getBytes(StandardCharsets.UTF_8),
            "v".getBytes(StandardCharsets.UTF_8))
        .build();
  }
}
