package io.tidemark.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The services of {@code deploy/compose.yaml}: their commands and environments. Reads as much of
 * YAML as is written there: keys by their indentation, plain values, values with a name ({@code
 * &name}) and references to them ({@code *name}).
 */
public final class ComposeFile {
  private static final String SET = "--set=";
  private static final Pattern NAMED = Pattern.compile("&([\\w-]+) (\\S.*)$");
  private static final Pattern SERVICE = Pattern.compile("^ {2}([\\w-]+):$");
  private static final Pattern ITEM = Pattern.compile("^ {6}- (.+)$");
  private static final Pattern VARIABLE = Pattern.compile("^ {6}([A-Z0-9_]+): (.+)$");

  private final Map<String, String> named = new HashMap<>();
  private final Map<String, List<String>> commands = new LinkedHashMap<>();
  private final Map<String, Map<String, String>> environments = new LinkedHashMap<>();

  private ComposeFile(List<String> lines) {
    for (String line : lines) {
      Matcher value = NAMED.matcher(line);
      if (value.find()) {
        named.put(value.group(1), value.group(2));
      }
    }
    String service = "";
    for (String line : lines.subList(lines.indexOf("services:"), lines.lastIndexOf("volumes:"))) {
      Matcher name = SERVICE.matcher(line);
      if (name.matches()) {
        service = name.group(1);
      }
      take(service, line);
    }
  }

  private void take(String service, String line) {
    Matcher item = ITEM.matcher(line);
    if (item.matches()) {
      commands.computeIfAbsent(service, _ -> new ArrayList<>()).add(resolved(item.group(1)));
    }
    Matcher variable = VARIABLE.matcher(line);
    if (variable.matches()) {
      environments
          .computeIfAbsent(service, _ -> new LinkedHashMap<>())
          .put(variable.group(1), resolved(variable.group(2)));
    }
  }

  public static ComposeFile read(Path file) throws IOException {
    return new ComposeFile(Files.readAllLines(file));
  }

  private String resolved(String value) {
    if (value.startsWith("*")) {
      return named(value.substring(1));
    }
    Matcher name = NAMED.matcher(value);
    return (name.matches() ? name.group(2) : value).replaceAll("^\"|\"$", "");
  }

  /** The value that has a name. */
  public String named(String name) {
    String value = named.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no value is named " + name);
    }
    return value;
  }

  /** The services that have a command of several items. */
  public Set<String> services() {
    return commands.keySet();
  }

  /** The settings among what a service is started with, as {@code key=value}. */
  public List<String> settings(String service) {
    return commands.getOrDefault(service, List.of()).stream()
        .filter(item -> item.startsWith(SET))
        .map(item -> item.substring(SET.length()))
        .toList();
  }

  /** The variables that a service has for itself. */
  public Map<String, String> environment(String service) {
    return environments.getOrDefault(service, Map.of());
  }
}
