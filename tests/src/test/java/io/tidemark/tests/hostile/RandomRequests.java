package io.tidemark.tests.hostile;

import io.tidemark.log.record.CompressionSpec;
import io.tidemark.log.record.RecordBatchBuilder;
import io.tidemark.log.record.WireRecords;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Struct;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.protocol.types.Type;
import org.jspecify.annotations.Nullable;

/**
 * Bodies of any API and version from a seed: well formed by their schema with senseless content, or
 * such a body with some of its bytes changed, cut off, or made a length that promises too much.
 * Names of topics and ids come from a few of which some exist.
 */
final class RandomRequests {
  private static final long[] BORDERS = {
    0,
    1,
    -1,
    -2,
    -3,
    -5,
    2,
    3,
    10,
    100,
    255,
    256,
    32_767,
    65_536,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };
  private static final int[] LENGTHS = {
    Integer.MAX_VALUE, Integer.MIN_VALUE, -1, -2, 0x7fff_fff0, 0x00ff_ffff, 0xffff_ff0f
  };
  private static final List<String> CODECS =
      List.of("uncompressed", "gzip", "snappy", "lz4", "zstd");
  private static final int MAX_MUTATIONS = 6;
  private static final int CRC_AT = 17;
  private static final int CRC_FROM = 21;

  private final RandomGenerator random;
  private final List<String> names;
  private final List<Uuid> ids;

  RandomRequests(RandomGenerator random, List<String> names, List<Uuid> ids) {
    this.random = random;
    this.names = names;
    this.ids = ids;
  }

  /** The next well-formed body of this API and version, and where everything in it lies. */
  PlacedBody placed(ApiKeys key, short version) {
    Schema schema = key.messageType.requestSchemas()[version];
    return new PlacedBody(schema, fill(schema));
  }

  /** The next body of this API and version; half of them are damaged. */
  ByteBuffer body(ApiKeys key, short version) {
    Struct struct = fill(key.messageType.requestSchemas()[version]);
    ByteBuffer body = ByteBuffer.allocate(struct.sizeOf());
    struct.writeTo(body);
    body.flip();
    return random.nextBoolean() ? body : damaged(body);
  }

  private ByteBuffer damaged(ByteBuffer body) {
    int mutations = random.nextInt(1, MAX_MUTATIONS);
    for (int i = 0; i < mutations && body.hasRemaining(); i++) {
      int at = random.nextInt(body.limit());
      switch (random.nextInt(5)) {
        case 0 -> body.put(at, (byte) random.nextInt());
        case 1 -> body.put(at, (byte) (body.get(at) ^ 1 << random.nextInt(8)));
        case 2 -> body.limit(at);
        case 3 -> {
          if (at + Integer.BYTES <= body.limit()) {
            body.putInt(at, LENGTHS[random.nextInt(LENGTHS.length)]);
          }
        }
        default -> body = longer(body);
      }
    }
    return body;
  }

  private ByteBuffer longer(ByteBuffer body) {
    byte[] surplus = new byte[random.nextInt(1, 64)];
    random.nextBytes(surplus);
    return ByteBuffer.allocate(body.remaining() + surplus.length).put(body).put(surplus).flip();
  }

  private Struct fill(Schema schema) {
    Struct struct = new Struct(schema);
    for (BoundField field : schema.fields()) {
      struct.set(field, value(field.def.name, field.def.type));
    }
    return struct;
  }

  private @Nullable Object value(String name, Type type) {
    if (type instanceof TaggedFields tagged) {
      return tags(tagged);
    }
    if (type instanceof Schema schema) {
      return fill(schema);
    }
    if (type.isNullable() && random.nextInt(5) == 0) {
      return null;
    }
    if (type.isArray()) {
      return array(name, type);
    }
    return switch (type.toString()) {
      case "BOOLEAN" -> random.nextBoolean();
      case "INT8" -> (byte) number();
      case "INT16" -> (short) number();
      case "UINT16" -> (int) number() & 0xffff;
      case "UINT32" -> number() & 0xffff_ffffL;
      case "INT32" -> int32(name);
      case "INT64", "VARLONG" -> number();
      case "FLOAT64" -> random.nextDouble();
      case "UUID" -> ids.get(random.nextInt(ids.size()));
      case "STRING", "COMPACT_STRING", "NULLABLE_STRING", "COMPACT_NULLABLE_STRING" -> text();
      case "BYTES", "COMPACT_BYTES", "NULLABLE_BYTES", "COMPACT_NULLABLE_BYTES" -> bytes();
      case "RECORDS", "COMPACT_RECORDS", "NULLABLE_RECORDS", "COMPACT_NULLABLE_RECORDS" ->
          WireRecords.of(batch());
      default -> throw new IllegalArgumentException(name + " is a " + type);
    };
  }

  private NavigableMap<Integer, Object> tags(TaggedFields tagged) {
    NavigableMap<Integer, Object> values = new TreeMap<>();
    tagged
        .fields()
        .forEach((tag, field) -> {
          Object value = random.nextBoolean() ? null : value(field.name, field.type);
          if (value != null) {
            values.put(tag, value);
          }
        });
    return values;
  }

  private Object[] array(String name, Type type) {
    Type element = type.arrayElementType().orElseThrow();
    Object[] values = new Object[random.nextInt(4)];
    for (int i = 0; i < values.length; i++) {
      Object value = value(name, element);
      values[i] = value == null ? text() : value;
    }
    return values;
  }

  private int int32(String name) {
    if (name.endsWith("_ms")) {
      return random.nextInt(-1, 50);
    }
    boolean isCount = name.equals("count") || name.equals("num_partitions");
    return isCount && random.nextInt(8) > 0 ? random.nextInt(-1, 4) : (int) number();
  }

  private long number() {
    return switch (random.nextInt(3)) {
      case 0 -> random.nextInt(5);
      case 1 -> BORDERS[random.nextInt(BORDERS.length)];
      default -> random.nextLong();
    };
  }

  private String text() {
    return switch (random.nextInt(8)) {
      case 0 -> "";
      case 1 -> "../" + random.nextInt(3);
      case 2 -> "x".repeat(random.nextInt(300));
      case 3 -> "\u0000ü\ud83d\ude00\n{}" + random.nextInt(3);
      default -> names.get(random.nextInt(names.size()));
    };
  }

  /** Makes the checksum right again, so that what is wrong has to be found out otherwise. */
  private static void seal(ByteBuffer batch) {
    CRC32C crc = new CRC32C();
    crc.update(batch.slice(CRC_FROM, batch.remaining() - CRC_FROM));
    batch.putInt(CRC_AT, (int) crc.getValue());
  }

  private ByteBuffer bytes() {
    byte[] bytes = new byte[random.nextInt(80)];
    random.nextBytes(bytes);
    return ByteBuffer.wrap(bytes);
  }

  private ByteBuffer batch() {
    CompressionSpec compression = CompressionSpec.of(CODECS.get(random.nextInt(CODECS.size())));
    RecordBatchBuilder builder = new RecordBatchBuilder(compression);
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      builder.append(random.nextLong() >>> 20, text().getBytes(StandardCharsets.UTF_8), null);
    }
    ByteBuffer batch = builder.build();
    if (random.nextInt(3) > 0 && batch.hasRemaining()) {
      batch.put(batch.position() + random.nextInt(batch.remaining()), (byte) random.nextInt());
      if (random.nextBoolean()) {
        seal(batch);
      }
    }
    return batch;
  }
}
