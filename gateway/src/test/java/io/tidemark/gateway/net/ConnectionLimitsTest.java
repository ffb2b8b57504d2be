package io.tidemark.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.gateway.net.ConnectionQuotas.Quota;
import io.tidemark.scenario.Scenario;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ConnectionLimitsTest {
  static final ConnectionQuotas UNLIMITED = quotas(Quota.NONE, Map.of(), null);

  private static final String CLIENTS = "CLIENTS";
  private static final String NODES = "NODES";

  private final ManualTime time = new ManualTime();

  private static ConnectionQuotas quotas(
      Quota node, Map<String, Quota> listeners, @org.jspecify.annotations.Nullable String guarded) {
    return new ConnectionQuotas(node, listeners, Integer.MAX_VALUE, Map.of(), guarded);
  }

  private static Quota atMost(int connections) {
    return new Quota(connections, Integer.MAX_VALUE);
  }

  private static Quota perSecond(int rate) {
    return new Quota(Integer.MAX_VALUE, rate);
  }

  private static InetAddress address(int last) {
    try {
      return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean admits(ConnectionLimits limits, String listener, int address) {
    return limits.admit(listener, address(address)) instanceof Admission.Admitted;
  }

  @Test
  void pastTheNodesLimitOneWaitsUntilAnotherLeaves() {
    ConnectionLimits limits = new ConnectionLimits(quotas(atMost(2), Map.of(), null), time);
    assertThat(admits(limits, CLIENTS, 1)).isTrue();
    assertThat(admits(limits, NODES, 2)).isTrue();
    assertThat(limits.admit(CLIENTS, address(3))).isInstanceOf(Admission.Full.class);
    AtomicInteger told = new AtomicInteger();
    limits.awaitRoom(told::incrementAndGet);

    limits.leave(NODES, address(2));

    assertThat(told).hasValue(1);
    assertThat(admits(limits, CLIENTS, 3)).isTrue();
    assertThat(limits.open()).isEqualTo(2);
  }

  @Test
  void aListenersLimitIsItsOwn() {
    ConnectionLimits limits =
        new ConnectionLimits(quotas(Quota.NONE, Map.of(CLIENTS, atMost(1)), null), time);
    assertThat(admits(limits, CLIENTS, 1)).isTrue();
    assertThat(limits.admit(CLIENTS, address(1))).isInstanceOf(Admission.Full.class);
    assertThat(admits(limits, NODES, 1)).isTrue();
  }

  @Test
  void theProtectedListenerGoesPastTheNodesLimitAndAnotherHasToGo() {
    ConnectionLimits limits = new ConnectionLimits(quotas(atMost(1), Map.of(), NODES), time);
    assertThat(admits(limits, CLIENTS, 1)).isTrue();
    assertThat(limits.claimExcess()).isFalse();

    assertThat(admits(limits, NODES, 2)).isTrue();

    assertThat(limits.hasExcess()).isTrue();
    assertThat(limits.mayBeClosed(CLIENTS)).isTrue();
    assertThat(limits.mayBeClosed(NODES)).isFalse();
    assertThat(limits.claimExcess()).as("the first claim").isTrue();
    assertThat(limits.claimExcess()).as("a claim of what is on its way out").isFalse();
    limits.leave(CLIENTS, address(1));
    limits.excessLeft();
    assertThat(limits.claimExcess()).isFalse();
  }

  @Test
  void theProtectedListenerHasItsOwnLimitAllTheSame() {
    ConnectionLimits limits =
        new ConnectionLimits(quotas(atMost(1), Map.of(NODES, atMost(1)), NODES), time);
    assertThat(admits(limits, CLIENTS, 1)).isTrue();
    assertThat(admits(limits, NODES, 2)).isTrue();
    assertThat(admits(limits, NODES, 2)).isFalse();
  }

  @Test
  void oneAddressTooManyIsRefusedAndOverridesGoBefore() {
    ConnectionLimits limits =
        new ConnectionLimits(
            new ConnectionQuotas(
                Quota.NONE, Map.of(), 1, Map.of("10.0.0.2", 2, "10.0.0.3", 0), null),
            time);
    assertThat(admits(limits, CLIENTS, 1)).isTrue();
    assertThat(limits.admit(NODES, address(1))).isInstanceOf(Admission.Refused.class);
    assertThat(admits(limits, CLIENTS, 2)).isTrue();
    assertThat(admits(limits, CLIENTS, 2)).isTrue();
    assertThat(admits(limits, CLIENTS, 2)).isFalse();
    assertThat(limits.admit(CLIENTS, address(3))).isInstanceOf(Admission.Refused.class);
    limits.leave(CLIENTS, address(1));
    assertThat(admits(limits, CLIENTS, 1)).isTrue();
  }

  @Test
  void tenSecondsWorthMayComeAtOnceAndThenOneAtATime() {
    ConnectionLimits limits = new ConnectionLimits(quotas(perSecond(5), Map.of(), null), time);
    for (int i = 0; i < 50; i++) {
      assertThat(admits(limits, CLIENTS, i)).as("connection %s", i).isTrue();
    }
    assertThat(limits.admit(CLIENTS, address(1))).isEqualTo(new Admission.TooFast(200_000_000L));
    time.advanceMs(199);
    assertThat(admits(limits, CLIENTS, 1)).isFalse();
    time.advanceMs(1);
    assertThat(admits(limits, CLIENTS, 1)).isTrue();
    assertThat(admits(limits, CLIENTS, 1)).isFalse();
    time.advanceMs(10_000);
    for (int i = 0; i < 50; i++) {
      assertThat(admits(limits, CLIENTS, i)).as("connection %s, later", i).isTrue();
    }
    assertThat(admits(limits, CLIENTS, 1)).isFalse();
  }

  @Test
  void theProtectedListenerKeepsToItsOwnRateOnly() {
    ConnectionLimits limits =
        new ConnectionLimits(quotas(perSecond(1), Map.of(NODES, perSecond(2)), NODES), time);
    for (int i = 0; i < 10; i++) {
      assertThat(admits(limits, CLIENTS, i)).isTrue();
    }
    assertThat(admits(limits, CLIENTS, 1)).isFalse();
    for (int i = 0; i < 20; i++) {
      assertThat(admits(limits, NODES, i)).isTrue();
    }
    assertThat(admits(limits, NODES, 1)).isFalse();
  }

  @Test
  void otherQuotasHoldAtOnceAndWakeWhoWaits() {
    ConnectionLimits limits = new ConnectionLimits(quotas(atMost(0), Map.of(), null), time);
    assertThat(admits(limits, CLIENTS, 1)).isFalse();
    AtomicInteger told = new AtomicInteger();
    limits.awaitRoom(told::incrementAndGet);
    limits.reconfigure(UNLIMITED);
    assertThat(told).hasValue(1);
    assertThat(admits(limits, CLIENTS, 1)).isTrue();
  }

  private static long laterNs(Admission admission) {
    return admission instanceof Admission.RefusedLater(String _, long waitNs) ? waitNs : 0;
  }

  @Test
  @Scenario("S-191")
  void anAddressThatConnectsTooOftenIsRefusedInAWhileAndOthersAreNot() {
    ConnectionLimits limits = new ConnectionLimits(UNLIMITED, time);
    limits.limitAddresses(new AddressQuotas(Map.of(address(1), 1), Integer.MAX_VALUE));
    for (int i = 0; i < 10; i++) {
      assertThat(admits(limits, CLIENTS, 1)).isTrue();
      limits.leave(CLIENTS, address(1));
    }
    assertThat(laterNs(limits.admit(CLIENTS, address(1)))).isEqualTo(1_000_000_000L);
    assertThat(admits(limits, CLIENTS, 2)).isTrue();
    assertThat(limits.open()).isEqualTo(1);

    time.advanceMs(1_000);
    assertThat(admits(limits, CLIENTS, 1)).isTrue();
    assertThat(admits(limits, CLIENTS, 1)).isFalse();
    limits.limitAddresses(AddressQuotas.NONE);
    assertThat(admits(limits, CLIENTS, 1)).isTrue();
  }

  @Test
  void addressesThatAreRememberedAreBounded() {
    AddressRates rates = new AddressRates();
    rates.reconfigure(new AddressQuotas(Map.of(), 1));
    for (int i = 0; i < AddressRates.MAX_KNOWN + 500; i++) {
      rates.take(InetAddress.ofLiteral("10.1." + i / 256 + "." + i % 256), 0);
    }
    assertThat(rates.known()).isEqualTo(AddressRates.MAX_KNOWN);
    rates.take(address(1), 3_000_000_000L);
    assertThat(rates.known()).isEqualTo(1);
  }
}
