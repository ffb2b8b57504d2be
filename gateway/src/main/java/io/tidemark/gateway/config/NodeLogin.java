package io.tidemark.gateway.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.security.JaasContext;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule;
import org.apache.kafka.common.security.plain.PlainLoginModule;
import org.apache.kafka.common.security.scram.ScramLoginModule;
import org.jspecify.annotations.Nullable;

/** By what this node logs in to others, from a listener's settings. */
public sealed interface NodeLogin {

  /** PLAIN and SCRAM. */
  record UserAndPassword(String user, String password) implements NodeLogin {
    @Override
    public String toString() {
      return "User:" + user; // never the password
    }
  }

  /**
   * OAUTHBEARER.
   *
   * @param url of an issuer that is asked with the client's credentials, or of a file
   */
  record Token(String url, String clientId, String clientSecret, String scope)
      implements NodeLogin {
    @Override
    public String toString() {
      return "token of " + url; // never the secret
    }
  }

  /** Throws {@link ConfigException} where the settings do not say enough. */
  static NodeLogin of(ListenerSettings listener, String mechanism) {
    return mechanism.equals("OAUTHBEARER") ? token(listener) : userAndPassword(listener, mechanism);
  }

  private static NodeLogin userAndPassword(ListenerSettings listener, String mechanism) {
    Class<?> module = mechanism.equals("PLAIN") ? PlainLoginModule.class : ScramLoginModule.class;
    Map<String, ?> options = options(listener, mechanism, module);
    if (!(options.get("username") instanceof String user)
        || !(options.get("password") instanceof String password)) {
      throw new ConfigException(
          "%s: this node logs in to others by it and needs username and password there"
              .formatted(key(listener, mechanism)));
    }
    return new UserAndPassword(user, password);
  }

  private static NodeLogin token(ListenerSettings listener) {
    String url = listener.getString(SaslKeys.TOKEN_URL);
    if (url.isEmpty()) {
      throw new ConfigException(
          "%s: this node logs in to others by OAUTHBEARER and needs tokens"
              .formatted(ListenerKeys.own(listener.name(), SaslKeys.TOKEN_URL)));
    }
    boolean hasJaas = listener.ofMechanism("OAUTHBEARER", SaslKeys.JAAS_CONFIG).isPresent();
    Map<String, ?> options =
        hasJaas ? options(listener, "OAUTHBEARER", OAuthBearerLoginModule.class) : Map.of();
    return new Token(
        url,
        either(listener, SaslKeys.TOKEN_CLIENT_ID, options.get("clientId")),
        either(listener, SaslKeys.TOKEN_CLIENT_SECRET, options.get("clientSecret")),
        either(listener, SaslKeys.TOKEN_SCOPE, options.get("scope")));
  }

  private static String either(ListenerSettings listener, String key, @Nullable Object option) {
    return listener.getOptional(key).orElse(option == null ? "" : option.toString());
  }

  private static Map<String, ?> options(
      ListenerSettings listener, String mechanism, Class<?> module) {
    Optional<String> jaas = listener.ofMechanism(mechanism, SaslKeys.JAAS_CONFIG);
    if (jaas.isEmpty()) {
      throw new ConfigException(
          "%s: this node logs in to others by it".formatted(key(listener, mechanism)));
    }
    String name = mechanism.toLowerCase(Locale.ROOT) + "." + SaslKeys.JAAS_CONFIG;
    List<AppConfigurationEntry> entries;
    try {
      entries =
          JaasContext.loadServerContext(
                  new ListenerName(listener.name()),
                  mechanism,
                  Map.of(name, new Password(jaas.get())))
              .configurationEntries();
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          "%s: cannot be read: %s".formatted(key(listener, mechanism), e.getMessage()));
    }
    return entries.stream()
        .filter(entry -> entry.getLoginModuleName().equals(module.getName()))
        .findFirst()
        .orElseThrow(() ->
            new ConfigException(
                "%s: must name %s".formatted(key(listener, mechanism), module.getName())))
        .getOptions();
  }

  private static String key(ListenerSettings listener, String mechanism) {
    return ListenerKeys.own(
        listener.name(), mechanism.toLowerCase(Locale.ROOT) + "." + SaslKeys.JAAS_CONFIG);
  }
}
