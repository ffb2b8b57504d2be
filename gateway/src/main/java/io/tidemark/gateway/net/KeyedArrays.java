package io.tidemark.gateway.net;

import static java.util.Map.entry;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Struct;

/**
 * Looks at large arrays of a request before kafka-clients reads them, and refuses those that would
 * keep it busy.
 *
 * <p>Arrays whose elements have keys become {@code ImplicitLinkedHashMultiCollection}s, in the
 * request or in its answer. That is a hash table with linear probing which grows by taking its
 * elements out one by one, so n elements whose keys collide cost n³ steps: 1,600 equal topics in 20
 * KiB are 5 seconds of an event loop, 45,000 are days. Sound requests have distinct keys, which
 * spread. Stateless.
 */
final class KeyedArrays {
  /** Arrays up to this length cost too little to look at. */
  static final int UNCHECKED = 32;

  private static final String ITSELF = "";

  /** The keyed arrays of each request, and those whose elements are keys of its answer. */
  private static final Map<ApiKeys, Map<String, List<String>>> KEYS =
      Map.ofEntries(
          entry(ApiKeys.PRODUCE, Map.of("topic_data", List.of("name", "topic_id"))),
          entry(ApiKeys.METADATA, Map.of("topics", List.of("name", "topic_id"))),
          entry(ApiKeys.JOIN_GROUP, Map.of("protocols", List.of("name"))),
          entry(
              ApiKeys.CREATE_TOPICS,
              Map.of(
                  "topics", List.of("name"),
                  "assignments", List.of("partition_index"),
                  "configs", List.of("name"))),
          entry(
              ApiKeys.DELETE_TOPICS,
              Map.of("topics", List.of("name", "topic_id"), "topic_names", List.of(ITSELF))),
          entry(ApiKeys.DELETE_RECORDS, topicsAndPartitions()),
          entry(ApiKeys.OFFSET_FOR_LEADER_EPOCH, Map.of("topics", List.of("topic"))),
          entry(
              ApiKeys.ALTER_CONFIGS,
              Map.of(
                  "resources", List.of("resource_type", "resource_name"),
                  "configs", List.of("name"))),
          entry(
              ApiKeys.INCREMENTAL_ALTER_CONFIGS,
              Map.of(
                  "resources", List.of("resource_type", "resource_name"),
                  "configs", List.of("name", "config_operation"))),
          entry(
              ApiKeys.ALTER_REPLICA_LOG_DIRS,
              Map.of("dirs", List.of("path"), "topics", List.of("name"))),
          entry(ApiKeys.DESCRIBE_LOG_DIRS, Map.of("topics", List.of("topic"))),
          entry(ApiKeys.CREATE_PARTITIONS, Map.of("topics", List.of("name"))),
          entry(ApiKeys.DELETE_GROUPS, Map.of("groups_names", List.of(ITSELF))),
          entry(ApiKeys.OFFSET_DELETE, topicsAndPartitions()),
          entry(ApiKeys.DESCRIBE_PRODUCERS, Map.of("topics", List.of("name"))),
          entry(ApiKeys.DESCRIBE_TOPIC_PARTITIONS, Map.of("topics", List.of("name"))),
          entry(ApiKeys.ELECT_LEADERS, Map.of("topic_partitions", List.of("topic"))),
          entry(
              ApiKeys.ADD_PARTITIONS_TO_TXN,
              Map.of(
                  "transactions", List.of("transactional_id"),
                  "v3_and_below_topics", List.of("name"),
                  "topics", List.of("name"),
                  "partitions", List.of(ITSELF))));

  private KeyedArrays() {}

  private static Map<String, List<String>> topicsAndPartitions() {
    return Map.of("topics", List.of("name"), "partitions", List.of("partition_index"));
  }

  /** Which fields of which arrays are keys in this request or in its answer. */
  static Map<String, List<String>> of(ApiKeys api) {
    return KEYS.getOrDefault(api, Map.of());
  }

  /**
   * Looks at a whole request.
   *
   * @param body of the request, which is left as it is
   * @throws InvalidRequestException when an array has too many elements with colliding keys
   */
  static void check(ApiKeys api, short version, ByteBuffer body) {
    Map<String, List<String>> keys = of(api);
    if (!keys.isEmpty()) {
      Schema schema = api.messageType.requestSchemas()[version];
      check(schema.read(body.duplicate()), keys);
    }
  }

  private static void check(Struct struct, Map<String, List<String>> keys) {
    for (BoundField field : struct.schema().fields()) {
      if (struct.get(field) instanceof Object[] elements) {
        List<String> key = keys.get(field.def.name);
        if (key != null && elements.length > UNCHECKED) {
          check(field.def.name, elements, key);
        }
        for (Object element : elements) {
          if (element instanceof Struct inner) {
            check(inner, keys);
          }
        }
      }
    }
  }

  private static void check(String name, Object[] elements, List<String> key) {
    int[] hashes = new int[elements.length];
    for (int i = 0; i < hashes.length; i++) {
      hashes[i] = hash(elements[i], key);
    }
    if (HashCollisions.areTooMany(hashes)) {
      throw new InvalidRequestException(
          "most keys of its %d %s are the same or collide".formatted(hashes.length, name));
    }
  }

  /** What the generated class of the element answers as its hash code. */
  private static int hash(Object element, List<String> key) {
    if (!(element instanceof Struct struct)) {
      return element.hashCode() * (key.contains(ITSELF) ? 1 : 0);
    }
    int hash = 0;
    for (String name : key) {
      BoundField field = struct.schema().get(name);
      if (field != null) {
        Object value = struct.get(field);
        hash = 31 * hash + (value == null ? 0 : value.hashCode());
      }
    }
    return hash;
  }
}
