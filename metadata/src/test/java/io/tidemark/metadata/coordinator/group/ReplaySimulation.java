package io.tidemark.metadata.coordinator.group;

import static io.tidemark.metadata.coordinator.group.GroupWorld.CONFIG;
import static io.tidemark.metadata.coordinator.group.GroupWorld.client;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.metadata.coordinator.CoordinatorRecord;
import io.tidemark.metadata.coordinator.ModelCoordinatorLog.Fault;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Clients that do anything at all to a few groups, on a log that fails, holds back and changes
 * leaders, from a seed. Checks again and again that
 *
 * <ul>
 *   <li>the log replayed gives the hard state the coordinator has;
 *   <li>a commit that was acknowledged is there, or a later one (I7);
 *   <li>everybody is answered in the end;
 *   <li>no member of a stable group is told another's assignment.
 * </ul>
 */
final class ReplaySimulation {
  private static final List<String> GROUPS = List.of("a", "b", "c");
  private static final String[] TOPICS = {"orders", "payments"};
  private static final int PARTITIONS = 3;

  private enum Phase {
    OUT,
    JOINED,
    SYNCED
  }

  /** A client: what it believes it is. */
  private static final class Client {
    final String group;
    final @Nullable String instanceId;
    String memberId = "";
    int generation = -1;
    boolean leads;
    List<String> members = List.of();
    Phase phase = Phase.OUT;
    boolean waits;

    Client(String group, @Nullable String instanceId) {
      this.group = group;
      this.instanceId = instanceId;
    }
  }

  /** A replay asks for none. */
  private static final class NoTopics implements TopicDirectory {
    @Override
    public @Nullable KnownTopic byName(String name) {
      return null;
    }

    @Override
    public @Nullable KnownTopic byId(Uuid id) {
      return null;
    }
  }

  private record Place(String group, String topic, int partition) {}

  private final GroupWorld world;
  private final Random random;
  private final List<Client> clients = new ArrayList<>();
  private final List<CompletableFuture<?>> answers = new ArrayList<>();

  /**
   * The number of the newest acknowledged commit of a place; offsets are numbers that only grow.
   */
  private final Map<Place, Long> acknowledged = new HashMap<>();

  private final StringBuilder trace = new StringBuilder();
  private int epoch = 1;
  private long nextOffset = 1;
  private long nextTopicId = 100;
  private int stableGroupsSeen;

  ReplaySimulation(long seed) {
    random = new Random(seed);
    world = new GroupWorld(CONFIG.withMaxSize(seed % 2 == 0 ? 4 : 10), 1, 4_000, seed);
    world.topic("payments", 2);
    for (String group : GROUPS) {
      for (int i = 0; i < 5; i++) {
        clients.add(new Client(group, i < 2 ? "static-" + i : null));
      }
    }
  }

  /** How often a stable group was compared with its record. */
  int stableGroupsSeen() {
    return stableGroupsSeen;
  }

  double commits() {
    return world.meters.get("tidemark.group.offset.commits").counter().count();
  }

  String run(int steps) {
    for (int i = 0; i < steps; i++) {
      step();
      world.clock.run();
      if (random.nextInt(20) == 0) {
        checkReplay();
      }
    }
    settle();
    return trace.toString();
  }

  /**
   * Mostly clients do what clients do; now and then they do anything, and now and then things
   * break.
   */
  private void step() {
    Client client = clients.get(random.nextInt(clients.size()));
    int dice = random.nextInt(100);
    if (dice < 70) {
      behave(client);
    } else if (dice < 80) {
      misbehave(client);
    } else if (dice < 83) {
      breakSomething();
    } else if (dice < 90) {
      heal();
    } else {
      world.clock.advance(random.nextInt(1_500));
    }
  }

  private void behave(Client client) {
    if (client.waits) {
      return;
    }
    switch (client.phase) {
      case OUT -> join(client);
      case JOINED -> sync(client);
      case SYNCED -> {
        if (random.nextInt(3) == 0) {
          commit(client);
        } else {
          heartbeat(client);
        }
      }
    }
  }

  private void misbehave(Client client) {
    switch (random.nextInt(7)) {
      case 0 -> join(client);
      case 1 -> sync(client);
      case 2 -> leave(client);
      case 3 -> commit(client);
      case 4 -> commitSimple();
      case 5 -> {
        client.memberId = "";
        client.phase = Phase.OUT;
        client.waits = false;
      }
      default -> heartbeat(client);
    }
  }

