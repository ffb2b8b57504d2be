package io.tidemark.log.partition;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Small files of named values a person may read: {@code name<separator>value}, one a line. */
final class PropertyLines {
  private PropertyLines() {}

  static ByteBuffer encode(Map<String, String> values, String separator) {
    StringBuilder text = new StringBuilder();
    values.forEach((name, value) -> text.append(name + separator + value + "\n"));
    return ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Lines without the separator, and those that begin with a hash, are passed over. */
  static Map<String, String> decode(byte[] bytes, String separator) {
    Map<String, String> values = new HashMap<>();
    for (String line : new String(bytes, StandardCharsets.UTF_8).lines().toList()) {
      int at = line.indexOf(separator);
      if (at > 0 && !line.startsWith("#")) {
        values.put(line.substring(0, at).strip(), line.substring(at + separator.length()).strip());
      }
    }
    return values;
  }
}
