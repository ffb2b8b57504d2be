package io.tidemark.metadata.coordinator.group;

import static io.tidemark.metadata.coordinator.group.GroupWorld.CONFIG;
import static io.tidemark.metadata.coordinator.group.GroupWorld.FORMING_MS;
import static io.tidemark.metadata.coordinator.group.GroupWorld.GROUP;
import static io.tidemark.metadata.coordinator.group.GroupWorld.REBALANCE_MS;
import static io.tidemark.metadata.coordinator.group.GroupWorld.SESSION_MS;
import static io.tidemark.metadata.coordinator.group.GroupWorld.bytes;
import static io.tidemark.metadata.coordinator.group.GroupWorld.client;
import static io.tidemark.metadata.coordinator.group.GroupWorld.joinRequest;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** How dynamic members come, are assigned, and go. */
final class RebalanceTest {
  @Test
  void anIdIsGivenOutFirstAndOlderClientsJoinWithoutOne() {
    GroupWorld world = new GroupWorld();
    JoinGroupResponseData first = world.now(world.join(joinRequest("")));
    assertThat(first.errorCode()).isEqualTo(Errors.MEMBER_ID_REQUIRED.code());
    assertThat(first.memberId()).startsWith("client-").hasSize("client-".length() + 36);

    CompletableFuture<JoinGroupResponseData> old =
        world.coordinator.joinGroup(client(3), joinRequest(""));
    world.clock.advance(FORMING_MS);

    JoinGroupResponseData joined = world.now(old);
    assertThat(joined.errorCode()).isZero();
    assertThat(joined.memberId()).startsWith("client-").isNotEqualTo(first.memberId());
  }

  @Test
  void theLeaderLearnsOfAllMembersAndAssignsThem() {
    GroupWorld world = new GroupWorld(CONFIG.withInitialRebalanceDelayMs(3_000));
    List<CompletableFuture<JoinGroupResponseData>> joins = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      joins.add(world.joinNew());
    }
    world.clock.advance(6_000);

    List<JoinGroupResponseData> joined = joins.stream().map(world::now).toList();
    String leader = joined.getFirst().memberId();
    assertThat(joined).allMatch(each -> each.leader().equals(leader) && each.generationId() == 1);
    assertThat(joined).allMatch(each -> "range".equals(each.protocolName()));
    assertThat(joined.getFirst().members()).hasSize(3);
    assertThat(joined.getFirst().members().getLast().metadata())
        .isEqualTo(GroupWorld.subscription(List.of("orders")));
    assertThat(joined.get(1).members()).isEmpty();

