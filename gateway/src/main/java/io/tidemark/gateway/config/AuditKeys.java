package io.tidemark.gateway.config;

import org.apache.kafka.common.config.ConfigDef;

/** Settings of the audit log. */
public final class AuditKeys {
  public static final String FILE = "tidemark.audit.file";
  public static final String FILE_MAX_BYTES = "tidemark.audit.file.max.bytes";
  public static final String FILE_MAX_COUNT = "tidemark.audit.file.max.count";
  public static final String TOPIC = "tidemark.audit.topic";
  public static final String PRODUCER_CONFIG = "tidemark.audit.producer.config";
  public static final String QUEUE_EVENTS = "tidemark.audit.queue.events";

  private static final int MAX_FILES = 20;

  private AuditKeys() {}

  static void define(ConfigDef definition) {
    new SettingsSection(definition, "Audit log")
        .text(
            FILE,
            null,
            "File to which logins, refusals and changes are written, one JSON object a line"
                + " (docs/formats.md). Not set means none.")
        .number(
            FILE_MAX_BYTES,
            64L << 20,
            1 << 20,
            "Size, in bytes, at which the file is renamed, to .1 and so on, and begun anew.")
        .define(
            FILE_MAX_COUNT,
            ConfigDef.Type.INT,
            10,
            ConfigDef.Range.between(1, MAX_FILES),
            "How many renamed files are kept.")
        .text(
            TOPIC,
            null,
            "Topic to which the same is produced, one event a record. Not set means none.")
        .text(
            PRODUCER_CONFIG,
            null,
            "A properties file with settings of the Kafka producer that writes to the topic:"
                + " security, and bootstrap.servers where it is not this node's"
                + " inter.broker.listener.name.")
        .integer(
            QUEUE_EVENTS,
            10_000,
            1,
            "Events that may wait to be written to the file, and to the topic. What is over that is"
                + " left out and counted; nobody waits for the audit log.");
  }
}
