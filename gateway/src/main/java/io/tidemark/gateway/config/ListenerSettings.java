package io.tidemark.gateway.config;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * The settings that hold for one listener: its own ({@code listener.name.NAME.key}) where it has
 * them, else the node's. Immutable, as the {@link NodeConfig} it looks into.
 */
public final class ListenerSettings {
  private final NodeConfig node;
  private final String name;
  private final String prefix;
  private final SecurityProtocol protocol;

  /**
   * @param prefix what its own settings begin with
   */
  ListenerSettings(NodeConfig node, String name, String prefix, SecurityProtocol protocol) {
    this.node = node;
    this.name = name;
    this.prefix = prefix;
    this.protocol = protocol;
  }

  public String name() {
    return name;
  }

  public SecurityProtocol protocol() {
    return protocol;
  }

  public boolean isEncrypted() {
    return protocol == SecurityProtocol.SSL || protocol == SecurityProtocol.SASL_SSL;
  }

  public boolean isSasl() {
    return protocol == SecurityProtocol.SASL_PLAINTEXT || protocol == SecurityProtocol.SASL_SSL;
  }

  /** A text, or a secret's, that is set and not blank. */
  public Optional<String> getOptional(String key) {
    return node.getOptional(holding(key));
  }

  public String getString(String key) {
    return node.getString(holding(key));
  }

  public List<String> getList(String key) {
    return node.getList(holding(key)).stream().filter(text -> !text.isBlank()).toList();
  }

  public int getInt(String key) {
    return node.getInt(holding(key));
  }

  public long getLong(String key) {
    return node.getLong(holding(key));
  }

  public boolean getBoolean(String key) {
    return node.getBoolean(holding(key));
  }

  /** Mechanisms in the order in which clients are told of them. */
  public List<String> mechanisms() {
    return getList(SaslKeys.ENABLED_MECHANISMS).stream()
        .map(mechanism -> mechanism.strip().toUpperCase(Locale.ROOT))
        .distinct()
        .toList();
  }

  /** A mechanism's own value on this listener, which nothing else stands in for. */
  public Optional<String> ofMechanism(String mechanism, String key) {
    String own = own(mechanism.toLowerCase(Locale.ROOT) + "." + key);
    return node.isSet(own) ? node.getOptional(own) : Optional.empty();
  }

  /** After how long clients of a mechanism must authenticate again; 0 means never. */
  public long maxReauthMs(String mechanism) {
    String own = own(mechanism.toLowerCase(Locale.ROOT) + "." + SaslKeys.MAX_REAUTH_MS);
    return node.isSet(own) ? node.getLong(own) : getLong(SaslKeys.MAX_REAUTH_MS);
  }

  /** Everything of TLS, by Kafka's names and in the types that its classes expect; mutable. */
  public Map<String, Object> tls() {
    Map<String, Object> settings = new HashMap<>();
    for (String key : TlsKeys.OF_LISTENERS) {
      Object value = node.value(holding(key));
      if (value != null && !isBlank(value)) {
        settings.put(key, value);
      }
    }
    if (!isKnownByCertificate() && !node.isSet(own(TlsKeys.CLIENT_AUTH))) {
      settings.put(TlsKeys.CLIENT_AUTH, "none"); // as in Kafka: who they are is SASL's to say
    }
    return settings;
  }

  private boolean isKnownByCertificate() {
    return protocol != SecurityProtocol.SASL_SSL && !prefix.equals(HttpKeys.PREFIX);
  }

  private static boolean isBlank(Object value) {
    return switch (value) {
      case String text -> text.isBlank();
      case Password secret -> secret.value().isBlank();
      default -> false;
    };
  }

  private String holding(String key) {
    String own = own(key);
    return node.isSet(own) ? own : key;
  }

  /** The key that holds for this listener alone. */
  String own(String key) {
    return prefix + key;
  }
}
