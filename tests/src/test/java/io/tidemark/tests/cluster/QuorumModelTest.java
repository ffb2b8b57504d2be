package io.tidemark.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.event.EventCodec;
import io.tidemark.metadata.quorum.Appended;
import io.tidemark.metadata.quorum.ModelRaft;
import io.tidemark.metadata.quorum.ModelVoter;
import io.tidemark.metadata.quorum.QuorumException;
import io.tidemark.scenario.Scenario;
import io.tidemark.tests.simulation.SimulatedProcess;
import io.tidemark.tests.simulation.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

/** The quorum's model with three voters: it keeps what Raft keeps, and loses what Raft may lose. */
class QuorumModelTest {
  private static final long ELECTION_MS = 300;
  private static final long LIMIT_MS = 60_000;

  private Simulation simulation = new Simulation(11);
  private final Set<List<Integer>> cuts = new HashSet<>();
  private final Map<Integer, ModelVoter> voters = new TreeMap<>();
  private final Map<Integer, SimulatedProcess> processes = new TreeMap<>();
  private final List<String> committed = new ArrayList<>();
  private ModelRaft raft = newRaft();

  private ModelRaft newRaft() {
    ModelRaft made =
        new ModelRaft(
            Set.of(1, 2, 3),
            simulation.random(),
            simulation.time(),
            (from, to) -> !cuts.contains(List.of(from, to)),
            ELECTION_MS);
    made.observe((index, batch) -> committed.add(text(batch)));
    return made;
  }

  private void open(int id) {
    SimulatedProcess process = simulation.process("voter-" + id);
    processes.put(id, process);
    voters.put(
        id,
        ModelVoter.open(id, raft, process.thread("quorum"), simulation.random(), 20, ELECTION_MS));
  }

  private void openAll() {
    List.of(1, 2, 3).forEach(this::open);
    awaitLeader();
  }

  private void kill(int id) {
    processes.remove(id).kill();
    voters.remove(id).crash();
  }

  private ModelVoter awaitLeader() {
    simulation.runUntil(
        "a leader", LIMIT_MS, () -> voters.values().stream().anyMatch(voter -> isLeader(voter)));
    return voters.values().stream().filter(this::isLeader).findFirst().orElseThrow();
  }

  /** In truth and in its own eyes. */
  private boolean isLeader(ModelVoter voter) {
    return voter.leadership().isSelf() && voter.leadership().term() == raft.term();
  }

  private void isolate(int id) {
    for (int other = 1; other <= 3; other++) {
      cuts.add(List.of(id, other));
      cuts.add(List.of(other, id));
    }
  }

  private ModelVoter anotherThan(ModelVoter leader) {
    return voters.values().stream().filter(voter -> voter != leader).findFirst().orElseThrow();
  }

  private static CompletableFuture<Appended> append(ModelVoter voter, String value) {
    return voter.append(
        voter.leadership().term(),
        List.of(
            new Event.ConfigsChanged(
                new ConfigResource(ConfigResource.Type.BROKER, ""), Map.of("k", value))));
  }

  private static String text(EventCodec.Batch batch) {
    return ((Event.ConfigsChanged) batch.events().getFirst()).changes().get("k");
  }

  private static String value(ModelVoter voter) {
    return voter.image().configs().ofAllNodes().get("k");
  }

  private void until(CompletableFuture<?> done) {
    simulation.runUntil("an answer", LIMIT_MS, done::isDone);
  }

  @Test
  void oneIsElectedAndAllHaveItsImage() {
    openAll();
    ModelVoter leader = awaitLeader();
    CompletableFuture<Appended> answer = append(leader, "a");
    until(answer);
    assertThat(answer.join().refused()).isZero();
    simulation.runUntil(
        "followers", LIMIT_MS, () -> voters.values().stream().allMatch(v -> "a".equals(value(v))));
    simulation.runUntil(
        "their belief",
        LIMIT_MS,
        () ->
            voters.values().stream()
                .allMatch(voter -> voter.leadership().leaderId() == leader.nodeId()));
  }

  @Test
  void whoDoesNotLeadCannotWrite() {
    openAll();
    CompletableFuture<Appended> answer = append(anotherThan(awaitLeader()), "b");
    until(answer);
    assertThat(answer)
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(QuorumException.NotLeader.class);
  }

  @Test
  @Scenario("S-45")
  void aLeaderThatIsCutOffCommitsNothingAndCannotTellWhatBecameOfIt() {
    openAll();
    ModelVoter old = awaitLeader();
    long term = raft.term();
    isolate(old.nodeId());
    CompletableFuture<Appended> lost = append(old, "lost");
    simulation.runUntil("another leader", LIMIT_MS, () -> raft.term() > term);
    ModelVoter next = awaitLeader();
    CompletableFuture<Appended> kept = append(next, "kept");
    until(kept);
    until(lost);
    assertThat(kept).isCompleted();
    assertThat(lost)
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(QuorumException.OutcomeUnknown.class);

    cuts.clear();
    simulation.runUntil("the old one catching up", LIMIT_MS, () -> "kept".equals(value(old)));
    assertThat(committed).containsExactly("kept");
  }

