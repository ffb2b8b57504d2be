package io.tidemark.metadata.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.metadata.controller.Controller;
import io.tidemark.metadata.controller.ManualTime;
import io.tidemark.metadata.controller.ManualTimers;
import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.event.UnknownEventException;
import io.tidemark.metadata.quorum.ImageFollower;
import io.tidemark.metadata.quorum.Leadership;
import io.tidemark.metadata.quorum.ModelLog;
import io.tidemark.metadata.quorum.ModelQuorum;
import io.tidemark.metadata.quorum.QuorumException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InconsistentClusterIdException;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node without a vote beside three modelled voters, in one thread. */
class FollowingTest {
  private static final MutationCounter NO_COUNTER =
      wish -> {
        throw new UnsupportedOperationException("nobody changes topics here");
      };

  private final ManualTime time = new ManualTime();
  private final ManualTimers timers = new ManualTimers(time);
  private final ModelLog log = new ModelLog(3);
  private final Map<Integer, ModelQuorum> voters = new HashMap<>();
  private final Map<Integer, ControllerCalls> answering = new HashMap<>();
  private final List<ControllerCall> asked = new ArrayList<>();
  private int answersLost;
  private int reached = 1;
  private final FollowedQuorum quorum = new FollowedQuorum(9, this::call, timers);
  private final ImageFollower follower = new ImageFollower(quorum::updatesAfter, timers);

  private ModelQuorum voter(int id) {
    return Objects.requireNonNull(voters.get(id));
  }

  private ControllerCalls answering(int id) {
    return Objects.requireNonNull(answering.get(id));
  }

  /** As the gateway carries it: what is not answered by the one is asked of the next. */
  private CompletableFuture<ControllerReply> call(ControllerCall call) {
    asked.add(call);
    if (answersLost > 0) {
      answersLost--;
      return CompletableFuture.failedFuture(new TimeoutException("The answer was lost"));
    }
    ControllerCall sent = LinkCodec.decodeCall(LinkCodec.encode(call));
    return answering(reached)
        .answer(sent)
        .thenApply(reply -> LinkCodec.decodeReply(LinkCodec.encode(reply)))
        .whenComplete((_, failure) -> reached = failure == null ? reached : reached % 3 + 1);
  }

  @BeforeEach
  void open() {
    for (int id = 1; id <= 3; id++) {
      ModelQuorum voter = ModelQuorum.open(id, log, timers);
      voters.put(id, voter);
      answering.put(id, new ControllerCalls(voter, controllerOfNobody(), NO_COUNTER, timers));
    }
    log.elect(1);
    follower.listen(quorum);
  }

  private void pass(long ms) {
    for (long passed = 0; passed < ms; passed += 10) {
      while (timers.runDue()) {
        // until nothing is due
      }
      time.sleep(10);
    }
  }

  private void write(String key, String value) {
    ModelQuorum leader =
        voters.values().stream().filter(v -> v.leadership().isSelf()).findFirst().orElseThrow();
    var _ = leader.append(log.term(), List.of(config(key, value)));
    pass(20);
  }

  private static Event config(String key, String value) {
    return new Event.ConfigsChanged(
        new ConfigResource(ConfigResource.Type.BROKER, ""), Map.of(key, value));
  }

  private @Nullable String value(String key) {
    return follower.image().configs().ofAllNodes().get(key);
  }

  @Test
  void itHasWhatIsCommittedSoonAfter() {
    follower.start();
    write("a", "1");
    write("a", "2");

    assertThat(value("a")).isEqualTo("2");
    assertThat(follower.image()).isEqualTo(voter(1).image());
    assertThat(quorum.leadership()).isEqualTo(new Leadership(1, log.term(), false));
  }

  @Test
  void whileNothingHappensItAsksOnceASecond() {
    follower.start();
    write("a", "1");
    asked.clear();

    pass(10_000);

    assertThat(asked).hasSizeBetween(9, 11);
    assertThat(follower.stopped()).isNotDone();
  }

  @Test
  void anotherLeaderIsFollowedFromTheVersionItHas() {
    follower.start();
    write("a", "1");
    long version = follower.image().version();
    asked.clear();

    log.elect(3);
    write("a", "2");
    pass(2_000);

    assertThat(value("a")).isEqualTo("2");
    assertThat(quorum.leadership().leaderId()).isEqualTo(3);
    assertThat(asked)
        .allMatch(call -> call instanceof ControllerCall.Follow f && f.version() >= version);
  }

