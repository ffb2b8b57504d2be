package io.tidemark.gateway.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * Puts in what a value only refers to, so that secrets need not stand in a configuration. The names
 * are those of Kafka's own providers:
 *
 * <pre>
 *   ${env:NAME}          an environment variable
 *   ${file:PATH:KEY}     a key of a properties file
 *   ${file:PATH}         a whole file, without the line's end it closes with
 *   ${dir:PATH:NAME}     a whole file of a folder, as secrets are mounted in containers
 *   $${                  the two characters ${ themselves
 * </pre>
 *
 * What is put in is not looked at for further references. Only what a node is started with is
 * resolved; nothing that comes over the network is.
 */
final class ValueReferences {
  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\$\\{|\\$\\{([A-Za-z0-9_.-]+):([^}]*)}");
  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9._-]*[A-Za-z0-9_-]");
  private static final long MAX_FILE_BYTES = 1 << 20;

  private final UnaryOperator<@Nullable String> environment;
  private final Map<Path, Map<String, String>> files = new HashMap<>();

  /**
   * @param environment the value of a variable, null where it is not set
   */
  ValueReferences(UnaryOperator<@Nullable String> environment) {
    this.environment = environment;
  }

  /** Whether a value has references in it, or something that looks like one. */
  static boolean isIn(String value) {
    return REFERENCE.matcher(value).find();
  }

  /** The value with everything put in; throws {@link ConfigException} with what cannot be found. */
  String resolve(String value) {
    return REFERENCE
        .matcher(value)
        .replaceAll(match ->
            Matcher.quoteReplacement(
                match.group(1) == null
                    ? "${"
                    : found(match.group(), match.group(1), match.group(2))));
  }

  private String found(String reference, String provider, String rest) {
    try {
      return switch (provider) {
        case "env" -> variable(reference, rest);
        case "file" -> ofFile(reference, rest);
        case "dir" -> ofFolder(reference, rest);
        default ->
            throw new ConfigException(
                reference + " refers to nothing: only ${env:…}, ${file:…} and ${dir:…} do");
      };
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigException(reference + " cannot be read: " + e);
    }
  }

  private String variable(String reference, String name) {
    String value = environment.apply(name);
    if (value == null) {
      throw new ConfigException(reference + ": the environment variable is not set");
    }
    return value;
  }

  private String ofFile(String reference, String rest) throws IOException {
    int colon = rest.indexOf(':');
    if (colon < 0) {
      return whole(Path.of(rest));
    }
    Path file = Path.of(rest.substring(0, colon));
    String key = rest.substring(colon + 1);
    Map<String, String> values = files.get(file);
    if (values == null) {
      values = properties(file);
      files.put(file, values);
    }
    String value = values.get(key);
    if (value == null) {
      throw new ConfigException(reference + ": the file has no such key");
    }
    return value;
  }

  private static Map<String, String> properties(Path file) throws IOException {
    requireSmall(file);
    Map<String, String> values = new HashMap<>();
    PropertiesFile.read(file).forEach(value -> values.put(value.key(), value.value()));
    return values;
  }

  private static String ofFolder(String reference, String rest) throws IOException {
    int colon = rest.indexOf(':');
    String name = rest.substring(colon + 1);
    if (colon < 0 || !FILE_NAME.matcher(name).matches()) {
      throw new ConfigException(reference + " is not of the form ${dir:PATH:NAME}");
    }
    return whole(Path.of(rest.substring(0, colon)).resolve(name));
  }

  private static String whole(Path file) throws IOException {
    requireSmall(file);
    String text = Files.readString(file, StandardCharsets.UTF_8);
    int end = text.length();
    if (end > 0 && text.charAt(end - 1) == '\n') {
      end--;
    }
    if (end > 0 && text.charAt(end - 1) == '\r') {
      end--;
    }
    return text.substring(0, end);
  }

  private static void requireSmall(Path file) throws IOException {
    if (Files.size(file) > MAX_FILE_BYTES) {
      throw new IOException(file + " is larger than " + MAX_FILE_BYTES + " bytes");
    }
  }
}
