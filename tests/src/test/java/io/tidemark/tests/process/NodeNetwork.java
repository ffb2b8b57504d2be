package io.tidemark.tests.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * A network of this machine's own, in which it can be cut between any two nodes: each node has a
 * network namespace and an address, and all hang on one bridge, on which the test and its clients
 * are too. Nothing sent to these addresses leaves the machine, even when the bridge is gone.
 *
 * <p>A cut is a black hole: packets vanish, connections stay open, nobody is told. Used by one
 * thread; closing it takes everything down again, after its nodes ended.
 */
final class NodeNetwork implements AutoCloseable {
  /** The test's own place among the nodes' addresses. */
  private static final int TEST = 250;

  private final String name;
  private final int number;
  private final int nodes;
  private final List<Hole> holes = new ArrayList<>();

  /** Where packets to an address vanish: a namespace, or the test's own where it is empty. */
  private record Hole(String namespace, String address) {}

  private NodeNetwork(int number, int nodes) {
    this.name = "tidemark" + number;
    this.number = number;
    this.nodes = nodes;
  }

  /** Makes a network for nodes with ids from 1; skips the test where that is not permitted. */
  static NodeNetwork of(int nodes) throws IOException {
    NodeNetwork network = new NodeNetwork((int) (ProcessHandle.current().pid() % 250), nodes);
    String refused = network.make();
    if (!refused.isEmpty()) {
      network.close();
    }
    Assumptions.assumeTrue(refused.isEmpty(), "no network namespaces can be made: " + refused);
    return network;
  }

  private String make() throws IOException {
    String refused =
        firstRefused(
            List.of(
                "ip route add unreachable %s/24 metric 9999".formatted(address(0)),
                "ip link add %s type bridge".formatted(name),
                "ip address add %s/24 dev %s".formatted(address(TEST), name),
                "ip link set %s up".formatted(name)));
    for (int id = 1; id <= nodes && refused.isEmpty(); id++) {
      refused =
          firstRefused(
              List.of(
                  "ip netns add " + namespace(id),
                  "ip link add %s type veth peer name eth0 netns %s"
                      .formatted(cable(id), namespace(id)),
                  "ip link set %s master %s up".formatted(cable(id), name),
                  "ip -n %s link set lo up".formatted(namespace(id)),
                  "ip -n %s address add %s/24 dev eth0".formatted(namespace(id), address(id)),
                  "ip -n %s link set eth0 up".formatted(namespace(id))));
    }
    return refused;
  }

  private static String firstRefused(List<String> commands) throws IOException {
    for (String command : commands) {
      String refused = Tmpfs.run(command.split(" ", -1));
      if (!refused.isEmpty()) {
        return command + ": " + refused;
      }
    }
    return "";
  }

  /** Where a node runs. */
  NodeProcess.Place place(int id) {
    return new NodeProcess.Place(address(id), List.of("ip", "netns", "exec", namespace(id)));
  }

  /** Two nodes hear nothing of each other any more. */
  void cut(int one, int other) throws IOException {
    cutOneWay(one, other);
    cutOneWay(other, one);
  }

  /** What a node sends to another one vanishes; what it is sent arrives. */
  void cutOneWay(int from, int to) throws IOException {
    open(new Hole(namespace(from), address(to)));
  }

  /** A node is alone: cut off from the other nodes, while clients reach it. */
  void isolate(int id) throws IOException {
    for (int other = 1; other <= nodes; other++) {
      if (other != id) {
        cut(id, other);
      }
    }
  }

  /** Clients reach the node no more, other nodes do. */
  void cutFromClients(int id) throws IOException {
    open(new Hole("", address(id)));
  }

  private void open(Hole hole) throws IOException {
    holes.add(hole);
    route("add", hole);
  }

  boolean isWhole() {
    return holes.isEmpty();
  }

  /** Everybody hears of everybody again. */
  void heal() throws IOException {
    for (Hole hole : holes) {
      route("del", hole);
    }
    holes.clear();
  }

  private static void route(String change, Hole hole) throws IOException {
    String in = hole.namespace.isEmpty() ? "" : "-n " + hole.namespace + " ";
    String refused =
        firstRefused(List.of("ip %sroute %s blackhole %s/32".formatted(in, change, hole.address)));
    if (!refused.isEmpty()) {
      throw new IOException(refused);
    }
  }

  private String namespace(int id) {
    return name + "-" + id;
  }

  /**
   * The bridge's end of a node's cable, which outlives the node's sockets if it is not taken away.
   */
  private String cable(int id) {
    return name + "-" + id;
  }

  /** Among those that are set aside for tests of networks (RFC 2544). */
  private String address(int id) {
    return "198.18.%d.%d".formatted(number, id);
  }

  /** What was never made cannot be taken down, which is no failure. */
  @Override
  public void close() throws IOException {
    List<String> commands = new ArrayList<>();
    for (Hole hole : holes) {
      if (hole.namespace.isEmpty()) {
        commands.add("ip route del blackhole %s/32".formatted(hole.address));
      }
    }
    for (int id = 1; id <= nodes; id++) {
      commands.add("ip link del " + cable(id));
      commands.add("ip netns del " + namespace(id));
    }
    commands.add("ip link del " + name);
    commands.add("ip route del unreachable %s/24 metric 9999".formatted(address(0)));
    for (String command : commands) {
      Tmpfs.run(command.split(" ", -1));
    }
  }
}
