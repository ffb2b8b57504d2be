package io.tidemark.gateway.config;

import org.apache.kafka.common.config.ConfigDef;

/** Settings of quotas; the quotas themselves are the cluster's, and altered while it runs. */
public final class QuotaKeys {
  public static final String WINDOW_NUM = "quota.window.num";
  public static final String WINDOW_SIZE_SECONDS = "quota.window.size.seconds";
  public static final String CONTROLLER_WINDOW_NUM = "controller.quota.window.num";
  public static final String CONTROLLER_WINDOW_SIZE_SECONDS =
      "controller.quota.window.size.seconds";

  private static final int MAX_WINDOWS = 1_000;
  private static final int MAX_WINDOW_SECONDS = 86_400;

  private QuotaKeys() {}

  static void define(ConfigDef definition) {
    new SettingsSection(definition, "Quotas")
        .define(
            WINDOW_NUM,
            ConfigDef.Type.INT,
            11,
            ConfigDef.Range.between(1, MAX_WINDOWS),
            "Over how many windows the use of a quota is averaged, the one under way among them.")
        .define(
            WINDOW_SIZE_SECONDS,
            ConfigDef.Type.INT,
            1,
            ConfigDef.Range.between(1, MAX_WINDOW_SECONDS),
            "How long each of them is.")
        .define(
            CONTROLLER_WINDOW_NUM,
            ConfigDef.Type.INT,
            11,
            ConfigDef.Range.between(1, MAX_WINDOWS),
            "The same for controller_mutation_rate: who was quiet for all of these windows may use"
                + " what they bring at once.")
        .define(
            CONTROLLER_WINDOW_SIZE_SECONDS,
            ConfigDef.Type.INT,
            1,
            ConfigDef.Range.between(1, MAX_WINDOW_SECONDS),
            "How long each of them is.");
  }
}
