package io.tidemark.gateway.cli;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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