    world.syncAll(joined.stream().map(JoinGroupResponseData::memberId).toList(), 1);
    assertThat(world.state()).isEqualTo(GroupState.STABLE);
    assertThat(world.heartbeat(leader, 1)).isEqualTo(Errors.NONE);
  }

  @Test
  void theFirstRebalanceWaitsLongerWhileMembersCome() {
    GroupWorld world = new GroupWorld(CONFIG.withInitialRebalanceDelayMs(3_000));
    CompletableFuture<JoinGroupResponseData> first = world.joinNew();
    world.clock.advance(2_999);
    world.later(first);
    world.joinNew();
    world.clock.advance(1);
    world.later(first);
    world.clock.advance(2_999);
    world.later(first);
    world.clock.advance(1);

    assertThat(world.now(first).members()).hasSize(2);
  }

  @Test
  void theFirstRebalanceIsPutOffNoLongerThanTheRebalanceTimeout() {
    GroupWorld world = new GroupWorld(CONFIG.withInitialRebalanceDelayMs(3_000));
    JoinGroupRequestData request = joinRequest("").setRebalanceTimeoutMs(7_000);
    CompletableFuture<JoinGroupResponseData> first =
        world.coordinator.joinGroup(client(3), request);
    for (int second = 0; second < 7; second++) {
      world.later(first);
      world.coordinator.joinGroup(client(3), joinRequest("").setRebalanceTimeoutMs(7_000));
      world.clock.advance(1_000);
    }

    assertThat(world.now(first).errorCode()).isZero();
  }

  @Test
  void aNewMemberMakesTheOthersJoinAgain() {
    GroupWorld world = new GroupWorld();
    List<String> ids = world.stableGroup(2);
    CompletableFuture<JoinGroupResponseData> third = world.joinNew();
    assertThat(world.heartbeat(ids.getFirst(), 1)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);

    CompletableFuture<JoinGroupResponseData> first = world.join(joinRequest(ids.get(0)));
    world.later(third);
    CompletableFuture<JoinGroupResponseData> second = world.join(joinRequest(ids.get(1)));

    assertThat(world.now(third).generationId()).isEqualTo(2);
    assertThat(world.now(first).members()).hasSize(3);
    assertThat(world.now(second).members()).isEmpty();
  }

  @Test
  void whoeverDoesNotJoinAgainInTimeIsOutAndAnotherLeads() {
    GroupWorld world = new GroupWorld();
    List<String> ids = world.stableGroup(2);
    CompletableFuture<JoinGroupResponseData> second =
        world.join(joinRequest(ids.get(1), "range", "sticky"));
    for (int waited = 0; waited < REBALANCE_MS; waited += 5_000) {
      world.later(second);
      assertThat(world.heartbeat(ids.getFirst(), 1)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
      world.clock.advance(5_000);
    }

    assertThat(world.now(second).leader()).isEqualTo(ids.get(1));
    assertThat(world.now(second).members()).hasSize(1);
    assertThat(world.heartbeat(ids.getFirst(), 1)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
  }

  @Test
  void whoeverDoesNotSyncInTimeIsOut() {
    GroupWorld world = new GroupWorld();
    List<CompletableFuture<JoinGroupResponseData>> joins =
        List.of(world.joinNew(), world.joinNew());
    world.clock.advance(FORMING_MS);
    List<String> ids = joins.stream().map(join -> world.now(join).memberId()).toList();
    int generation = world.generation();
    CompletableFuture<SyncGroupResponseData> waiting = world.sync(ids.get(1), generation, Map.of());
    for (int waited = 0; waited < REBALANCE_MS; waited += 5_000) {
      world.heartbeat(ids.getFirst(), generation);
      world.clock.advance(5_000);
    }

    assertThat(world.now(waiting).errorCode()).isEqualTo(Errors.REBALANCE_IN_PROGRESS.code());
    assertThat(world.heartbeat(ids.getFirst(), generation)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    assertThat(world.state()).isEqualTo(GroupState.PREPARING_REBALANCE);
  }

  @Test
  void aMemberThatIsNotHeardOfIsOut() {
    GroupWorld world = new GroupWorld();
    List<String> ids = world.stableGroup(2);
    for (int i = 0; i < 3; i++) {
      world.clock.advance(SESSION_MS / 2);
      world.heartbeat(ids.getFirst(), 1);
    }

    assertThat(world.state()).isEqualTo(GroupState.PREPARING_REBALANCE);
    assertThat(world.heartbeat(ids.get(1), 1)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    assertThat(world.commitError(world.commit(ids.get(1), 1, Map.of(0, 5L))))
        .isEqualTo(Errors.UNKNOWN_MEMBER_ID);
  }

  @Test
  void theWallClockDoesNotDecideWhoIsAlive() {
    GroupWorld world = new GroupWorld();
    List<String> ids = world.stableGroup(1);
    world.clock.jumpWallClock(3_600_000);
    world.clock.advance(SESSION_MS - 1);
    assertThat(world.heartbeat(ids.getFirst(), 1)).isEqualTo(Errors.NONE);
    world.clock.jumpWallClock(-7_200_000);
    world.clock.advance(SESSION_MS);

    assertThat(world.state()).isEqualTo(GroupState.EMPTY);
  }

  @Test
  void whenTheLastMemberLeavesTheGroupIsEmptyAndThatIsWritten() {
    GroupWorld world = new GroupWorld();
    List<String> ids = world.stableGroup(1);
    assertThat(world.leave(ids.getFirst(), null)).isEqualTo(Errors.NONE);

    assertThat(world.state()).isEqualTo(GroupState.EMPTY);
    assertThat(world.generation()).isEqualTo(2);
    assertThat(world.core().ledger().groups())
        .hasEntrySatisfying(
            GROUP,
            written -> {
              assertThat(written.members()).isEmpty();
              assertThat(written.protocolType()).isEqualTo("consumer");
            });
  }

  @Test
  void aMemberThatLeavesWhileItsJoinWaitsIsTold() {
    GroupWorld world = new GroupWorld();
    world.stableGroup(1);
    CompletableFuture<JoinGroupResponseData> second = world.joinNew();
    world.later(second);
    String id = world.core().groups().get(GROUP).members.all().getLast().id;
    assertThat(world.leave(id, null)).isEqualTo(Errors.NONE);

    assertThat(world.now(second).errorCode()).isEqualTo(Errors.UNKNOWN_MEMBER_ID.code());
  }

  @Test
  void theProtocolAllKnowThatMostPreferIsChosen() {
    GroupWorld world = new GroupWorld();
    CompletableFuture<JoinGroupResponseData> first =
        world.coordinator.joinGroup(client(3), joinRequest("", "a", "b", "c"));
    world.coordinator.joinGroup(client(3), joinRequest("", "x", "c", "b"));
    world.coordinator.joinGroup(client(3), joinRequest("", "c", "b"));
    world.clock.advance(FORMING_MS);

    assertThat(world.now(first).protocolName()).isEqualTo("c");
  }

  @Test
  void aRepeatedJoinOfAnUnchangedFollowerTellsTheGenerationAgain() {
    GroupWorld world = new GroupWorld();
    List<String> ids = world.stableGroup(2);

    assertThat(world.now(world.join(joinRequest(ids.get(1)))).generationId()).isEqualTo(1);
    assertThat(world.state()).isEqualTo(GroupState.STABLE);
    world.join(joinRequest(ids.getFirst()));
    assertThat(world.state()).as("the leader rebalances").isEqualTo(GroupState.PREPARING_REBALANCE);
  }

  @Test
  void aSecondJoinOfTheSameMemberTakesThePlaceOfTheFirst() {
    GroupWorld world = new GroupWorld();
    List<String> ids = world.stableGroup(2);
    CompletableFuture<JoinGroupResponseData> given = world.join(joinRequest(ids.getFirst()));
    world.later(given);
    CompletableFuture<JoinGroupResponseData> again = world.join(joinRequest(ids.getFirst()));
    world.later(again);

    assertThat(world.now(given).errorCode()).isEqualTo(Errors.REBALANCE_IN_PROGRESS.code());
    world.join(joinRequest(ids.get(1)));
    assertThat(world.now(again).generationId()).isEqualTo(2);
  }

  @Test
  void membersTheLeaderForgetsGetAnEmptyAssignment() {
    GroupWorld world = new GroupWorld();
    List<CompletableFuture<JoinGroupResponseData>> joins =
        List.of(world.joinNew(), world.joinNew());
    world.clock.advance(FORMING_MS);
    List<String> ids = joins.stream().map(join -> world.now(join).memberId()).toList();
    int generation = world.generation();
    Map<String, String> assignments = new HashMap<>();
    assignments.put(ids.getFirst(), "all");
    assignments.put("stranger", "nothing");
    CompletableFuture<SyncGroupResponseData> leader =
        world.sync(ids.getFirst(), generation, assignments);

    assertThat(world.now(leader).assignment()).isEqualTo(bytes("all"));
    assertThat(world.now(world.sync(ids.get(1), generation, Map.of())).assignment()).isEmpty();
  }

  @Test
  void aGroupIsNoLargerThanAllowed() {
    GroupWorld world = new GroupWorld(CONFIG.withMaxSize(2));
    world.stableGroup(2);

    assertThat(world.now(world.join(joinRequest(""))).errorCode())
        .isEqualTo(Errors.GROUP_MAX_SIZE_REACHED.code());
  }

  @Test
  void aGroupThatIsTooLargeAfterALimitWasLoweredLosesTheLastToRejoin() {
    GroupWorld before = new GroupWorld();
    List<String> ids = before.stableGroup(3);
    GroupWorld world = new GroupWorld(CONFIG.withMaxSize(2));
    before.log.records(0).forEach(record -> world.log.put(0, record));
    world.failOver(2);
    assertThat(world.state()).isEqualTo(GroupState.PREPARING_REBALANCE);

    List<CompletableFuture<JoinGroupResponseData>> joins =
        ids.stream().map(id -> world.join(joinRequest(id))).toList();

    assertThat(world.now(joins.getLast()).errorCode())
        .isEqualTo(Errors.GROUP_MAX_SIZE_REACHED.code());
    assertThat(world.now(joins.getFirst()).members()).hasSize(2);
    assertThat(world.now(joins.get(1)).errorCode()).isZero();
  }

  @Test
  void anIdThatIsNotUsedIsTakenBackAndTheGroupIsForgotten() {
    GroupWorld world = new GroupWorld();
    String id = world.now(world.join(joinRequest(""))).memberId();
    assertThat(world.state()).isEqualTo(GroupState.EMPTY);
    world.clock.advance(SESSION_MS);

    assertThat(world.now(world.join(joinRequest(id))).errorCode())
        .isEqualTo(Errors.UNKNOWN_MEMBER_ID.code());
    assertThat(world.state()).isEqualTo(GroupState.DEAD);
    assertThat(world.log.records(0)).isEmpty();
  }

  @Test
  void membersFindTheirGroupAgainAfterAFailover() {
    GroupWorld world = new GroupWorld();
    List<String> ids = world.stableGroup(3);
    world.failOver(2);

    assertThat(world.state()).isEqualTo(GroupState.STABLE);
    for (String id : ids) {
      assertThat(world.heartbeat(id, 1)).isEqualTo(Errors.NONE);
      assertThat(world.now(world.sync(id, 1, Map.of())).assignment()).isEqualTo(bytes("for " + id));
    }
    world.clock.advance(SESSION_MS);
    assertThat(world.state()).isEqualTo(GroupState.EMPTY);
  }

  @Test
  void aFailoverInTheMiddleOfARebalanceLetsTheGroupFormAgain() {
    GroupWorld world = new GroupWorld();
    List<String> ids = world.stableGroup(2);
    CompletableFuture<JoinGroupResponseData> third = world.joinNew();
    world.failOver(2);
    assertThat(world.now(third).errorCode()).isEqualTo(Errors.NOT_COORDINATOR.code());

    CompletableFuture<JoinGroupResponseData> again = world.joinNew();
    List<CompletableFuture<JoinGroupResponseData>> others =
        ids.stream().map(id -> world.join(joinRequest(id))).toList();

    assertThat(world.now(again).generationId()).isEqualTo(2);
    assertThat(others).allMatch(join -> world.now(join).errorCode() == 0);
  }

  @Test
  void anAssignmentThatIsNotCommittedIsNotGivenOut() {
    GroupWorld world = new GroupWorld();
    CompletableFuture<JoinGroupResponseData> join = world.joinNew();
    world.clock.advance(FORMING_MS);
    String id = world.now(join).memberId();
    world.log.holdCommits();
    CompletableFuture<SyncGroupResponseData> sync = world.sync(id, 1, Map.of(id, "mine"));
    world.later(sync);
    world.log.loseUncommitted(0);
    world.failOver(2);

    assertThat(world.now(sync).errorCode()).isEqualTo(Errors.NOT_COORDINATOR.code());
    world.log.releaseCommits();
    assertThat(world.heartbeat(id, 1)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
  }
}
