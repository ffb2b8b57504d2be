package io.tidemark.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.gateway.config.HostPort;
import io.tidemark.gateway.peer.PeerTransport;
import io.tidemark.scenario.Scenario;
import io.tidemark.tests.simulation.Simulation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The network itself: order, delay, cuts, ends. */
class SimulatedNetworkTest {
  private static final HostPort SERVER = new HostPort("server", 1);
  private static final long LIMIT_MS = 60_000;

  private final Simulation simulation = new Simulation(5);
  private final SimulatedNetwork network = new SimulatedNetwork(simulation);
  private final List<End> accepted = new ArrayList<>();

  /** One end of a connection, which notes what it hears. */
  private static final class End implements PeerTransport.Listener {
    private PeerTransport.Wire wire;
    private final List<Integer> received = new ArrayList<>();
    private String closed;

    @Override
    public void opened(PeerTransport.Wire opened) {
      wire = opened;
    }

    @Override
    public void received(ByteBuffer frame) {
      received.add(frame.getInt());
    }

    @Override
    public void closed(String why) {
      assertThat(closed).isNull();
      closed = why;
    }

    void send(int number) {
      wire.send(ByteBuffer.allocate(Integer.BYTES).putInt(number).flip());
    }
  }

  private void listen() {
    network.listen(
        SERVER,
        "server",
        (from, back) -> {
          End end = new End();
          end.opened(back);
          accepted.add(end);
          return end;
        });
  }

  private End connect() {
    End end = new End();
    network.transport("client").connect(SERVER, end);
    return end;
  }

  private End connected() {
    End end = connect();
    simulation.runUntil("a connection", LIMIT_MS, () -> end.wire != null);
    return end;
  }

  private End server() {
    return accepted.getLast();
  }

  @Test
  void framesArriveOnceInOrderHoweverSlowAndLossyTheWayIs() {
    listen();
    network.delays(0, 500_000);
    network.loses(0.3);
    End client = connected();
    for (int number = 0; number < 100; number++) {
      client.send(number);
      server().send(-number);
    }
    simulation.runUntil(
        "all", LIMIT_MS, () -> server().received.size() == 100 && client.received.size() == 100);
    assertThat(server().received).isSorted();
    assertThat(client.received.getLast()).isEqualTo(-99);
  }

  @Test
  void connectionsOvertakeEachOther() {
    listen();
    network.delays(0, 100_000);
    List<End> clients = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      clients.add(connected());
    }
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < clients.size(); i++) {
      clients.get(i).send(i);
    }
    simulation.runUntil(
        "all",
        LIMIT_MS,
        () -> {
          for (End end : accepted) {
            end.received.forEach(number -> {
              if (!order.contains(number)) {
                order.add(number);
              }
            });
          }
          return order.size() == clients.size();
        });
    assertThat(order).isNotEqualTo(order.stream().sorted().toList());
  }

  @Test
  @Scenario("S-67")
  void whatIsSentIntoACutWaitsAndTheOtherWayIsOpen() {
    listen();
    End client = connected();
    network.cutOneWay("client", "server");
    client.send(1);
    server().send(2);
    simulation.runFor(5_000);
    assertThat(server().received).isEmpty();
    assertThat(client.received).containsExactly(2);

    network.heal();
    simulation.runUntil("the rest", LIMIT_MS, () -> server().received.equals(List.of(1)));
    assertThat(client.closed).isNull();
  }

  @Test
  void nobodyListensIsSaidAtOnceAndAMachineThatIsDownSaysNothing() {
    End refused = connect();
    simulation.runUntil("a refusal", LIMIT_MS, () -> refused.closed != null);
    assertThat(refused.closed).contains("refused");

    network.hostDown("server");
    End silent = connect();
    simulation.runFor(30_000);
    assertThat(silent.closed).isNull();
    assertThat(silent.wire).isNull();

    network.hostUp("server");
    simulation.runUntil("a late refusal", LIMIT_MS, () -> silent.closed != null);
  }

  @Test
  void aProcessThatDiesIsHeardOf() {
    listen();
    End client = connected();
    network.processEnded("server");
    simulation.runUntil("a reset", LIMIT_MS, () -> client.closed != null);
    assertThat(network.connectionCount()).isZero();
  }

  @Test
  @Scenario("S-66")
  void aMachineThatVanishesIsHeardOfOnlyOnceItIsBack() {
    listen();
    End client = connected();
    network.hostDown("server");
    client.send(1);
    simulation.runFor(30_000);
    assertThat(client.closed).isNull();

    network.hostUp("server");
    simulation.runUntil("a reset", LIMIT_MS, () -> client.closed != null);
  }

  @Test
  void aResetEndsBothEndsAndLosesWhatIsUnderWay() {
    listen();
    End client = connected();
    client.send(1);
    network.reset("client", "server");
    simulation.runFor(1_000);
    assertThat(client.closed).isNotNull();
    assertThat(server().closed).isNotNull();
    assertThat(server().received).isEmpty();
  }

  @Test
  void whoClosesIsClosed() {
    listen();
    End client = connected();
    client.wire.close();
    assertThat(client.closed).isNotNull();
    simulation.runUntil("the other end", LIMIT_MS, () -> server().closed != null);

    End other = connected();
    server().wire.close();
    simulation.runUntil("the client", LIMIT_MS, () -> other.closed != null);
  }
}
