package io.tidemark.metadata.coordinator.group;

import static io.tidemark.metadata.coordinator.group.GroupWorld.CONFIG;
import static io.tidemark.metadata.coordinator.group.GroupWorld.GROUP;
import static io.tidemark.metadata.coordinator.group.GroupWorld.bytes;
import static io.tidemark.metadata.coordinator.group.GroupWorld.client;
import static io.tidemark.metadata.coordinator.group.GroupWorld.commitRequest;
import static io.tidemark.metadata.coordinator.group.GroupWorld.offsets;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Describing and listing groups. */
final class GroupQueriesTest {
  private final GroupWorld world = new GroupWorld();

  private DescribedGroup describe(int version, String group) {
    return world
        .now(
            world.coordinator.describeGroups(
                client(version), new DescribeGroupsRequestData().setGroups(List.of(group))))
        .groups()
        .getFirst();
  }

  private List<ListedGroup> list(List<String> states, List<String> types) {
    var response =
        world.now(
            world.coordinator.listGroups(
                client(5),
                new ListGroupsRequestData().setStatesFilter(states).setTypesFilter(types)));
    assertThat(response.errorCode()).isZero();
    return response.groups();
  }

  @Test
  void aStableGroupIsDescribedWithItsAssignments() {
    List<String> ids = world.stableGroup(2);
    DescribedGroup group = describe(6, GROUP);

    assertThat(group.groupState()).isEqualTo("Stable");
    assertThat(group.protocolType()).isEqualTo("consumer");
    assertThat(group.protocolData()).isEqualTo("range");
    assertThat(group.members()).hasSize(2);
    var member = group.members().getFirst();
    assertThat(member.memberId()).isEqualTo(ids.getFirst());
    assertThat(member.clientId()).isEqualTo("client");
    assertThat(member.clientHost()).isEqualTo("/127.0.0.1");
    assertThat(member.memberAssignment()).isEqualTo(bytes("for " + ids.getFirst()));
    assertThat(member.memberMetadata()).isEqualTo(GroupWorld.subscription(List.of("orders")));
  }

  @Test
  void aGroupThatRebalancesShowsItsMembersOnly() {
    world.stableGroup(1);
    world.joinNew();
    DescribedGroup group = describe(6, GROUP);

    assertThat(group.groupState()).isEqualTo("PreparingRebalance");
    assertThat(group.protocolData()).isEmpty();
    assertThat(group.members()).hasSize(2).allMatch(each -> each.memberAssignment().length == 0);
  }

  @Test
  void aMissingGroupIsDeadToOlderClientsAndAnErrorToNewerOnes() {
    assertThat(describe(5, "none").groupState()).isEqualTo("Dead");
    assertThat(describe(5, "none").errorCode()).isZero();
    assertThat(describe(6, "none").errorCode()).isEqualTo(Errors.GROUP_ID_NOT_FOUND.code());
    assertThat(describe(6, "none").errorMessage()).contains("none");
  }

  @Test
  void groupsAreListedByStateAndType() {
    world.stableGroup(1);
    world.now(
        world.coordinator.commitOffsets(
            client(9),
            commitRequest("", -1)
                .setGroupId("simple")
                .setTopics(List.of(offsets("orders", Map.of(0, 1L))))));

    assertThat(list(List.of(), List.of()))
        .extracting(ListedGroup::groupId)
        .containsExactlyInAnyOrder(GROUP, "simple");
    assertThat(list(List.of("stable"), List.of()))
        .singleElement()
        .satisfies(group -> {
          assertThat(group.groupId()).isEqualTo(GROUP);
          assertThat(group.groupState()).isEqualTo("Stable");
          assertThat(group.groupType()).isEqualTo("Classic");
          assertThat(group.protocolType()).isEqualTo("consumer");
        });
    assertThat(list(List.of("Empty"), List.of("classic"))).hasSize(1);
    assertThat(list(List.of(), List.of("consumer"))).isEmpty();
    assertThat(list(List.of("Dead"), List.of())).isEmpty();
  }

  @Test
  void onlyGroupsOfPartitionsThisNodeLeadsAreListed() {
    GroupWorld wide = new GroupWorld(CONFIG, 5, 1 << 20, 1);
    for (int i = 0; i < 30; i++) {
      wide.now(
          wide.coordinator.commitOffsets(
              client(9),
              commitRequest("", -1)
                  .setGroupId("group-" + i)
                  .setTopics(List.of(offsets("orders", Map.of(0, 1L))))));
    }
    wide.coordinator.onResigned(0, 1);
    long elsewhere =
        IntStream.range(0, 30)
            .filter(i -> wide.coordinator.partitionFor("group-" + i) == 0)
            .count();

    var listed = wide.now(wide.coordinator.listGroups(client(5), new ListGroupsRequestData()));

    assertThat(listed.errorCode()).isZero();
    assertThat(listed.groups()).hasSize(30 - (int) elsewhere);
  }

  @Test
  void theProgressOfGroupsIsTheirCommittedOffsetsByTopic() {
    world.topic("payments", 2);
    world.now(
        world.coordinator.commitOffsets(
            client(9),
            commitRequest("", -1)
                .setTopics(
                    List.of(
                        offsets("orders", Map.of(0, 3L, 5, 8L)),
                        offsets("payments", Map.of(1, 2L))))));

    assertThat(world.now(world.coordinator.progress()))
        .containsExactlyInAnyOrder(
            new GroupProgress(GROUP, "orders", Map.of(0, 3L, 5, 8L)),
            new GroupProgress(GROUP, "payments", Map.of(1, 2L)));
    world.coordinator.onResigned(0, 1);
    assertThat(world.now(world.coordinator.progress())).isEmpty();
  }

  @Test
  void groupsLieWhereKafkaPutsThem() {
    GroupWorld wide = new GroupWorld(CONFIG, 50, 1 << 20, 1);
    assertThat(wide.coordinator.partitionFor("console-consumer-1")).isEqualTo(24);
    assertThat("payments-10".hashCode()).isNegative();
    assertThat(wide.coordinator.partitionFor("payments-10")).isEqualTo(41);
    // A hash of Integer.MIN_VALUE has no absolute value.
    assertThat("polygenelubricants".hashCode()).isEqualTo(Integer.MIN_VALUE);
    assertThat(wide.coordinator.partitionFor("polygenelubricants")).isZero();
  }
}
