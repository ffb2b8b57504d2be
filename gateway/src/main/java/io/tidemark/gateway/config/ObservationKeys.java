package io.tidemark.gateway.config;

import org.apache.kafka.common.config.ConfigDef;

/** Settings of what the node tells about itself. */
public final class ObservationKeys {
  public static final String HTTP_LISTENER = "tidemark.http.listener";
  public static final String LOG_FORMAT = "tidemark.log.format";

  private ObservationKeys() {}

  static void define(ConfigDef definition) {
    new SettingsSection(definition, "Observation")
        .text(
            HTTP_LISTENER,
            "localhost:9094",
            "Where probes, metrics and the tools connect, as host:port; port 0 takes any free one.")
        .choice(
            LOG_FORMAT,
            "text",
            "How log events are written to standard error: text, or json with one object a line."
                + " The environment variable TIDEMARK_LOG_FORMAT does the same from the first line"
                + " on.",
            "text",
            "json");
  }
}
