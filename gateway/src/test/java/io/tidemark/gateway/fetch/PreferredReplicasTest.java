package io.tidemark.gateway.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.gateway.api.ClusterView;
import io.tidemark.gateway.security.acl.Access;
import io.tidemark.log.LogConfig;
import io.tidemark.log.replica.Isolation;
import io.tidemark.log.replica.ReplicaView;
import io.tidemark.log.replica.Role;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.NodeImage;
import io.tidemark.metadata.image.NodesImage;
import io.tidemark.scenario.Scenario;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Endpoint;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.Test;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

class PreferredReplicasTest {
  private static final String LISTENER = "PLAINTEXT";
  private static final int NO_REPLICA = -1;

  private PMap<Integer, NodeImage> nodes = HashTreePMap.empty();
  private final PreferredReplicas preferred = new PreferredReplicas(cluster(1), true);

  PreferredReplicasTest() {
    node(1, "a", LISTENER, false);
    node(2, "b", LISTENER, false);
    node(3, "c", LISTENER, false);
  }

  private ClusterView cluster(int nodeId) {
    return new ClusterView(nodeId, this::image, () -> 1, id -> false);
  }

  private ClusterImage image() {
    ClusterImage none = ClusterImage.EMPTY;
    return new ClusterImage(
        1,
        "cluster",
        new NodesImage(nodes),
        none.topics(),
        none.configs(),
        none.features(),
        0,
        none.deletedTopics(),
        none.security(),
        none.quotas());
  }

  private void node(int id, String rack, String listener, boolean isFenced) {
    Endpoint endpoint = new Endpoint(listener, SecurityProtocol.PLAINTEXT, "host", 9000 + id);
    nodes =
        nodes.plus(
            id,
            new NodeImage(
                id,
                new Uuid(id, id),
                id,
                List.of(endpoint),
                rack,
                isFenced,
                false,
                List.of(),
                Map.of()));
  }

  private static ReplicaView view(Role role, int partition, Integer... isr) {
    return new ReplicaView(
        new TopicIdPartition(new Uuid(1, 2), partition, "t"),
        new ReplicaView.Leadership(role, 1, 3, 4, List.of(isr), null, null),
        new ReplicaView.Offsets(0, 0, 0, 10, 10, 12),
        3,
        LogConfig.DEFAULTS,
        Path.of("data"));
  }

  private static FetchParameters consumerIn(String rack) {
    return fetch(NO_REPLICA, rack);
  }

  private static FetchParameters fetch(int replicaId, String rack) {
    return new FetchParameters(
        (short) 18,
        replicaId,
        -1,
        Isolation.HIGH_WATERMARK,
        Access.UNLIMITED,
        "",
        500,
        1,
        1_000,
        rack,
        LISTENER,
        new NoRequest());
  }

  @Test
  void aConsumerIsSentToTheReplicaInItsRack() {
    assertThat(preferred.choose(view(Role.LEADER, 0, 1, 2, 3), consumerIn("b"))).hasValue(2);
  }

  @Test
  void theLeaderAnswersItsOwnRackAndThoseThatNameNoneOrOneWithoutReplica() {
    ReplicaView leader = view(Role.LEADER, 0, 1, 2, 3);

    assertThat(preferred.choose(leader, consumerIn("a"))).isEmpty();
    assertThat(preferred.choose(leader, consumerIn(""))).isEmpty();
    assertThat(preferred.choose(leader, consumerIn("elsewhere"))).isEmpty();
  }

  @Test
  void nobodyIsSentToAReplicaThatIsBehindOrFencedOrCannotBeReached() {
    assertThat(preferred.choose(view(Role.LEADER, 0, 1, 3), consumerIn("b"))).isEmpty();
    node(2, "b", LISTENER, true);
    assertThat(preferred.choose(view(Role.LEADER, 0, 1, 2), consumerIn("b"))).isEmpty();
    node(2, "b", "OTHER", false);
    assertThat(preferred.choose(view(Role.LEADER, 0, 1, 2), consumerIn("b"))).isEmpty();
  }

  @Test
  void replicasInOneRackShareThePartitions() {
    node(3, "b", LISTENER, false);

    assertThat(preferred.choose(view(Role.LEADER, 0, 1, 2, 3), consumerIn("b"))).hasValue(2);
    assertThat(preferred.choose(view(Role.LEADER, 1, 1, 2, 3), consumerIn("b"))).hasValue(3);
  }

  @Test
  void followersSendNobodyAndFollowersThatFetchAreNeverSent() {
    assertThat(preferred.choose(view(Role.FOLLOWER, 0, 1, 2), consumerIn("b"))).isEmpty();
    assertThat(preferred.choose(view(Role.LEADER, 0, 1, 2), fetch(2, "b"))).isEmpty();
  }

  @Test
  void withoutTheSettingTheLeaderAnswersEverybody() {
    PreferredReplicas none = new PreferredReplicas(cluster(1), false);

    assertThat(none.choose(view(Role.LEADER, 0, 1, 2, 3), consumerIn("b"))).isEmpty();
  }

  @Test
  @Scenario("S-27")
  void aFencedNodeServesNoReadsFromItsFollowers() {
    PreferredReplicas onTwo = new PreferredReplicas(cluster(2), true);
    assertThat(onTwo.mayServe(view(Role.FOLLOWER, 0, 1, 2))).isTrue();

    node(2, "b", LISTENER, true);
    assertThat(onTwo.mayServe(view(Role.FOLLOWER, 0, 1, 2))).isFalse();
  }
}
