package io.tidemark.metadata.coordinator.group;

import static io.tidemark.metadata.coordinator.group.GroupWorld.FORMING_MS;
import static io.tidemark.metadata.coordinator.group.GroupWorld.GROUP;
import static io.tidemark.metadata.coordinator.group.GroupWorld.SESSION_MS;
import static io.tidemark.metadata.coordinator.group.GroupWorld.bytes;
import static io.tidemark.metadata.coordinator.group.GroupWorld.client;
import static io.tidemark.metadata.coordinator.group.GroupWorld.commitRequest;
import static io.tidemark.metadata.coordinator.group.GroupWorld.joinRequest;
import static io.tidemark.metadata.coordinator.group.GroupWorld.offsets;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.scenario.Scenario;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Members with an instance id (KIP-345). */
@Scenario("S-142")
final class StaticMembersTest {
  private final GroupWorld world = new GroupWorld();
  private String leader = "";
  private String follower = "";

  private static JoinGroupRequestData as(String instanceId, String memberId, String... protocols) {
    return joinRequest(memberId, protocols.length == 0 ? new String[] {"range"} : protocols)
        .setGroupInstanceId(instanceId);
  }

  @BeforeEach
  void twoStaticMembers() {
    CompletableFuture<JoinGroupResponseData> a = world.join(as("a", ""));
    CompletableFuture<JoinGroupResponseData> b = world.join(as("b", ""));
    world.clock.advance(FORMING_MS);
    leader = world.now(a).memberId();
    follower = world.now(b).memberId();
    world.syncAll(List.of(leader, follower), world.generation());
  }

  @Test
  void aStaticMemberNeedsNoIdToJoin() {
    assertThat(leader).startsWith("a-");
    assertThat(world.state()).isEqualTo(GroupState.STABLE);
  }

  @Test
  void aFollowerThatComesBackKeepsItsAssignmentWithoutRebalance() {
    int generation = world.generation();
    JoinGroupResponseData back = world.now(world.join(as("b", "")));

    assertThat(back.errorCode()).isZero();
    assertThat(back.memberId()).isNotEqualTo(follower);
    assertThat(back.generationId()).isEqualTo(generation);
    assertThat(back.skipAssignment()).isFalse();
    assertThat(world.now(world.sync(back.memberId(), generation, Map.of())).assignment())
        .isEqualTo(bytes("for " + follower));
    assertThat(world.state()).isEqualTo(GroupState.STABLE);
  }

  @Test
  void aLeaderThatComesBackIsToldToSkipTheAssignment() {
    JoinGroupResponseData back = world.now(world.join(as("a", "")));

    assertThat(back.leader()).isEqualTo(back.memberId());
    assertThat(back.skipAssignment()).isTrue();
    assertThat(back.members()).hasSize(2);
  }

  @Test
  void anOlderLeaderThatComesBackIsToldThatItsOldIdLeads() {
    JoinGroupResponseData back = world.now(world.coordinator.joinGroup(client(8), as("a", "")));

    assertThat(back.leader()).isEqualTo(leader);
    assertThat(back.members()).isEmpty();
    assertThat(back.skipAssignment()).isFalse();
  }

  @Test
  void theNewIncarnationIsThereAfterAFailoverAndTheOldOneIsFenced() {
    JoinGroupResponseData back = world.now(world.join(as("b", "")));
    world.failOver(2);

    assertThat(world.heartbeat(back.memberId(), back.generationId())).isEqualTo(Errors.NONE);
    assertThat(world.heartbeat(follower, back.generationId())).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
  }

