package io.tidemark.gateway.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The flags of every command that talks to a node, and the clients made from them. */
final class ClientOptions {
  static final String DEFAULT_BOOTSTRAP = "localhost:9092";
  private static final int CONNECT_TIMEOUT_MS = 3_000;

  @Option(
      names = "--bootstrap-server",
      paramLabel = "HOST:PORT[,...]",
      defaultValue = DEFAULT_BOOTSTRAP,
      description = "Where to reach the cluster (default: ${DEFAULT-VALUE}).")
  String bootstrapServer = DEFAULT_BOOTSTRAP;

  @Option(
      names = "--command-config",
      paramLabel = "FILE",
      description = "A properties file with further settings of the Kafka client.")
  @Nullable Path commandConfig;

  @Mixin OutputOption output = new OutputOption();

  /** An Admin client, after a look whether anything listens at all. */
  Admin admin() {
    Properties properties = properties();
    requireListener();
    return Admin.create(properties);
  }

  /**
   * The client settings: the command's own, overridden by the file's.
   *
   * @throws CommandFailure when the file cannot be read
   */
  Properties properties() {
    Properties properties = new Properties();
    properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServer);
    properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, "tidemark-cli");
    properties.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, "10000");
    properties.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, "20000");
    Path file = commandConfig;
    if (file != null) {
      try (InputStream in = Files.newInputStream(file)) {
        properties.load(in);
      } catch (IOException | IllegalArgumentException e) {
        throw CommandFailure.usage("cannot read --command-config " + file + ": " + e.getMessage());
      }
    }
    return properties;
  }

  /** Fails at once, rather than after the client's timeouts, where nothing listens. */
  void requireListener() {
    List<String> servers = List.of(bootstrapServer.split("\\s*,\\s*", -1));
    String why = "";
    for (String server : servers) {
      String host = Utils.getHost(server);
      Integer port = Utils.getPort(server);
      if (host == null || port == null) {
        throw CommandFailure.usage(
            "--bootstrap-server " + server + " is not of the form host:port");
      }
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(host, port), CONNECT_TIMEOUT_MS);
        return;
      } catch (IOException e) {
        why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      }
    }
    throw CommandFailure.noConnection(
        "cannot connect to "
            + bootstrapServer
            + ": "
            + why
            + "; start a node with 'tidemark server' or name another with --bootstrap-server");
  }
}
