package io.tidemark.bench.client;

import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A command's {@code --name value} pairs. Every pair given must be asked for. */
final class Options {
  private final Map<String, String> values = new LinkedHashMap<>();
  private final Set<String> asked = new HashSet<>();

  private Options() {}

  /** Pairs from the argument at {@code from} on. */
  static Options of(String[] arguments, int from) {
    Options options = new Options();
    for (int i = from; i < arguments.length; i += 2) {
      if (!arguments[i].startsWith("--") || i + 1 == arguments.length) {
        throw new IllegalArgumentException("Not a --name value pair: " + arguments[i]);
      }
      options.values.put(arguments[i].substring(2), arguments[i + 1]);
    }
    return options;
  }

  String text(String name, String otherwise) {
    asked.add(name);
    return values.getOrDefault(name, otherwise);
  }

  int number(String name, int otherwise) {
    return Integer.parseInt(text(name, Integer.toString(otherwise)));
  }

  InetSocketAddress address(String name, String otherwise) {
    String text = text(name, otherwise);
    int colon = text.lastIndexOf(':');
    return new InetSocketAddress(
        text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
  }

  /** Refuses what nobody has asked for: a misspelt name must not go unnoticed. */
  void refuseOthers() {
    for (String name : values.keySet()) {
      if (!asked.contains(name)) {
        throw new IllegalArgumentException("Unknown option --" + name);
      }
    }
  }
}
