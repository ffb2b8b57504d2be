package io.tidemark.gateway.config;

import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.config.ConfigDef;

/** Settings of delegation tokens. */
public final class TokenKeys {
  public static final String SECRET_KEY = "delegation.token.secret.key";
  public static final String MAX_LIFETIME_MS = "delegation.token.max.lifetime.ms";
  public static final String EXPIRY_TIME_MS = "delegation.token.expiry.time.ms";
  public static final String EXPIRY_CHECK_INTERVAL_MS = "delegation.token.expiry.check.interval.ms";

  private TokenKeys() {}

  static void define(ConfigDef definition) {
    new SettingsSection(definition, "Delegation tokens")
        .secret(
            SECRET_KEY,
            "Key from which the secrets of delegation tokens are worked out, the same on every"
                + " node. Not set means that there are no tokens.")
        .number(
            MAX_LIFETIME_MS,
            TimeUnit.DAYS.toMillis(7),
            1,
            "Milliseconds for which a token can be prolonged at most.")
        .number(
            EXPIRY_TIME_MS,
            TimeUnit.DAYS.toMillis(1),
            1,
            "Milliseconds for which a token is good, from when it was made or prolonged.")
        .number(
            EXPIRY_CHECK_INTERVAL_MS,
            TimeUnit.HOURS.toMillis(1),
            1,
            "Milliseconds between two looks for tokens that are over, which are removed. They are"
                + " no longer good before that.");
  }
}
