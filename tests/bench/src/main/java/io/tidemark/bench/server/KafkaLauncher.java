package io.tidemark.bench.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Apache Kafka in KRaft combined mode, with the flags of its {@code kafka-server-start.sh} and the
 * values of its {@code config/server.properties}, on the Java that runs the bench.
 *
 * @param libraries the folder with Kafka's jars and the bench's remote storage manager
 */
public record KafkaLauncher(List<Path> libraries) implements Launcher {
  private static final String STORAGE_MANAGER =
      "io.tidemark.bench.kafka.DirectoryRemoteStorageManager";

  private static final List<String> JVM_FLAGS =
      List.of(
          "-Xmx1G",
          "-Xms1G",
          "-server",
          "-XX:+UseG1GC",
          "-XX:MaxGCPauseMillis=20",
          "-XX:InitiatingHeapOccupancyPercent=35",
          "-XX:+ExplicitGCInvokesConcurrent",
          "-Djava.awt.headless=true");

  @Override
  public Server launch(ServerHome home, ServerSettings settings)
      throws IOException, InterruptedException {
    if (settings.isEncrypted()) {
      home.keys().make();
    }
    Path file = home.folder().resolve("server.properties");
    if (!Files.exists(file)) {
      Files.write(file, lines(home, settings));
      format(home, file);
    }
    List<String> command = java();
    command.addAll(JVM_FLAGS);
    command.add(
        "-Xlog:gc*:file="
            + home.folder().resolve("kafkaServer-gc.log")
            + ":time,tags:filecount=10,filesize=100M");
    command.addAll(List.of("-cp", classPath(), "kafka.Kafka", file.toString()));
    return ServerProcess.start(Side.KAFKA, home, command, Map.of(), settings.expectedPartitions());
  }

  private void format(ServerHome home, Path file) throws IOException, InterruptedException {
    List<String> command = java();
    command.addAll(List.of("-cp", classPath(), "kafka.tools.StorageTool", "format"));
    command.addAll(List.of("-t", home.quorum().clusterId().toString(), "-c", file.toString()));
    int exit =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(home.log().toFile())
            .start()
            .waitFor();
    if (exit != 0) {
      throw new IllegalStateException(
          "formatting Kafka's folder failed:\n" + Server.logTail(home.log()));
    }
  }

  private static List<String> lines(ServerHome home, ServerSettings settings) {
    Map<String, String> properties = new TreeMap<>(recommended());
    properties.put("node.id", Integer.toString(home.nodeId()));
    properties.put("process.roles", "broker,controller");
    properties.put("controller.quorum.voters", home.quorum().voters());
    String clients = "PLAINTEXT://" + home.bootstrap();
    if (settings.isEncrypted()) {
      clients += ",SSL://" + home.encryptedAddress();
      properties.putAll(home.keys().ofServer());
    }
    properties.put("listeners", clients + ",CONTROLLER://127.0.0.1:" + home.ports().quorum());
    properties.put("advertised.listeners", clients);
    properties.put("controller.listener.names", "CONTROLLER");
    properties.put(
        "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,SSL:SSL,CONTROLLER:PLAINTEXT");
    properties.put("log.dirs", home.data().toString());
    switch (settings.coldTier()) {
      case ColdTier.None() -> {}
      case ColdTier.Directory() -> properties.putAll(remoteStorage(home));
      case ColdTier.S3 bucket ->
          throw new IllegalArgumentException("no remote storage manager here for " + bucket);
    }
    properties.putAll(settings.extra());
    return properties.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
  }

  /** Of Kafka's {@code config/server.properties}, what differs from the defaults included. */
  private static Map<String, String> recommended() {
    return Map.ofEntries(
        Map.entry("num.network.threads", "3"),
        Map.entry("num.io.threads", "8"),
        Map.entry("socket.send.buffer.bytes", "102400"),
        Map.entry("socket.receive.buffer.bytes", "102400"),
        Map.entry("socket.request.max.bytes", "104857600"),
        Map.entry("num.recovery.threads.per.data.dir", "2"),
        Map.entry("offsets.topic.replication.factor", "1"),
        Map.entry("share.coordinator.state.topic.replication.factor", "1"),
        Map.entry("share.coordinator.state.topic.min.isr", "1"),
        Map.entry("transaction.state.log.replication.factor", "1"),
        Map.entry("transaction.state.log.min.isr", "1"),
        Map.entry("group.initial.rebalance.delay.ms", "0"),
        Map.entry("log.retention.hours", "168"),
        Map.entry("log.segment.bytes", "1073741824"));
  }

  private static Map<String, String> remoteStorage(ServerHome home) {
    return Map.of(
        "remote.log.storage.system.enable", "true",
        "remote.log.storage.manager.class.name", STORAGE_MANAGER,
        "rsm.config.folder", home.store().toString(),
        "remote.log.metadata.manager.listener.name", "PLAINTEXT",
        "rlmm.config.remote.log.metadata.topic.replication.factor", "1",
        "remote.log.manager.task.interval.ms", "1000",
        "log.initial.task.delay.ms", "1000");
  }

  private static List<String> java() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    return command;
  }

  private String classPath() {
    return String.join(":", libraries.stream().map(Path::toString).toList());
  }
}