  private void breakSomething() {
    switch (random.nextInt(8)) {
      case 0 -> failOver();
      case 1 -> world.log.failNextAppend(random.nextBoolean() ? Fault.REFUSED : Fault.LOST_ANSWER);
      case 2, 3 -> world.log.holdAppends();
      case 4, 5 -> world.log.holdCommits();
      case 6 -> deleteGroup();
      default -> recreateTopic();
    }
  }

  private void heal() {
    world.log.releaseAppends();
    world.log.releaseCommits();
  }

  private void failOver() {
    epoch++;
    world.coordinator.onResigned(0, epoch - 1);
    world.clock.run();
    world.log.lead(0, epoch);
    if (random.nextBoolean()) {
      world.log.loseUncommitted(0);
    }
    world.coordinator.onElected(0, epoch);
    trace.append("epoch ").append(epoch).append('\n');
  }

  // ---------------------------------------------------------------- members

  private void join(Client client) {
    JoinGroupRequestData request =
        GroupWorld.joinRequest(
                client.memberId, random.nextInt(4) == 0 ? "sticky" : "range", "cooperative")
            .setGroupId(client.group)
            .setGroupInstanceId(client.instanceId)
            .setSessionTimeoutMs(5_000)
            .setRebalanceTimeoutMs(8_000);
    CompletableFuture<JoinGroupResponseData> answer =
        world.coordinator.joinGroup(client(9), request);
    answers.add(answer);
    client.waits = true;
    answer.thenAccept(response -> joined(client, response));
  }

  private void joined(Client client, JoinGroupResponseData response) {
    Errors error = Errors.forCode(response.errorCode());
    trace.append(client.group).append(" join ").append(error).append('\n');
    client.waits = false;
    switch (error) {
      case NONE -> {
        client.phase = Phase.JOINED;
        client.memberId = response.memberId();
        client.generation = response.generationId();
        client.leads = response.leader().equals(response.memberId());
        client.members = response.members().stream().map(each -> each.memberId()).toList();
      }
      case MEMBER_ID_REQUIRED -> client.memberId = response.memberId();
      case UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID -> client.memberId = "";
      default -> {}
    }
  }

  private void sync(Client client) {
    SyncGroupRequestData request =
        new SyncGroupRequestData()
            .setGroupId(client.group)
            .setMemberId(client.memberId)
            .setGroupInstanceId(client.instanceId)
            .setGenerationId(client.generation);
    if (client.leads) {
      request.setAssignments(
          client.members.stream()
              .map(id ->
                  new SyncGroupRequestAssignment()
                      .setMemberId(id)
                      .setAssignment(GroupWorld.bytes(id)))
              .toList());
    }
    String memberId = client.memberId;
    var answer = world.coordinator.syncGroup(client(4), request);
    answers.add(answer);
    client.waits = true;
    answer.thenAccept(response -> {
      client.waits = false;
      told(client, Errors.forCode(response.errorCode()));
      if (response.errorCode() == 0) {
        client.phase = Phase.SYNCED;
      }
      if (response.errorCode() == 0 && client.instanceId == null) {
        String assigned = new String(response.assignment(), StandardCharsets.UTF_8);
        assertThat(assigned).isIn("", memberId);
      }
    });
  }

  private void heartbeat(Client client) {
    var answer =
        world.coordinator.heartbeat(
            client(4),
            new HeartbeatRequestData()
                .setGroupId(client.group)
                .setMemberId(client.memberId)
                .setGroupInstanceId(client.instanceId)
                .setGenerationId(client.generation));
    answers.add(answer);
    answer.thenAccept(response -> told(client, Errors.forCode(response.errorCode())));
  }

  private static void told(Client client, Errors error) {
    switch (error) {
      case NONE, COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR -> {}
      case UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID -> {
        client.memberId = "";
        client.phase = Phase.OUT;
      }
      default -> client.phase = Phase.OUT;
    }
  }

  private void leave(Client client) {
    answers.add(
        world.coordinator.leaveGroup(
            client(5),
            new LeaveGroupRequestData()
                .setGroupId(client.group)
                .setMembers(
                    List.of(
                        new MemberIdentity()
                            .setMemberId(client.memberId)
                            .setGroupInstanceId(client.instanceId)))));
  }

  // ---------------------------------------------------------------- offsets

  private void commit(Client client) {
    commit(
        client.group,
        GroupWorld.commitRequest(client.memberId, client.generation)
            .setGroupInstanceId(client.instanceId));
  }

  private void commitSimple() {
    commit(GROUPS.get(random.nextInt(GROUPS.size())), GroupWorld.commitRequest("", -1));
  }

