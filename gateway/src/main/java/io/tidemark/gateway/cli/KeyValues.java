package io.tidemark.gateway.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code key=value} arguments; the value may hold further equals signs and may be empty. */
final class KeyValues {
  private KeyValues() {}

  static Map<String, String> parse(String option, List<String> arguments) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (equals <= 0) {
        throw CommandFailure.usage(option + " " + argument + " is not of the form key=value");
      }
      values.put(argument.substring(0, equals), argument.substring(equals + 1));
    }
    return values;
  }
}
