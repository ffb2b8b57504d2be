package io.tidemark.tests.hostile;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import org.apache.kafka.common.protocol.types.ArrayOf;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Struct;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.protocol.types.Type;
import org.apache.kafka.common.utils.internals.ByteUtils;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request with the places of all its fields and lengths. Written field by field as
 * kafka-clients writes it, which the constructor checks.
 */
final class PlacedBody {
  private final ByteBuffer bytes;
  private final List<Place> places = new ArrayList<>();

  PlacedBody(Schema schema, Struct struct) {
    bytes = ByteBuffer.allocate(struct.sizeOf());
    write(schema, struct);
    ByteBuffer expected = ByteBuffer.allocate(struct.sizeOf());
    struct.writeTo(expected);
    if (!bytes.flip().equals(expected.flip())) {
      throw new IllegalStateException("this is not how kafka-clients writes " + schema);
    }
  }

  byte[] bytes() {
    return bytes.array();
  }

  List<Place> places() {
    return places;
  }

  private void write(Schema schema, Struct struct) {
    for (BoundField field : schema.fields()) {
      write(field.def.name, field.def.type, struct.get(field));
    }
  }

  private void write(String name, Type type, @Nullable Object value) {
    switch (type) {
      case Schema schema when value != null && !type.isNullable() -> write(schema, (Struct) value);
      case TaggedFields tagged -> writeTags(name, tagged, value);
      default -> {
        if (type.isArray()) {
          writeArray(name, type, (Object[]) value);
        } else {
          writeSimple(name, type, value);
        }
      }
    }
  }

  private void writeArray(String name, Type type, Object @Nullable [] elements) {
    if (type instanceof ArrayOf) {
      note(Place.Kind.LENGTH_32, name, Integer.BYTES);
      bytes.putInt(elements == null ? -1 : elements.length);
    } else {
      writeCompactLength(name, elements == null ? 0 : elements.length + 1);
    }
    Type element = type.arrayElementType().orElseThrow();
    for (Object each : elements == null ? new Object[0] : elements) {
      write(name, element, each);
    }
  }

  private void writeTags(String name, TaggedFields tagged, @Nullable Object value) {
    NavigableMap<?, ?> tags = (NavigableMap<?, ?>) value;
    writeCompactLength(name, tags == null ? 0 : tags.size());
    int at = bytes.position();
    if (tags != null) {
      ByteBuffer whole = ByteBuffer.allocate(tagged.sizeOf(tags));
      tagged.write(whole, tags);
      bytes.put(whole.flip().position(ByteUtils.sizeOfUnsignedVarint(tags.size())));
    }
    for (int tagAt = at; tagAt < bytes.position(); tagAt += 7) {
      places.add(new Place(Place.Kind.LENGTH_VARINT, name + "'s inside", tagAt, 1));
    }
  }

  private void writeSimple(String name, Type type, @Nullable Object value) {
    int at = bytes.position();
    String kind = type.toString();
    boolean hasLength =
        kind.endsWith("STRING") || kind.endsWith("BYTES") || kind.endsWith("RECORDS");
    type.write(bytes, value);
    int length = bytes.position() - at;
    if (!hasLength) {
      places.add(new Place(Place.Kind.VALUE, name, at, length));
    } else if (kind.startsWith("COMPACT")) {
      int varint = ByteUtils.sizeOfUnsignedVarint(length); // the same or one more byte
      places.add(new Place(Place.Kind.LENGTH_VARINT, name, at, Math.min(varint, length)));
    } else if (kind.endsWith("STRING")) {
      places.add(new Place(Place.Kind.LENGTH_16, name, at, Short.BYTES));
    } else {
      places.add(new Place(Place.Kind.LENGTH_32, name, at, Integer.BYTES));
    }
  }

  private void writeCompactLength(String name, int length) {
    note(Place.Kind.LENGTH_VARINT, name, ByteUtils.sizeOfUnsignedVarint(length));
    ByteUtils.writeUnsignedVarint(length, bytes);
  }

  private void note(Place.Kind kind, String name, int length) {
    places.add(new Place(kind, name, bytes.position(), length));
  }
}
