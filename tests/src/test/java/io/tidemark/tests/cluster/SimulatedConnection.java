package io.tidemark.tests.cluster;

import io.tidemark.gateway.config.HostPort;
import io.tidemark.gateway.peer.PeerTransport;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection: two directions, each in order, and two ends that learn separately that it is
 * over.
 *
 * <pre>
 *   knock ──▶ accepted ──▶ opened at the client ──▶ frames ──▶ closed by an end, reset, process gone
 *     │ nobody listens: refused                        │ a machine vanished: silence, until it is
 *     │ machine down, way cut: silence                 ▼ back and answers what it does not know
 * </pre>
 */
final class SimulatedConnection {
  private final SimulatedNetwork network;
  private final String clientHost;
  private final String serverHost;
  private final Direction toServer;
  private final Direction toClient;
  private final PeerTransport.Listener client;
  private PeerTransport.@Nullable Listener server;
  private boolean clientIsOver;
  private boolean serverIsOver;

  SimulatedConnection(
      SimulatedNetwork network,
      String clientHost,
      String serverHost,
      PeerTransport.Listener client) {
    this.network = network;
    this.clientHost = clientHost;
    this.serverHost = serverHost;
    this.client = client;
    this.toServer = new Direction(clientHost, serverHost);
    this.toClient = new Direction(serverHost, clientHost);
  }

  boolean touches(String host) {
    return clientHost.equals(host) || serverHost.equals(host);
  }

  boolean isBetween(String one, String other) {
    return touches(one) && touches(other) && !one.equals(other);
  }

  boolean isOver() {
    return clientIsOver && (serverIsOver || server == null);
  }

  // ---- its beginning

  void knock(HostPort address) {
    toServer.send(() -> knocked(address));
  }

  private void knocked(HostPort address) {
    if (clientIsOver) {
      return;
    }
    PeerTransport.Listener accepted =
        network.accept(
            address, clientHost, new End(toClient, this::closeByServer, () -> serverIsOver));
    if (accepted == null) {
      toClient.send(() -> endClient("connection refused"));
      return;
    }
    server = accepted;
    toClient.send(() -> {
      if (!clientIsOver) {
        client.opened(new End(toServer, this::closeByClient, () -> clientIsOver));
      }
    });
  }

  // ---- its end

  void closeByClient() {
    if (!clientIsOver) {
      endClient("closed here");
      toServer.send(() -> endServer("the client closed it"));
    }
  }

  private void closeByServer() {
    if (!serverIsOver) {
      endServer("closed here");
      toClient.send(() -> endClient("the server closed it"));
    }
  }

  void reset() {
    endClient("connection reset");
    endServer("connection reset");
  }

  /** The kernel speaks for a process that is gone. */
  void processEnded(String host) {
    if (clientHost.equals(host)) {
      clientIsOver = true;
      toServer.send(() -> endServer("connection reset by peer"));
    } else {
      serverIsOver = true;
      toClient.send(() -> endClient("connection reset by peer"));
    }
    forgetWhenOver();
  }

  /** Nobody speaks for a machine that is gone. */
  void vanished(String host) {
    if (clientHost.equals(host)) {
      clientIsOver = true;
    } else {
      serverIsOver = true;
    }
    forgetWhenOver();
  }

  private void endClient(String why) {
    if (!clientIsOver) {
      clientIsOver = true;
      client.closed(why);
      forgetWhenOver();
    }
  }

  private void endServer(String why) {
    PeerTransport.Listener accepted = server;
    if (!serverIsOver && accepted != null) {
      serverIsOver = true;
      accepted.closed(why);
    }
    forgetWhenOver();
  }

  private void forgetWhenOver() {
    if (isOver()) {
      network.forget(this);
    }
  }

  /** The way from one host to another is whole again. */
  void flush(String from, String to) {
    for (Direction direction : new Direction[] {toServer, toClient}) {
      if (direction.from.equals(from) && direction.to.equals(to)) {
        direction.flush();
      }
    }
  }

  /** A machine is back: what was sent to it is sent again, and it knows nothing of it. */
  void flush() {
    toServer.flush();
    toClient.flush();
  }

  private void frameToServer(ByteBuffer frame) {
    PeerTransport.Listener accepted = server;
    if (serverIsOver || accepted == null) {
      toClient.send(() -> endClient("the other side does not know the connection"));
    } else {
      accepted.received(frame);
    }
  }

  private void frameToClient(ByteBuffer frame) {
    if (clientIsOver) {
      toServer.send(() -> endServer("the other side does not know the connection"));
    } else {
      client.received(frame);
    }
  }

  /** What one end may do. */
  private final class End implements PeerTransport.Wire {
    private final Direction out;
    private final Runnable close;
    private final BooleanSupplier isOver;

    End(Direction out, Runnable close, BooleanSupplier isOver) {
      this.out = out;
      this.close = close;
      this.isOver = isOver;
    }

    @Override
    public void send(ByteBuffer frame) {
      if (!isOver.getAsBoolean()) {
        ByteBuffer sent = SimulatedNetwork.copy(frame);
        network.note("frame", out.name, sent);
        boolean toServerSide = out == toServer;
        out.send(() -> {
          if (toServerSide) {
            frameToServer(sent);
          } else {
            frameToClient(sent);
          }
        });
      }
    }

    @Override
    public void close() {
      close.run();
    }
  }

  /** What travels one way, in order. */
  private final class Direction {
    private final String from;
    private final String to;
    private final String name;
    private final Deque<Runnable> held = new ArrayDeque<>();
    private long lastDueNs;

    Direction(String from, String to) {
      this.from = from;
      this.to = to;
      this.name = from + ">" + to;
    }

    void send(Runnable arrival) {
      lastDueNs = Math.max(lastDueNs, network.nowNs() + network.delayNs());
      network.at(lastDueNs, () -> arrive(arrival));
    }

    private void arrive(Runnable arrival) {
      if (!held.isEmpty() || !network.reaches(from, to)) {
        hold(arrival);
      } else {
        arrival.run();
      }
    }

    /** What waits at a machine that is down is gone when that comes back; what is cut is not. */
    private void hold(Runnable arrival) {
      if (network.isDown(from)) {
        return;
      }
      held.add(arrival);
    }

    void flush() {
      while (!held.isEmpty() && network.reaches(from, to)) {
        send(held.remove());
      }
    }
  }
}
