package io.tidemark.gateway.config;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.jspecify.annotations.Nullable;

/**
 * Settings that a listener may have for itself, as {@code listener.name.NAME.key} with the
 * listener's name in lower case; those of encryption also for the HTTP port, behind {@code
 * tidemark.http.} Limits of connections and stores of certificates can be changed while the node
 * runs, the rest needs a restart.
 */
final class ListenerKeys {
  private static final Set<String> LIMITS =
      Set.of(NetworkKeys.MAX_CONNECTIONS, NetworkKeys.MAX_CONNECTION_CREATION_RATE);
  private static final Pattern NAME = Pattern.compile("listener\\.name\\.([a-z0-9_-]+)\\.(.+)");

  private ListenerKeys() {}

  static boolean is(String name) {
    return general(name) != null;
  }

  /** The node's key whose place this one takes, be it a listener's or the HTTP port's; or null. */
  private static @Nullable String general(String name) {
    Matcher matcher = NAME.matcher(name);
    if (matcher.matches()) {
      return isOne(matcher.group(2)) ? matcher.group(2) : null;
    }
    String ofHttp =
        name.startsWith(HttpKeys.PREFIX) ? name.substring(HttpKeys.PREFIX.length()) : "";
    return HttpKeys.OF_TLS.contains(ofHttp) ? ofHttp : null;
  }

  private static boolean isOne(String key) {
    return LIMITS.contains(key)
        || TlsKeys.OF_LISTENERS.contains(key)
        || SaslKeys.OF_LISTENERS.contains(key)
        || !SaslKeys.withoutMechanism(key).equals(key);
  }

  /** Whether it is one that can be changed while the node runs. */
  static boolean isDynamic(String name) {
    Matcher matcher = NAME.matcher(name);
    return matcher.matches()
        && (LIMITS.contains(matcher.group(2)) || TlsKeys.DYNAMIC.contains(matcher.group(2)));
  }

  /** Whether it is one of a listener's certificates, which only its node can judge. */
  static boolean isOfTls(String name) {
    Matcher matcher = NAME.matcher(name);
    return matcher.matches() && TlsKeys.DYNAMIC.contains(matcher.group(2));
  }

  static String own(String listener, String key) {
    return prefix(listener) + key;
  }

  /** What a listener's own settings begin with. */
  static String prefix(String listener) {
    return "listener.name." + listener.toLowerCase(Locale.ROOT) + ".";
  }

  /** What the node's key is defined as, under the listener's name; null when this is none. */
  static @Nullable ConfigKey key(String name, Map<String, ConfigKey> definitions) {
    String general = general(name);
    if (general == null) {
      return null;
    }
    ConfigKey key = definitions.get(SaslKeys.withoutMechanism(general));
    return key == null ? null : renamed(key, name);
  }

  private static @Nullable ConfigKey renamed(ConfigKey key, String name) {
    ConfigDef definition = new ConfigDef();
    new SettingsSection(definition, key.group)
        .define(name, key.type, key.defaultValue, key.validator, key.documentation);
    return definition.configKeys().get(name);
  }

  /** Definitions of those names that are a listener's. */
  static List<ConfigKey> among(Collection<String> names) {
    return names.stream()
        .filter(ListenerKeys::is)
        .map(NodeDefinition::key)
        .filter(key -> key != null)
        .toList();
  }

  /** What the listener has for itself, or no limit. */
  static int number(NodeConfig node, String listener, String key) {
    return node.getOptionalNumber(own(listener, key))
        .map(Number::intValue)
        .orElse(Integer.MAX_VALUE);
  }
}
