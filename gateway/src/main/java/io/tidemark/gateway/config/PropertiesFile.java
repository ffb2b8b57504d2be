package io.tidemark.gateway.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * Reads a Java properties file and remembers the line of each setting. The format is that of {@link
 * Properties}, in UTF-8: {@code key=value}, comments with {@code #} or {@code !}, a backslash at a
 * line's end goes on in the next.
 */
final class PropertiesFile {
  private PropertiesFile() {}

  static List<SourcedValue> read(Path file) throws IOException {
    return parse(file.toString(), Files.readAllLines(file, StandardCharsets.UTF_8));
  }

  static List<SourcedValue> parse(String name, List<String> lines) {
    List<SourcedValue> values = new ArrayList<>();
    int next = 0;
    while (next < lines.size()) {
      int first = next;
      StringBuilder logical = new StringBuilder(lines.get(next++));
      while (next < lines.size() && !isComment(logical) && endsInBackslash(logical)) {
        logical.append('\n').append(lines.get(next++));
      }
      parse(logical.toString())
          .forEach((key, value) ->
              values.add(
                  new SourcedValue(
                      key.toString(), value.toString().strip(), name + ":" + (first + 1))));
    }
    return values;
  }

  private static boolean isComment(CharSequence line) {
    String text = line.toString().stripLeading();
    return text.startsWith("#") || text.startsWith("!");
  }

  private static boolean endsInBackslash(CharSequence line) {
    int backslashes = 0;
    while (backslashes < line.length() && line.charAt(line.length() - 1 - backslashes) == '\\') {
      backslashes++;
    }
    return backslashes % 2 == 1;
  }

  private static Properties parse(String logicalLine) {
    Properties one = new Properties();
    try {
      one.load(new StringReader(logicalLine));
    } catch (IOException e) {
      throw new IllegalStateException("a string cannot fail to be read", e);
    }
    return one;
  }
}