  @Test
  void whoeverUsesTheOldIdIsFenced() {
    world.now(world.join(as("b", "")));
    int generation = world.generation();

    HeartbeatRequestData heartbeat =
        new HeartbeatRequestData()
            .setGroupId(GROUP)
            .setMemberId(follower)
            .setGroupInstanceId("b")
            .setGenerationId(generation);
    assertThat(world.now(world.coordinator.heartbeat(client(4), heartbeat)).errorCode())
        .isEqualTo(Errors.FENCED_INSTANCE_ID.code());
    assertThat(world.now(world.join(as("b", follower))).errorCode())
        .isEqualTo(Errors.FENCED_INSTANCE_ID.code());
    assertThat(
            world.commitError(
                world.coordinator.commitOffsets(
                    client(9),
                    commitRequest(follower, generation)
                        .setGroupInstanceId("b")
                        .setTopics(List.of(offsets("orders", Map.of(0, 1L)))))))
        .isEqualTo(Errors.FENCED_INSTANCE_ID);
    assertThat(world.leave(follower, "b")).isEqualTo(Errors.FENCED_INSTANCE_ID);
  }

  @Test
  void anIncarnationWhoseJoinStillWaitsIsFencedByTheNext() {
    CompletableFuture<JoinGroupResponseData> rebalance =
        world.join(as("a", leader, "range", "sticky"));
    world.later(rebalance);
    CompletableFuture<JoinGroupResponseData> next = world.join(as("a", ""));
    world.later(next);

    assertThat(world.now(rebalance).errorCode()).isEqualTo(Errors.FENCED_INSTANCE_ID.code());
    world.join(as("b", follower));
    assertThat(world.now(next).errorCode()).isZero();
  }

  @Test
  void aNewIncarnationBetweenJoinAndSyncMakesTheGroupJoinAgain() {
    CompletableFuture<JoinGroupResponseData> a = world.join(as("a", leader));
    CompletableFuture<JoinGroupResponseData> b = world.join(as("b", follower));
    int generation = world.now(a).generationId();
    world.now(b);
    CompletableFuture<SyncGroupResponseData> sync = world.sync(follower, generation, Map.of());
    world.later(sync);
    CompletableFuture<JoinGroupResponseData> next = world.join(as("b", ""));

    assertThat(world.now(sync).errorCode()).isEqualTo(Errors.FENCED_INSTANCE_ID.code());
    world.later(next);
    assertThat(world.state()).isEqualTo(GroupState.PREPARING_REBALANCE);
  }

  @Test
  void anIncarnationThatKnowsOtherProtocolsIsRefused() {
    CompletableFuture<JoinGroupResponseData> unfit = world.join(as("b", "", "sticky"));
    assertThat(world.now(unfit).errorCode()).isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL.code());
  }

  @Test
  void anIncarnationThatChangesTheGroupsProtocolMakesItRebalance() {
    world.join(as("a", leader, "range", "sticky"));
    CompletableFuture<JoinGroupResponseData> b = world.join(as("b", follower, "range", "sticky"));
    int generation = world.now(b).generationId();
    world.syncAll(List.of(leader, follower), generation);
    CompletableFuture<JoinGroupResponseData> back = world.join(as("b", "", "sticky"));
    world.later(back);
    CompletableFuture<JoinGroupResponseData> a = world.join(as("a", leader, "range", "sticky"));

    assertThat(world.now(back).generationId()).isEqualTo(generation + 1);
    assertThat(world.now(back).protocolName()).isEqualTo("sticky");
    assertThat(world.now(a).members()).hasSize(2);
  }

  @Test
  void anAdministratorRemovesByInstanceId() {
    assertThat(world.leave("", "nobody")).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    assertThat(world.leave("", "b")).isEqualTo(Errors.NONE);

    assertThat(world.state()).isEqualTo(GroupState.PREPARING_REBALANCE);
    assertThat(world.heartbeat(follower, world.generation())).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
  }

  @Test
  void aStaticMemberThatIsGoneKeepsItsPlaceInARebalanceUntilItsSessionEnds() {
    CompletableFuture<JoinGroupResponseData> a =
        world.join(as("a", leader).setRebalanceTimeoutMs(1_000));
    world.later(a);
    world.clock.advance(SESSION_MS - 1);
    world.later(a);
    world.clock.advance(2);

    assertThat(world.now(a).members()).hasSize(1);
  }
}
