package io.tidemark.gateway.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * Turns what was written down into a {@link NodeConfig}, or into the list of everything that is
 * wrong with it. Used once, by one thread.
 */
final class NodeConfigReader {
  private static final String OVERRIDE_SOURCE = "--set";

  private final List<String> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final Map<String, String> ignored = new TreeMap<>();
  private final Map<String, SourcedValue> known = new LinkedHashMap<>();
  private final Map<String, String> references = new HashMap<>(); // by key, as they were written
  private final ValueReferences resolver;

  /** Reads with the variables of this process. */
  NodeConfigReader() {
    this(System::getenv);
  }

  NodeConfigReader(UnaryOperator<@Nullable String> environment) {
    this.resolver = new ValueReferences(environment);
  }

  /** Reads a file, if there is one, and overrides on top of it. */
  NodeConfig read(@Nullable Path file, List<String> overrides) {
    if (file != null) {
      readFile(file);
    }
    overrides.forEach(this::readOverride);
    return build();
  }

  /** Takes values from memory. */
  NodeConfig read(Map<String, String> values) {
    values.forEach((key, value) -> sort(new SourcedValue(key, value, "configuration")));
    return build();
  }

  private void readFile(Path file) {
    try {
      Map<String, SourcedValue> once = new LinkedHashMap<>();
      for (SourcedValue value : PropertiesFile.read(file)) {
        SourcedValue earlier = once.put(value.key(), value);
        if (earlier != null) {
          warnings.add(
              "%s: %s was already set at %s; the later value holds"
                  .formatted(value.source(), value.key(), earlier.source()));
        }
      }
      once.values().forEach(this::sort);
    } catch (IOException e) {
      problems.add("--config: " + file + " cannot be read: " + e);
    }
  }

  private void readOverride(String override) {
    int equals = override.indexOf('=');
    if (equals < 1) {
      problems.add("--set " + override + ": must be of the form key=value");
      return;
    }
    String key = override.substring(0, equals).strip();
    sort(new SourcedValue(key, override.substring(equals + 1).strip(), OVERRIDE_SOURCE));
  }

  private void sort(SourcedValue value) {
    String refusal = RefusedSettings.reason(value.key(), value.value());
    String noEffect = IgnoredSettings.reason(value.key());
    if (refusal != null) {
      problems.add("%s: %s cannot be set: %s".formatted(value.source(), value.key(), refusal));
    } else if (NodeDefinition.key(value.key()) != null) {
      known.put(value.key(), value);
    } else if (noEffect != null) {
      ignored.put(value.key(), noEffect);
    } else if (!RefusedSettings.contains(value.key())) {
      problems.add(unknown(value));
    }
  }

  private static String unknown(SourcedValue value) {
    Set<String> names = new TreeSet<>(NodeDefinition.keys().keySet());
    names.addAll(IgnoredSettings.all().keySet());
    String guess =
        NearestName.of(value.key(), names).map(name -> "; did you mean " + name + "?").orElse("");
    return "%s: unknown setting %s%s".formatted(value.source(), value.key(), guess);
  }

  private NodeConfig build() {
    alias(IdentityKeys.BROKER_ID, IdentityKeys.NODE_ID);
    alias(LogKeys.LOG_DIR, LogKeys.LOG_DIRS);
    known.replaceAll((key, value) -> resolved(value));
    Map<String, String> given = new HashMap<>();
    known.forEach((key, value) -> given.put(key, value.value()));
    Map<String, @Nullable Object> parsed = new HashMap<>();
    NodeDefinition.keys().forEach((name, key) -> parsed.put(name, parse(key)));
    ListenerKeys.among(known.keySet()).forEach(key -> parsed.put(key.name, parse(key)));
    stopIfWrong();
    warnAboutIgnored();
    NodeConfig config =
        NodeConfig.checked(new Layers(Map.of(), Map.of(), given), parsed, warnings, problems);
    stopIfWrong();
    return config;
  }

  private void alias(String older, String newer) {
    SourcedValue value = known.get(older);
    if (value != null && !known.containsKey(newer)) {
      known.put(newer, new SourcedValue(newer, value.value(), value.source()));
    }
  }

  private SourcedValue resolved(SourcedValue value) {
    if (!ValueReferences.isIn(value.value())) {
      return value;
    }
    references.put(value.key(), value.value());
    try {
      return new SourcedValue(value.key(), resolver.resolve(value.value()), value.source());
    } catch (ConfigException e) {
      problems.add("%s: %s: %s".formatted(value.source(), value.key(), e.getMessage()));
      return value;
    }
  }

  private @Nullable Object parse(ConfigKey key) {
    SourcedValue given = known.get(key.name);
    if (given == null) {
      return key.defaultValue;
    }
    try {
      return parse(key, given.value());
    } catch (ConfigException e) {
      problems.add(given.source() + ": " + said(key, e));
      return null;
    }
  }

  /** What was put in for a reference may be secret, and is not repeated. */
  private String said(ConfigKey key, ConfigException e) {
    String reference = references.get(key.name);
    return reference == null
        ? String.valueOf(e.getMessage())
        : "%s: what %s stands for is no %s that can be used here"
            .formatted(key.name, reference, key.type.name().toLowerCase(Locale.ROOT));
  }

  /** Parses and checks one value; throws {@link ConfigException}. */
  static @Nullable Object parse(ConfigKey key, String text) {
    Object value = ConfigDef.parseType(key.name, text, key.type);
    if (key.validator != null) {
      key.validator.ensureValid(key.name, value);
    }
    return value;
  }

  private void warnAboutIgnored() {
    if (!ignored.isEmpty()) {
      List<String> entries = new ArrayList<>();
      ignored.forEach((key, reason) -> entries.add(key + " (" + reason + ")"));
      warnings.add("These settings have no effect here: " + String.join(", ", entries));
    }
  }

  private void stopIfWrong() {
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
  }
}