  private void commit(String group, OffsetCommitRequestData request) {
    String topic = TOPICS[random.nextInt(TOPICS.length)];
    Map<Integer, Long> offsets = new HashMap<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      if (random.nextBoolean()) {
        offsets.put(partition, nextOffset++);
      }
    }
    if (offsets.isEmpty()) {
      return;
    }
    request.setGroupId(group).setTopics(List.of(GroupWorld.offsets(topic, offsets)));
    CompletableFuture<OffsetCommitResponseData> answer =
        world.coordinator.commitOffsets(client(9), request);
    answers.add(answer);
    Uuid topicId = topicOf(topic).id();
    answer.thenAccept(response ->
        response
            .topics()
            .getFirst()
            .partitions()
            .forEach(each -> {
              if (each.errorCode() == 0 && topicOf(topic).id().equals(topicId)) {
                acknowledged.merge(
                    new Place(group, topic, each.partitionIndex()),
                    offsets.getOrDefault(each.partitionIndex(), 0L),
                    Math::max);
              }
            }));
  }

  private KnownTopic topicOf(String name) {
    KnownTopic topic = world.topics.get(name);
    if (topic == null) {
      throw new AssertionError("no topic " + name);
    }
    return topic;
  }

  private void recreateTopic() {
    String name = TOPICS[random.nextInt(TOPICS.length)];
    KnownTopic old = topicOf(name);
    world.topic(name, nextTopicId++);
    acknowledged.keySet().removeIf(place -> place.topic().equals(name));
    if (random.nextBoolean()) {
      world.coordinator.onTopicsDeleted(List.of(old));
    }
  }

  private void deleteGroup() {
    String group = GROUPS.get(random.nextInt(GROUPS.size()));
    // Whether it will be deleted is open until the answer, and after a failed one for ever.
    acknowledged.keySet().removeIf(place -> place.group().equals(group));
    answers.add(
        world.coordinator.deleteGroups(
            client(2), new DeleteGroupsRequestData().setGroupsNames(List.of(group))));
    heal();
    world.clock.run();
    acknowledged.keySet().removeIf(place -> place.group().equals(group));
  }

  // ---------------------------------------------------------------- what must hold

  /** Heals everything, waits until everyone is answered, and looks at what is left. */
  private void settle() {
    heal();
    world.log.failNextAppend(Fault.NONE);
    world.clock.advance(120_000);
    heal();
    world.clock.run();
    assertThat(answers).as("answers").allMatch(CompletableFuture::isDone);
    checkReplay();
    failOver();
    world.clock.run();
    checkReplay();
    GroupLedger ledger = world.core().ledger();
    acknowledged.forEach((place, offset) -> {
      CommittedOffset found = ledger.offsets(place.group()).get(place.topic(), place.partition());
      assertThat(found).as("%s", place).isNotNull();
      assertThat(found == null ? -1 : found.offset())
          .as("%s", place)
          .isGreaterThanOrEqualTo(offset);
    });
  }

  private static void assertSame(GroupLedger replayed, GroupLedger live) {
    assertThat(replayed.groups()).usingRecursiveComparison().isEqualTo(live.groups());
    assertThat(replayed.groupsWithOffsets()).isEqualTo(live.groupsWithOffsets());
    for (String group : live.groupsWithOffsets()) {
      assertThat(replayed.offsets(group).byTopic()).isEqualTo(live.offsets(group).byTopic());
    }
  }

  /** A core that reads the log, now that nothing is on its way, has what the live one has. */
  private void checkReplay() {
    heal();
    world.clock.run();
    GroupCore[] live = new GroupCore[1];
    world.coordinator.inspect(0, core -> live[0] = core);
    world.clock.run();
    if (live[0] == null) {
      return;
    }
    GroupCore replayed =
        new GroupCore(
            CONFIG,
            4_000,
            new NoTopics(),
            new MemberIds(random),
            new GroupMeters(new SimpleMeterRegistry()));
    for (CoordinatorRecord record : world.log.records(0)) {
      replayed.replay(record);
    }
    assertSame(replayed.ledger(), live[0].ledger());
    trace.append(world.log.records(0).size()).append(" records\n");
    for (Group group : live[0].groups().all()) {
      if (group.is(GroupState.STABLE)) {
        stableGroupsSeen++;
        assertThat(group.written())
            .usingRecursiveComparison()
            .ignoringFields("stateTimestampMs")
            .isEqualTo(live[0].ledger().groups().get(group.id));
      }
    }
  }
}
