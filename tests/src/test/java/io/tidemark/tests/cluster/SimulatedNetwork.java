package io.tidemark.tests.cluster;

import io.tidemark.gateway.config.HostPort;
import io.tidemark.gateway.peer.PeerTransport;
import io.tidemark.tests.simulation.Simulation;
import io.tidemark.tests.simulation.Trace;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hosts, the ways between them, and the connections that run there, as TCP shows them to who uses
 * it: bytes arrive in order and once, or the connection ends.
 *
 * <pre>
 *   delay        each frame takes its own time, but none overtakes another of its connection;
 *                those of different connections do
 *   loss         sometimes a frame, and all behind it, waits as long as a retransmission takes
 *   cut          one way or both: what is sent waits, and arrives after the cut heals
 *   reset        both ends hear that the connection is gone; what was under way is lost
 *   refused      nobody listens at the address: the host says so at once
 *   silence      the host is down: nobody says anything
 * </pre>
 *
 * A duplicate frame is never shown: TCP drops it. What a client repeats after a reset is the
 * duplicate that servers meet.
 */
public final class SimulatedNetwork {
  private static final long RETRANSMISSION_MS = 200;

  /** Who takes connections at an address. */
  @FunctionalInterface
  public interface Acceptor {
    /**
     * Takes a connection from a host; null refuses it.
     *
     * @param back the way to who connects
     */
    PeerTransport.@Nullable Listener accept(String from, PeerTransport.Wire back);
  }

  private record Way(String from, String to) {}

  private record Listening(String host, Acceptor acceptor) {}

  private final Simulation simulation;
  private final ScheduledExecutorService wires;
  private final Map<HostPort, Listening> listening = new HashMap<>();
  private final Set<Way> cuts = new LinkedHashSet<>();
  private final Set<String> down = new LinkedHashSet<>();
  private final Set<SimulatedConnection> connections = new LinkedHashSet<>();
  private long minDelayMicros = 100;
  private long maxDelayMicros = 2_000;
  private double lossRate;

  public SimulatedNetwork(Simulation simulation) {
    this.simulation = simulation;
    this.wires = simulation.process("network").thread("wires");
  }

  // ---- who is there

  /** Opens an address on a host until {@link #processEnded} or {@link #hostDown}. */
  public void listen(HostPort address, String host, Acceptor acceptor) {
    listening.put(address, new Listening(host, acceptor));
  }

  /** The network as a process on a host uses it. */
  public PeerTransport transport(String host) {
    return new PeerTransport() {
      private final List<SimulatedConnection> opened = new ArrayList<>();

      @Override
      public void connect(HostPort address, Listener listener) {
        SimulatedConnection connection =
            new SimulatedConnection(SimulatedNetwork.this, host, address.host(), listener);
        opened.removeIf(SimulatedConnection::isOver);
        opened.add(connection);
        connections.add(connection);
        connection.knock(address);
      }

      @Override
      public void close() {
        opened.forEach(SimulatedConnection::closeByClient);
      }
    };
  }

  /** A process is gone and its machine lives: the kernel ends its connections and says so. */
  public void processEnded(String host) {
    listening.values().removeIf(each -> each.host().equals(host));
    each(host, connection -> connection.processEnded(host));
  }

  /** The machine is gone: nobody says anything, and what is sent to it gets no answer. */
  public void hostDown(String host) {
    listening.values().removeIf(each -> each.host().equals(host));
    down.add(host);
    each(host, connection -> connection.vanished(host));
  }

  /** The machine is there again and knows nothing of the connections it had. */
  public void hostUp(String host) {
    down.remove(host);
    each(host, SimulatedConnection::flush);
  }

  // ---- what happens to the ways

  /** Nothing gets from one host to another any more. */
  public void cutOneWay(String from, String to) {
    cuts.add(new Way(from, to));
  }

  public void cut(String one, String other) {
    cutOneWay(one, other);
    cutOneWay(other, one);
  }

  public void healOneWay(String from, String to) {
    cuts.remove(new Way(from, to));
    List.copyOf(connections).forEach(connection -> connection.flush(from, to));
  }

  public void heal(String one, String other) {
    healOneWay(one, other);
    healOneWay(other, one);
  }

  /** Nothing is cut, slow or lost any more. */
  public void heal() {
    lossRate = 0;
    delays(100, 2_000);
    for (Way way : List.copyOf(cuts)) {
      healOneWay(way.from(), way.to());
    }
  }

  /** A frame takes from the one to the other time. */
  public void delays(long minMicros, long maxMicros) {
    minDelayMicros = minMicros;
    maxDelayMicros = maxMicros;
  }

  /** This share of frames is sent a second time, after the first got lost. */
  public void loses(double share) {
    lossRate = share;
  }

  /** Ends all connections between two hosts. */
  public void reset(String one, String other) {
    each(
        one,
        connection -> {
          if (connection.isBetween(one, other)) {
            connection.reset();
          }
        });
  }

  public boolean reaches(String from, String to) {
    return !cuts.contains(new Way(from, to)) && !down.contains(from) && !down.contains(to);
  }

  public int connectionCount() {
    return connections.size();
  }

  private void each(String host, Consumer<SimulatedConnection> action) {
    for (SimulatedConnection connection : List.copyOf(connections)) {
      if (connection.touches(host)) {
        action.accept(connection);
      }
    }
  }

  // ---- for connections

  PeerTransport.@Nullable Listener accept(HostPort address, String from, PeerTransport.Wire back) {
    Listening there = listening.get(address);
    return there == null ? null : there.acceptor().accept(from, back);
  }

  boolean isDown(String host) {
    return down.contains(host);
  }

  void forget(SimulatedConnection connection) {
    connections.remove(connection);
  }

  long nowNs() {
    return simulation.nowNs();
  }

  /** How long the next frame takes. */
  long delayNs() {
    long micros =
        minDelayMicros + simulation.random().nextLong(maxDelayMicros - minDelayMicros + 1);
    long lost = simulation.random().nextDouble() < lossRate ? RETRANSMISSION_MS * 1_000_000 : 0;
    return micros * 1_000 + lost;
  }

  void note(String what, String way, ByteBuffer frame) {
    simulation.note(what, way, Trace.of(frame));
  }

  void at(long dueNs, Runnable arrival) {
    var _ = wires.schedule(arrival, dueNs - simulation.nowNs(), TimeUnit.NANOSECONDS);
  }

  /** A frame of its own: the sender may use its buffer again. */
  static ByteBuffer copy(ByteBuffer frame) {
    ByteBuffer copy = ByteBuffer.allocate(frame.remaining());
    return copy.put(frame.duplicate()).flip();
  }
}
