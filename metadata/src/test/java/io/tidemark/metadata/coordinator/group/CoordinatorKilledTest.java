package io.tidemark.metadata.coordinator.group;

import static io.tidemark.metadata.coordinator.group.GroupWorld.SESSION_MS;
import static io.tidemark.metadata.coordinator.group.GroupWorld.joinRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.scenario.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The coordinator goes in the middle of something, and another has what was committed, or all that
 * was written. Members do what Kafka's clients do: they ask again, and join anew when nobody knows
 * them. The group is there again well within a session, and no acknowledged offset is lost.
 */
@Scenario("S-139")
final class CoordinatorKilledTest {
  private static final int MEMBERS = 3;

  /** When it goes. */
  enum Moment {
    JOINING {
      @Override
      void reach(GroupWorld world, List<String> ids) {
        ids.forEach(id -> world.join(joinRequest(id)));
        world.joinNew();
      }
    },
    JOINED {
      @Override
      void reach(GroupWorld world, List<String> ids) {
        ids.forEach(id -> world.join(joinRequest(id)));
        world.clock.run();
      }
    },
    SYNCING {
      @Override
      void reach(GroupWorld world, List<String> ids) {
        ids.forEach(id -> world.join(joinRequest(id)));
        world.clock.run();
        ids.forEach(id -> world.sync(id, world.generation(), Map.of(id, "mine")));
      }
    },
    COMMITTING {
      @Override
      void reach(GroupWorld world, List<String> ids) {
        world.commit(ids.getFirst(), world.generation(), Map.of(1, 2L));
      }
    };

    abstract void reach(GroupWorld world, List<String> ids);
  }

  @ParameterizedTest
  @EnumSource
  void theGroupFormsAgainWithWhatWasWritten(Moment moment) {
    killed(moment, false);
  }

  @ParameterizedTest
  @EnumSource
  void theGroupFormsAgainWithoutWhatWasNotCommitted(Moment moment) {
    killed(moment, true);
  }

  private static void killed(Moment moment, boolean losesUncommitted) {
    GroupWorld world = new GroupWorld();
    List<String> ids = world.stableGroup(MEMBERS);
    assertThat(world.commitError(world.commit(ids.getFirst(), 1, Map.of(0, 41L))))
        .isEqualTo(Errors.NONE);
    world.log.holdCommits();
    moment.reach(world, ids);
    world.clock.run();
    if (losesUncommitted) {
      world.log.loseUncommitted(0);
    }
    world.log.releaseCommits();
    world.failOver(2);

    formAgain(world, ids);
    assertThat(world.committed(0)).isEqualTo(41);
    if (moment == Moment.COMMITTING) {
      assertThat(world.committed(1)).as("never acknowledged").isIn(losesUncommitted ? -1L : 2L);
    }
    for (String id : ids) {
      assertThat(world.heartbeat(id, world.generation())).isEqualTo(Errors.NONE);
    }
  }

  /** As members do until all of them have an assignment; in less than a session. */
  private static void formAgain(GroupWorld world, List<String> ids) {
    long startMs = world.clock.milliseconds();
    boolean isFormed = ids.stream().allMatch(id -> isFine(world, id));
    while (!isFormed) {
      assertThat(world.clock.milliseconds() - startMs).isLessThan(SESSION_MS);
      List<CompletableFuture<JoinGroupResponseData>> joins = new ArrayList<>();
      for (String id : ids) {
        joins.add(world.join(joinRequest(id)));
      }
      world.clock.advance(1_000);
      isFormed = joins.stream().allMatch(join -> join.isDone() && join.join().errorCode() == 0);
      if (isFormed) {
        String leader = joins.getFirst().join().leader();
        List<String> leaderFirst = new ArrayList<>(ids);
        leaderFirst.remove(leader);
        leaderFirst.addFirst(leader);
        world.syncAll(leaderFirst, world.generation());
      }
    }
    assertThat(world.state()).isEqualTo(GroupState.STABLE);
  }

  private static boolean isFine(GroupWorld world, String id) {
    return world.state() == GroupState.STABLE
        && world.heartbeat(id, world.generation()) == Errors.NONE;
  }

  @Test
  void aCommitThatWasNotAnsweredMayBeRepeated() {
    GroupWorld world = new GroupWorld();
    List<String> ids = world.stableGroup(1);
    world.log.holdCommits();
    var lost = world.commit(ids.getFirst(), 1, Map.of(0, 7L));
    world.later(lost);
    world.log.releaseCommits();
    world.failOver(2);
    assertThat(world.commitError(world.commit(ids.getFirst(), 1, Map.of(0, 7L))))
        .isEqualTo(Errors.NONE);
    assertThat(world.committed(0)).isEqualTo(7);
  }
}
