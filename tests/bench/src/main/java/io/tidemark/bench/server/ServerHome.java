package io.tidemark.bench.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder and the loopback ports of one server; a server that is started again uses the same
 * ones.
 *
 * @param controlPort where its metadata quorum listens
 * @param httpPort where Tidemark shows metrics and health; unused by Kafka
 */
public record ServerHome(Path folder, int port, int controlPort, int httpPort) {
  /** An empty folder and ports that are free now. */
  public static ServerHome fresh(Path folder) throws IOException {
    deleteAll(folder);
    Files.createDirectories(folder);
    List<Integer> ports = freePorts(3);
    return new ServerHome(folder, ports.get(0), ports.get(1), ports.get(2));
  }

  public String bootstrap() {
    return "127.0.0.1:" + port;
  }

  /** Holds the logs of partitions. */
  public Path data() {
    return folder.resolve("data");
  }

  /** Stands in for a bucket where the cold tier is a folder. */
  public Path store() {
    return folder.resolve("store");
  }

  /** What the process prints. */
  public Path log() {
    return folder.resolve("server.log");
  }

  /** Deletes the folder with everything in it, where there is one. */
  public static void deleteAll(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  /** All sockets are open at the same time, so that no port comes twice. */
  static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    List<Integer> ports = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        sockets.add(socket);
        ports.add(socket.getLocalPort());
      }
      return ports;
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }
}
