package io.tidemark.gateway.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A pattern for printing records: {@code %t} topic, {@code %p} partition, {@code %o} offset, {@code
 * %T} timestamp in ms, {@code %k} key, {@code %v} value, {@code %h} headers as {@code key=value,…},
 * {@code %%} a percent sign, {@code \n}, {@code \t} and {@code \\} as usual. A missing key or value
 * prints as nothing.
 */
final class RecordFormat {
  private final List<Part> parts;

  private RecordFormat(List<Part> parts) {
    this.parts = List.copyOf(parts);
  }

  private interface Part {
    void append(StringBuilder out, ConsumerRecord<byte[], byte[]> record);
  }

  static RecordFormat parse(String pattern) {
    List<Part> parts = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c != '%' && c != '\\') {
        text.append(c);
        continue;
      }
      if (++i == pattern.length()) {
        throw CommandFailure.usage("--format ends with a lone " + c);
      }
      char next = pattern.charAt(i);
      if (c == '\\') {
        text.append(escaped(next));
      } else if (next == '%') {
        text.append('%');
      } else {
        addText(parts, text);
        parts.add(field(next));
      }
    }
    addText(parts, text);
    return new RecordFormat(parts);
  }

  /** One record a line, as a JSON object; what is not text in UTF-8 comes out with marks. */
  static RecordFormat json() {
    return new RecordFormat(
        List.of((out, record) -> out.append(jsonOf(record)).append(System.lineSeparator())));
  }

  String format(ConsumerRecord<byte[], byte[]> record) {
    StringBuilder out = new StringBuilder();
    parts.forEach(part -> part.append(out, record));
    return out.toString();
  }

  private static void addText(List<Part> parts, StringBuilder text) {
    if (!text.isEmpty()) {
      String fixed = text.toString();
      parts.add((out, record) -> out.append(fixed));
      text.setLength(0);
    }
  }

  private static char escaped(char c) {
    return switch (c) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case '\\' -> '\\';
      default -> throw CommandFailure.usage("--format: \\" + c + " is none of \\n, \\t, \\\\");
    };
  }

  private static Part field(char c) {
    return switch (c) {
      case 't' -> (out, record) -> out.append(record.topic());
      case 'p' -> (out, record) -> out.append(record.partition());
      case 'o' -> (out, record) -> out.append(record.offset());
      case 'T' -> (out, record) -> out.append(record.timestamp());
      case 'k' -> (out, record) -> out.append(text(record.key()));
      case 'v' -> (out, record) -> out.append(text(record.value()));
      case 'h' -> (out, record) -> out.append(headers(record));
      default ->
          throw CommandFailure.usage(
              "--format: %" + c + " is none of %t, %p, %o, %T, %k, %v, %h, %%");
    };
  }

  private static String jsonOf(ConsumerRecord<byte[], byte[]> record) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("topic", record.topic());
    fields.put("partition", record.partition());
    fields.put("offset", record.offset());
    fields.put("timestamp", record.timestamp());
    fields.put("key", record.key() == null ? null : text(record.key()));
    fields.put("value", record.value() == null ? null : text(record.value()));
    fields.put("headers", headerObjects(record));
    try {
      return JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES).asString(fields);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Map<String, @Nullable Object>> headerObjects(
      ConsumerRecord<byte[], byte[]> record) {
    List<Map<String, @Nullable Object>> objects = new ArrayList<>();
    for (Header header : record.headers()) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      object.put("key", header.key());
      object.put("value", header.value() == null ? null : text(header.value()));
      objects.add(object);
    }
    return objects;
  }

  private static String text(byte @Nullable [] bytes) {
    return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
  }

  private static String headers(ConsumerRecord<byte[], byte[]> record) {
    List<String> shown = new ArrayList<>();
    for (Header header : record.headers()) {
      shown.add(header.key() + "=" + text(header.value()));
    }
    return String.join(",", shown);
  }
}
