package io.tidemark.gateway.node;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.gateway.config.AuditKeys;
import io.tidemark.gateway.config.ConfigurationException;
import io.tidemark.gateway.config.HostPort;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.logging.RollingLines;
import io.tidemark.gateway.security.audit.Audit;
import io.tidemark.gateway.security.audit.AuditLog;
import io.tidemark.gateway.security.audit.WitnessedDoor;
import io.tidemark.gateway.security.auth.Door;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;

/**
 * Where the node's audit log goes: to a file from the start, to a topic once the node serves. Made
 * and closed by the node's one thread.
 */
final class AuditWiring implements AutoCloseable {
  private final NodeConfig config;
  private final NodePorts ports;
  private final AuditLog log;

  AuditWiring(NodeConfig config, NodePorts ports, MeterRegistry meters) {
    this.config = config;
    this.ports = ports;
    this.log =
        new AuditLog(
            config.nodeId(),
            config.getOptional(AuditKeys.FILE).isPresent()
                || config.getOptional(AuditKeys.TOPIC).isPresent(),
            config.getInt(AuditKeys.QUEUE_EVENTS),
            ports.time(),
            meters);
  }

  Audit log() {
    return log;
  }

  /** A listener's door, whose comings and refusals are told where anybody listens. */
  Door witnessed(Door door, String listener) {
    return log.isOn() ? new WitnessedDoor(door, listener, log) : door;
  }

  /** Throws {@link ConfigException} where the file cannot be written to. */
  void openFile() {
    Optional<String> file = config.getOptional(AuditKeys.FILE);
    if (file.isEmpty()) {
      return;
    }
    try {
      log.add(
          RollingLines.open(
              Path.of(file.get()),
              config.getLong(AuditKeys.FILE_MAX_BYTES),
              config.getInt(AuditKeys.FILE_MAX_COUNT)),
          ports.thread("audit-file"));
    } catch (IOException e) {
      throw new ConfigException(AuditKeys.FILE + ": " + e.getMessage());
    }
  }

  /**
   * Begins to produce to the topic, where there is one.
   *
   * @param own where this node serves itself, unless the settings say where else
   */
  void openTopic(HostPort own) throws IOException {
    Optional<String> topic = config.getOptional(AuditKeys.TOPIC);
    if (topic.isEmpty()) {
      return;
    }
    Map<String, Object> settings = new HashMap<>(producerSettings());
    settings.putIfAbsent("bootstrap.servers", own.toString());
    try {
      log.add(new AuditTopic(topic.get(), settings, log.dropped()), ports.thread("audit-topic"));
    } catch (KafkaException e) {
      throw new ConfigurationException(
          List.of(AuditKeys.PRODUCER_CONFIG + ": no producer with these settings: " + e));
    }
  }

  private Map<String, String> producerSettings() throws IOException {
    Optional<String> file = config.getOptional(AuditKeys.PRODUCER_CONFIG);
    Map<String, String> settings = new HashMap<>();
    if (file.isPresent()) {
      Properties given = new Properties();
      try (InputStream in = Files.newInputStream(Path.of(file.get()))) {
        given.load(in);
      }
      given.stringPropertyNames().forEach(name -> settings.put(name, given.getProperty(name)));
    }
    return settings;
  }

  @Override
  public void close() {
    log.close();
  }
}