  @Test
  void whatTheNextLeaderHoldsIsCommittedThoughTheFirstDiedBeforeItSaidSo() {
    openAll();
    ModelVoter first = awaitLeader();
    CompletableFuture<Appended> answer = append(first, "held");
    simulation.runUntil("a write", LIMIT_MS, () -> simulation.nowNs() > 0 && isWritten(answer));
    kill(first.nodeId());
    ModelVoter next = awaitLeader();
    simulation.runUntil("the entry", LIMIT_MS, () -> "held".equals(value(next)));
    assertThat(answer).isNotDone();
  }

  /** One step after the request: on the disks, not answered. */
  private boolean isWritten(CompletableFuture<Appended> answer) {
    simulation.step();
    return !answer.isDone();
  }

  @Test
  void aVoterWithoutTheNewestEntryIsNotElected() {
    openAll();
    ModelVoter leader = awaitLeader();
    ModelVoter stale = anotherThan(leader);
    isolate(stale.nodeId());
    CompletableFuture<Appended> answer = append(leader, "newest");
    until(answer);
    assertThat(answer).isCompleted();
    cuts.clear();
    kill(leader.nodeId());
    ModelVoter third =
        voters.values().stream().filter(voter -> voter != stale).findFirst().orElseThrow();
    assertThat(awaitLeader()).isSameAs(third);
    simulation.runUntil("the newest", LIMIT_MS, () -> "newest".equals(value(stale)));
  }

  @Test
  @Scenario("S-47")
  void aVoterThatHearsNothingButCanSpeakUnseatsNobody() {
    openAll();
    ModelVoter leader = awaitLeader();
    long term = raft.term();
    cuts.add(List.of(leader.nodeId(), anotherThan(leader).nodeId()));
    simulation.runFor(30_000);
    assertThat(raft.term()).isEqualTo(term);
    assertThat(isLeader(leader)).isTrue();
  }

  @Test
  @Scenario("S-48")
  void aLeaderThatSpeaksButHearsNobodyStepsDownAndAnotherIsElected() {
    openAll();
    ModelVoter deaf = awaitLeader();
    List<ModelVoter> others = voters.values().stream().filter(voter -> voter != deaf).toList();
    others.forEach(voter -> cuts.add(List.of(voter.nodeId(), deaf.nodeId())));
    CompletableFuture<Appended> unheard = append(deaf, "unheard");
    simulation.runUntil("it steps down", LIMIT_MS, () -> !deaf.leadership().isSelf());
    simulation.runUntil("another leader", LIMIT_MS, () -> others.stream().anyMatch(this::isLeader));
    assertThat(unheard.isDone() && !unheard.isCompletedExceptionally()).isFalse();

    CompletableFuture<Appended> heard = append(awaitLeader(), "heard");
    until(heard);
    cuts.clear();
    simulation.runUntil("one image", LIMIT_MS, () -> "heard".equals(value(deaf)));
    assertThat(committed).doesNotContain("unheard");
  }

  @Test
  @Scenario("S-46")
  void withoutAMajorityNobodyLeadsAndAfterItIsBackSomebodyDoes() {
    openAll();
    kill(1);
    kill(2);
    simulation.runFor(10_000);
    assertThat(voters.get(3).leadership().isSelf()).isFalse();
    open(1);
    assertThat(awaitLeader()).isNotNull();
  }

  @Test
  void whatWasReportedStaysInItsPlaceThroughEverything() {
    for (long seed = 1; seed <= 20; seed++) {
      simulation = new Simulation(seed);
      cuts.clear();
      voters.clear();
      processes.clear();
      committed.clear();
      raft = newRaft();
      openAll();
      List<String> reported = new ArrayList<>();
      for (int round = 0; round < 30; round++) {
        disturb();
        for (ModelVoter voter : List.copyOf(voters.values())) {
          if (voter.leadership().isSelf()) {
            String value = round + "/" + voter.nodeId();
            var _ = append(voter, value).thenAccept(appended -> reported.add(value));
          }
        }
        simulation.runFor(simulation.random().nextInt(1_500));
      }
      cuts.clear();
      List.of(1, 2, 3).stream().filter(id -> !voters.containsKey(id)).forEach(this::open);
      CompletableFuture<Appended> last = append(awaitLeader(), "last");
      until(last);
      simulation.runUntil(
          "one image",
          LIMIT_MS,
          () -> voters.values().stream().allMatch(v -> "last".equals(value(v))));
      assertThat(committed).as("seed %d", seed).containsSubsequence(reported);
      assertThat(new HashSet<>(committed)).hasSameSizeAs(committed);
      assertThat(voters.get(1).image()).isEqualTo(voters.get(2).image());
      assertThat(voters.get(1).image()).isEqualTo(voters.get(3).image());
    }
  }

  private void disturb() {
    int id = 1 + simulation.random().nextInt(3);
    switch (simulation.random().nextInt(6)) {
      case 0 -> isolate(id);
      case 1 -> cuts.add(List.of(id, 1 + simulation.random().nextInt(3)));
      case 2, 3 -> cuts.clear();
      case 4 -> {
        if (voters.containsKey(id)) {
          kill(id);
        } else {
          open(id);
        }
      }
      default -> {}
    }
  }
}
