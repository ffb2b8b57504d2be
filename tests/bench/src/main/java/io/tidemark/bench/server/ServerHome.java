package io.tidemark.bench.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;

/**
 * The folder, the id and the loopback ports of one server; a server that is started again uses the
 * same ones.
 *
 * @param nodeId counts from 1
 */
public record ServerHome(Path folder, int nodeId, Ports ports, Quorum quorum) {
  /** The name of the file that holds what the process prints. */
  public static final String LOG_NAME = "server.log";

  /**
   * Where a server listens.
   *
   * @param quorum for the other voters
   * @param http where Tidemark shows metrics and health; unused by Kafka
   * @param controller where Tidemark's nodes ask a controller of a cluster; Kafka's voters and
   *     nodes share one port
   * @param tls for clients that encrypt, in the cases that are about it
   */
  public record Ports(int kafka, int quorum, int http, int controller, int tls) {
    private static final int COUNT = 5;

    private static Ports of(List<Integer> free) {
      return new Ports(free.get(0), free.get(1), free.get(2), free.get(3), free.get(4));
    }
  }

  /**
   * Those who vote: all servers of a cluster.
   *
   * @param voters as in {@code controller.quorum.voters}
   */
  public record Quorum(Uuid clusterId, String voters, int size) {
    private static Quorum of(List<Ports> members) {
      String voters =
          IntStream.range(0, members.size())
              .mapToObj(i -> (i + 1) + "@127.0.0.1:" + members.get(i).quorum())
              .collect(Collectors.joining(","));
      return new Quorum(Uuid.randomUuid(), voters, members.size());
    }
  }

  /** An empty folder and ports that are free now, for a server alone. */
  public static ServerHome fresh(Path folder) throws IOException {
    deleteAll(folder);
    Files.createDirectories(folder);
    Ports ports = Ports.of(freePorts(Ports.COUNT));
    return new ServerHome(folder, 1, ports, Quorum.of(List.of(ports)));
  }

  /** The same for servers that form a cluster, each with a folder below the given one. */
  public static List<ServerHome> freshCluster(Path folder, int size) throws IOException {
    deleteAll(folder);
    List<Integer> free = freePorts(size * Ports.COUNT);
    List<Ports> members =
        IntStream.range(0, size)
            .mapToObj(i -> Ports.of(free.subList(i * Ports.COUNT, (i + 1) * Ports.COUNT)))
            .toList();
    Quorum quorum = Quorum.of(members);
    List<ServerHome> homes = new ArrayList<>();
    for (int id = 1; id <= size; id++) {
      Path own = Files.createDirectories(folder.resolve("node-" + id));
      homes.add(new ServerHome(own, id, members.get(id - 1), quorum));
    }
    return homes;
  }

  public String bootstrap() {
    return "127.0.0.1:" + ports.kafka;
  }

  String encryptedAddress() {
    return "127.0.0.1:" + ports.tls;
  }

  Keys keys() {
    return new Keys(folder);
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
    return folder.resolve(LOG_NAME);
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
