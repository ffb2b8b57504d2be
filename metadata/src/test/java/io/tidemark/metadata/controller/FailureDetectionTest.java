package io.tidemark.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.scenario.Scenario;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** A dead process is fenced at once; a silent one, and a living one, are not. */
class FailureDetectionTest {
  private final Set<Integer> refusing = new HashSet<>();
  private final List<Integer> probed = new ArrayList<>();
  private final ControlledCluster cluster =
      new ControlledCluster(
          3,
          node -> {
            probed.add(node.id());
            return CompletableFuture.completedFuture(refusing.contains(node.id()));
          });

  private void lose(int id) {
    cluster.controller.connectionLost(id, cluster.epoch(id));
    cluster.run();
  }

  private boolean isFenced(int id) {
    return cluster.node(id).fenced();
  }

  @Test
  void aNodeWhoseConnectionDroppedAndWhoseAddressRefusesIsFencedWithinAFifthOfASecond() {
    TopicIdPartition id = cluster.create("t", 1, 3);
    int leader = cluster.partition(id).leader();
    refusing.add(leader);
    probed.clear();
    lose(leader);
    cluster.pass(100);
    assertThat(isFenced(leader)).isFalse();
    cluster.pass(100);

    assertThat(isFenced(leader)).isTrue();
    assertThat(cluster.partition(id).leader()).isNotEqualTo(leader).isPositive();
    assertThat(probed).containsExactly(leader, leader, leader);
    assertThat(cluster.fencedNodes("gone")).isEqualTo(1);
  }

  @Test
  void aNodeWhosePortOutlivesItsConnectionForAMomentIsFencedAllTheSame() {
    lose(2);
    cluster.pass(200);
    refusing.add(2);
    cluster.pass(300);

    assertThat(isFenced(2)).isTrue();
    assertThat(cluster.fencedNodes("gone")).isEqualTo(1);
  }

  @Test
  void aNodeThatIsLostWhileAllAreProbedIsLookedAtAgain() {
    refusing.add(3);
    cluster.restart();
    refusing.clear();
    lose(3);
    cluster.pass(100);
    refusing.add(3);
    cluster.pass(300);

    assertThat(isFenced(3)).isTrue();
  }

  @Test
  void aNodeThatDoesNotRefuseWaitsForItsSession() {
    lose(2);
    cluster.pass(5_000);
    assertThat(isFenced(2)).isFalse();

    cluster.heartbeat(1);
    cluster.heartbeat(3);
    cluster.pass(5_000);
    assertThat(isFenced(2)).isTrue();
    assertThat(cluster.fencedNodes("silent")).isEqualTo(1);
  }

  @Test
  void aNodeThatAcceptsOnceIsThere() {
    refusing.add(2);
    lose(2);
    cluster.pass(100);
    refusing.clear();
    cluster.pass(1_000);

    assertThat(isFenced(2)).isFalse();
  }

  @Test
  void aHeartbeatMeanwhileSavesTheNode() {
    refusing.add(2);
    lose(2);
    cluster.pass(100);
    cluster.heartbeat(2);
    cluster.pass(1_000);

    assertThat(isFenced(2)).isFalse();
  }

  @Test
  void aNewerLifeIsNotFencedForTheOlderOne() {
    refusing.add(2);
    lose(2);
    cluster.register(2, new Uuid(9, 2), cluster.epoch(2));
    cluster.heartbeat(2);
    cluster.pass(1_000);

    assertThat(isFenced(2)).isFalse();
  }

  @Test
  void aControllerThatTakesOverProbesEverybodyButItself() {
    refusing.addAll(Set.of(1, 3));
    probed.clear();
    cluster.restart();
    cluster.pass(300);

    assertThat(probed).contains(2, 3).doesNotContain(1);
    assertThat(isFenced(3)).isTrue();
    assertThat(isFenced(1)).isFalse();
    assertThat(isFenced(2)).isFalse();
  }

  @Test
  @Scenario("S-56")
  void aControllerThatStoodStillFencesNobodyForIt() {
    cluster.time.sleep(20_000);
    List.of(1, 2, 3).forEach(this::lose);
    cluster.run();
    cluster.pass(1_000);

    assertThat(List.of(1, 2, 3)).noneMatch(this::isFenced);
  }

  @Test
  @Scenario("S-56")
  void aNodeThatStoodStillIsFencedOnceAndReturns() {
    for (int passed = 0; passed < 20_000; passed += 500) {
      cluster.pass(500);
      cluster.heartbeat(1);
      cluster.heartbeat(3);
    }
    assertThat(isFenced(2)).isTrue();
    assertThat(cluster.fencedNodes("silent")).isEqualTo(1);

    cluster.heartbeat(2);
    assertThat(isFenced(2)).isFalse();
    cluster.pass(1_000);
    assertThat(isFenced(2)).isFalse();
  }
}
