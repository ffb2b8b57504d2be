package io.tidemark.gateway.config;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/** Who may ask what at the HTTP port. Immutable, as the {@link NodeConfig} it looks into. */
public final class HttpSettings {
  private static final Set<String> ANONYMOUS = Set.of("probes", "metrics", "all");
  private static final int MIN_TOKEN_LENGTH = 16;

  private final NodeConfig node;

  HttpSettings(NodeConfig node) {
    this.node = node;
  }

  /** The settings of encryption, as if the port were one more listener. */
  public ListenerSettings encryption() {
    return new ListenerSettings(
        node, "HTTP", HttpKeys.PREFIX, SecurityProtocol.forName(node.getString(HttpKeys.PROTOCOL)));
  }

  /** Each {@code user:password}, as basic authentication sends it. */
  public List<String> users() {
    List<String> users = parts(HttpKeys.USERS);
    if (users.stream().anyMatch(user -> user.indexOf(':') < 1 || user.endsWith(":"))) {
      throw new ConfigException(HttpKeys.USERS, "[hidden]", "each must be user:password");
    }
    return users;
  }

  /** Tokens that open everything. */
  public List<String> tokens() {
    return tokens(HttpKeys.TOKEN);
  }

  /** Tokens that open the metrics. */
  public List<String> metricsTokens() {
    return tokens(HttpKeys.METRICS_TOKEN);
  }

  private List<String> tokens(String key) {
    List<String> tokens = parts(key);
    boolean isGood =
        tokens.stream()
            .allMatch(token ->
                token.length() >= MIN_TOKEN_LENGTH
                    && StandardCharsets.US_ASCII.newEncoder().canEncode(token)
                    && token.chars().noneMatch(c -> c <= ' '));
    if (!isGood) {
      throw new ConfigException(
          key, "[hidden]", "a token has at least 16 characters, of ASCII and without blanks");
    }
    return tokens;
  }

  private List<String> parts(String key) {
    List<String> parts = new ArrayList<>();
    for (String part : node.getString(key).split("[,\\r\\n]", -1)) {
      if (!part.isBlank()) {
        parts.add(part.strip());
      }
    }
    return parts;
  }

  /** Whether anybody has to say who he is. */
  public boolean asksForCredentials() {
    return !users().isEmpty() || !tokens().isEmpty() || !metricsTokens().isEmpty();
  }

  /** What strangers may ask for: probes, metrics or all. */
  public String anonymous() {
    return saidOfAnonymous().orElse(asksForCredentials() ? "probes" : "all");
  }

  Optional<String> saidOfAnonymous() {
    Optional<String> said =
        node.getOptional(HttpKeys.ANONYMOUS).map(text -> text.strip().toLowerCase(Locale.ROOT));
    if (said.isPresent() && !ANONYMOUS.contains(said.get())) {
      throw new ConfigException(HttpKeys.ANONYMOUS, said.get(), "must be probes, metrics or all");
    }
    return said;
  }
}
