package io.tidemark.gateway.config;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Range;

/** Settings of the console. */
public final class ConsoleKeys {
  public static final String PRICE_STORAGE = "tidemark.console.price.storage.gb.month";
  public static final String PRICE_WRITES = "tidemark.console.price.writes.1000";
  public static final String PRICE_READS = "tidemark.console.price.reads.1000";
  public static final String PRICE_CURRENCY = "tidemark.console.price.currency";

  private ConsoleKeys() {}

  static void define(ConfigDef definition) {
    SettingsSection section = new SettingsSection(definition, "Console");
    price(
        section,
        PRICE_STORAGE,
        0.023,
        "What the object store takes for 2^30 bytes kept for a month, for the console's estimates;"
            + " as preset, S3 Standard in us-east-1.");
    price(
        section,
        PRICE_WRITES,
        0.005,
        "What the object store takes for a thousand calls that write or list.");
    price(
        section,
        PRICE_READS,
        0.0004,
        "What the object store takes for a thousand calls that read.");
    section.text(PRICE_CURRENCY, "USD", "The currency of these prices, as it is to be shown.");
  }

  private static void price(SettingsSection section, String key, double preset, String text) {
    section.define(key, ConfigDef.Type.DOUBLE, preset, Range.atLeast(0), text);
  }
}
