package io.tidemark.gateway.security.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.security.JaasContext;
import org.apache.kafka.common.security.plain.PlainAuthenticateCallback;
import org.apache.kafka.common.security.plain.PlainLoginModule;
import org.jspecify.annotations.Nullable;

/**
 * PLAIN's users, from a listener's JAAS text. Only digests of passwords are kept, and comparing
 * takes the same time whether there is such a user or not.
 */
final class PlainUsers implements CallbackHandler {
  private static final String USER = "user_";
  private static final String KEY = "plain.sasl.jaas.config";

  private final Map<String, byte[]> digests;

  private PlainUsers(Map<String, byte[]> digests) {
    this.digests = digests;
  }

  /** Throws {@link ConfigException} where the text is none of PlainLoginModule's. */
  static PlainUsers parse(String listener, String jaas) {
    Map<String, byte[]> digests = new HashMap<>();
    for (AppConfigurationEntry entry : entries(listener, jaas)) {
      if (!entry.getLoginModuleName().equals(PlainLoginModule.class.getName())) {
        throw new ConfigException(KEY, "[hidden]", "must name " + PlainLoginModule.class.getName());
      }
      entry
          .getOptions()
          .forEach((name, value) -> {
            if (name.startsWith(USER)) {
              digests.put(name.substring(USER.length()), digest(String.valueOf(value)));
            }
          });
    }
    return new PlainUsers(digests);
  }

  private static List<AppConfigurationEntry> entries(String listener, String jaas) {
    try {
      return JaasContext.loadServerContext(
              new ListenerName(listener), "PLAIN", Map.of(KEY, new Password(jaas)))
          .configurationEntries();
    } catch (IllegalArgumentException e) {
      throw new ConfigException( // what was read may be part of a password
          KEY, "[hidden]", "is not of the form PlainLoginModule required user_NAME=\"password\";");
    }
  }

  @Override
  public void handle(Callback[] callbacks) throws UnsupportedCallbackException {
    @Nullable String user = null;
    for (Callback callback : callbacks) {
      switch (callback) {
        case NameCallback name -> user = name.getDefaultName();
        case PlainAuthenticateCallback asked ->
            asked.authenticated(isRight(user, new String(asked.password())));
        default -> throw new UnsupportedCallbackException(callback);
      }
    }
  }

  private boolean isRight(@Nullable String user, String password) {
    byte[] expected = user == null ? null : digests.get(user);
    byte[] given = digest(password);
    return MessageDigest.isEqual(given, expected == null ? new byte[given.length] : expected)
        && expected != null;
  }

  private static byte[] digest(String password) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(password.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