  @Test
  void whileNobodyLeadsItKeepsWhatItHasAndGoesOnAsking() {
    follower.start();
    write("a", "1");
    log.depose();
    pass(60_000);

    assertThat(value("a")).isEqualTo("1");
    log.elect(2);
    write("a", "2");
    pass(2_000);
    assertThat(value("a")).isEqualTo("2");
  }

  @Test
  void aLaggingVoterThatDoesNotLeadIsNotFollowed() {
    voter(2).lag(true);
    reached = 2;
    follower.start();
    write("a", "1");
    pass(1_000);

    assertThat(value("a")).isEqualTo("1");
  }

  @Test
  void whoIsFarBehindGetsASnapshotInPieces() {
    String large = "x".repeat(SnapshotPieces.PIECE_BYTES);
    write("a", large);
    write("b", large);
    write("c", large);
    restart(1);
    follower.start();
    pass(1_000);

    assertThat(follower.image()).isEqualTo(voter(1).image());
    assertThat(asked.stream().filter(ControllerCall.ReadSnapshot.class::isInstance))
        .hasSizeGreaterThan(3);
  }

  /** Entries from before are known as an image only. */
  private void restart(int id) {
    voter(id).crash();
    log.compact();
    ModelQuorum voter = ModelQuorum.open(id, log, timers);
    voters.put(id, voter);
    answering.put(id, new ControllerCalls(voter, controllerOfNobody(), NO_COUNTER, timers));
    log.elect(id);
  }

  @Test
  void aSnapshotThatMovedOnMeanwhileIsBegunAnew() {
    String large = "x".repeat(2 * SnapshotPieces.PIECE_BYTES);
    write("a", large);
    restart(1);
    follower.start();
    while (asked.stream().noneMatch(ControllerCall.ReadSnapshot.class::isInstance)) {
      timers.runDue();
      time.sleep(1);
    }
    var _ = voter(1).append(log.term(), List.of(config("b", "1")));
    var _ = answering(1).answer(new ControllerCall.Follow("", -1, 0));
    pass(2_000);

    assertThat(follower.image()).isEqualTo(voter(1).image());
  }

  @Test
  void lostAnswersAreAskedForAgain() {
    answersLost = 5;
    follower.start();
    write("a", "1");
    pass(3_000);

    assertThat(value("a")).isEqualTo("1");
  }

  @Test
  void anotherClusterIsNotFollowed() {
    follower.start();
    var _ = voter(1).append(log.term(), List.of(new Event.ClusterFormed("ours")));
    pass(100);
    assertThat(follower.image().clusterId()).isEqualTo("ours");

    ModelLog theirs = new ModelLog(1);
    ModelQuorum other = ModelQuorum.open(1, theirs, timers);
    pass(20);
    var _ = other.append(theirs.term(), List.of(new Event.ClusterFormed("theirs")));
    answering
        .keySet()
        .forEach(id ->
            answering.put(
                id, new ControllerCalls(other, controllerOfNobody(), NO_COUNTER, timers)));
    pass(3_000);

    assertThat(follower.stopped()).isCompletedExceptionally();
    assertThatThrownBy(() -> follower.stopped().join())
        .hasCauseInstanceOf(InconsistentClusterIdException.class)
        .hasMessageContaining("theirs");
  }

  private static Controller controllerOfNobody() {
    return (Controller)
        Proxy.newProxyInstance(
            Controller.class.getClassLoader(),
            new Class<?>[] {Controller.class},
            (_, method, _) -> {
              throw new AssertionError("Nobody asked for " + method);
            });
  }

  @Test
  void anEventOfALaterReleaseEndsTheFollowing() {
    FollowedQuorum broken =
        new FollowedQuorum(
            9,
            _ -> CompletableFuture.failedFuture(new UnknownEventException("of a later release")),
            timers);
    CompletableFuture<?> updates = broken.updatesAfter(-1);
    pass(100);

    assertThat(updates).isCompletedExceptionally();
    assertThatThrownBy(updates::join).hasCauseInstanceOf(UnknownEventException.class);
  }

  @Test
  void itDecidesNothing() {
    assertThatThrownBy(() -> quorum.append(1, List.of()).join())
        .hasCauseInstanceOf(QuorumException.NotLeader.class);
    assertThatThrownBy(() -> quorum.read(1).join())
        .hasCauseInstanceOf(QuorumException.NotLeader.class);
    assertThatThrownBy(() -> answering(2).answer(new ControllerCall.Follow("", -1, 0)).join())
        .hasCauseInstanceOf(NotControllerException.class);
  }
}
