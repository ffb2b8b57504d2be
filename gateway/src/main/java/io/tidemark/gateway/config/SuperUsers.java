package io.tidemark.gateway.config;

import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.utils.internals.SecurityUtils;

/** Reads {@code super.users}. */
final class SuperUsers {
  private SuperUsers() {}

  /** {@code User:a;User:b}; throws {@link ConfigException}. */
  static Set<KafkaPrincipal> parse(String text) {
    Set<KafkaPrincipal> users = new HashSet<>();
    for (String user : text.split(";", -1)) {
      if (!user.isBlank()) {
        users.add(principal(user.strip()));
      }
    }
    return Set.copyOf(users);
  }

  private static KafkaPrincipal principal(String text) {
    try {
      return SecurityUtils.parseKafkaPrincipal(text);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          AuthorisationKeys.SUPER_USERS, text, "is not of the form User:NAME");
    }
  }
}
