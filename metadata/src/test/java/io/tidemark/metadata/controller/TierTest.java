package io.tidemark.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.metadata.controller.ManifestCommitResult.Outcome;
import io.tidemark.metadata.image.DeletedTopic;
import io.tidemark.metadata.image.ManifestPointer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.apache.kafka.common.errors.UnknownLeaderEpochException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.junit.jupiter.api.Test;

/** Manifests, log starts and deleted topics whose objects are still there. */
class TierTest {
  private final ControlledCluster cluster = new ControlledCluster(3);
  private final TopicIdPartition id = cluster.create("t", 2, 3);

  private static ManifestPointer manifest(long version, long tieredOffset) {
    return new ManifestPointer(version, new Uuid(version, tieredOffset), tieredOffset, 100, 7);
  }

  private ManifestCommit commit(long parent, ManifestPointer next) {
    int leader = cluster.partition(id).leader();
    return new ManifestCommit(
        id, leader, cluster.epoch(leader), cluster.partition(id).leaderEpoch(), parent, next);
  }

  private ManifestCommitResult ask(ManifestCommit commit) {
    return cluster.done(cluster.controller.commitManifests(List.of(commit))).getFirst();
  }

  private Outcome outcome(long parent, ManifestPointer next) {
    return ask(commit(parent, next)).outcome();
  }

  @Test
  void aManifestFollowsItsParentAndTheVeryCommitIsOkAgain() {
    assertThat(outcome(0, manifest(1, 10))).isEqualTo(Outcome.OK);
    assertThat(outcome(0, manifest(1, 10))).isEqualTo(Outcome.OK);
    assertThat(outcome(1, manifest(2, 20))).isEqualTo(Outcome.OK);
    assertThat(cluster.partition(id).manifest()).isEqualTo(manifest(2, 20));
    assertThat(cluster.partition(id).partitionEpoch()).isZero();
    assertThat(cluster.done(cluster.controller.currentManifest(id))).contains(manifest(2, 20));
    TopicIdPartition other = new TopicIdPartition(id.topicId(), 1, "t");
    assertThat(cluster.done(cluster.controller.currentManifest(other))).isEmpty();
  }

  @Test
  void theTieredOffsetGoesBackAtMostToTheLogStart() {
    outcome(0, manifest(1, 30));
    int epoch = cluster.partition(id).leaderEpoch();
    cluster.done(cluster.controller.advanceLogStart(id, epoch, 20));
    assertThat(outcome(1, manifest(2, 25))).isEqualTo(Outcome.INVALID);
    assertThat(outcome(1, manifest(2, 20))).isEqualTo(Outcome.OK);
    assertThat(cluster.partition(id).tieredOffset()).isEqualTo(20);
    assertThat(outcome(2, manifest(3, 40))).isEqualTo(Outcome.OK);
  }

  @Test
  void ofTwoRacingCommitsOneIsStaleAndLearnsTheOther() {
    ManifestCommit one = commit(0, manifest(1, 10));
    ManifestCommit two = commit(0, new ManifestPointer(1, new Uuid(5, 5), 11, 100, 7));
    var first = cluster.controller.commitManifests(List.of(one));
    var second = cluster.controller.commitManifests(List.of(two));
    assertThat(cluster.done(first).getFirst().outcome()).isEqualTo(Outcome.OK);
    ManifestCommitResult stale = cluster.done(second).getFirst();
    assertThat(stale.outcome()).isEqualTo(Outcome.STALE);
    assertThat(stale.current()).isEqualTo(one.next());
  }

  @Test
  void aCommitPreparedByADeposedLeaderIsFenced() {
    ManifestCommit zombies = commit(0, manifest(1, 10));
    cluster.fence(zombies.nodeId());
    assertThat(ask(zombies).outcome()).isEqualTo(Outcome.FENCED);
    assertThat(outcome(0, manifest(1, 12))).isEqualTo(Outcome.OK);
    assertThat(ask(zombies).outcome()).isEqualTo(Outcome.FENCED);
    assertThat(cluster.partition(id).manifest()).isEqualTo(manifest(1, 12));
  }

  @Test
  void aCommitOfAnOlderIncarnationIsFenced() {
    ManifestCommit commit = commit(0, manifest(1, 10));
    ManifestCommit old =
        new ManifestCommit(id, commit.nodeId(), commit.nodeEpoch() - 1, 0, 0, manifest(1, 10));
    assertThat(ask(old).outcome()).isEqualTo(Outcome.FENCED);
  }

  @Test
  void manifestsNeverGoBack() {
    outcome(0, manifest(5, 50));
    assertThat(outcome(5, manifest(6, 40))).isEqualTo(Outcome.INVALID);
    assertThat(outcome(5, manifest(5, 60))).isEqualTo(Outcome.INVALID);
    assertThat(outcome(5, manifest(7, 50))).isEqualTo(Outcome.OK);
  }

  @Test
  void aLogStartOnlyMovesForwardAndOnlyForTheLeadersEpoch() {
    assertThat(cluster.done(cluster.controller.advanceLogStart(id, 0, 5))).isEqualTo(5);
    assertThat(cluster.done(cluster.controller.advanceLogStart(id, 0, 3))).isEqualTo(5);
    assertThat(cluster.partition(id).logStartOffset()).isEqualTo(5);
    cluster.fence(cluster.partition(id).leader());
    assertThatThrownBy(() -> cluster.done(cluster.controller.advanceLogStart(id, 0, 9)))
        .hasCauseInstanceOf(FencedLeaderEpochException.class);
    assertThatThrownBy(() -> cluster.done(cluster.controller.advanceLogStart(id, 2, 9)))
        .hasCauseInstanceOf(UnknownLeaderEpochException.class);
    assertThat(cluster.partition(id).logStartOffset()).isEqualTo(5);
  }

  @Test
  void logStartsThatMoveAtTheSameTimeAreFewEntries() {
    TopicIdPartition first = cluster.create("many", 500, 1);
    long before = cluster.image().version();
    List<CompletableFuture<Long>> moved = new ArrayList<>();
    for (int index = 0; index < 500; index++) {
      TopicIdPartition each = new TopicIdPartition(first.topicId(), index, "many");
      moved.add(cluster.controller.advanceLogStart(each, 0, 7));
    }
    moved.forEach(each -> assertThat(cluster.done(each)).isEqualTo(7));
    assertThat(cluster.image().version() - before).isLessThanOrEqualTo(3);
  }

  private void delete() {
    cluster.done(
        cluster.controller.deleteTopics(new DeleteTopicsRequestData().setTopicNames(List.of("t"))));
  }

  @Test
  void aDeletedTopicWithObjectsIsRememberedUntilTheyAreGone() {
    ManifestCommit late = commit(1, manifest(2, 20));
    outcome(0, manifest(1, 10));
    delete();
    assertThat(ask(late).outcome()).isEqualTo(Outcome.UNKNOWN_PARTITION);
    assertThatThrownBy(() -> cluster.done(cluster.controller.currentManifest(id)))
        .hasCauseInstanceOf(UnknownTopicIdException.class);
    cluster.restart();
    DeletedTopic topic = Objects.requireNonNull(cluster.image().deletedTopics().get(id.topicId()));
    assertThat(topic.name()).isEqualTo("t");
    assertThat(topic.manifests()).containsExactly(manifest(1, 10), null);
    cluster.done(cluster.controller.topicEmptied(id.topicId()));
    cluster.done(cluster.controller.topicEmptied(id.topicId()));
    assertThat(cluster.image().deletedTopics()).isEmpty();
  }

  @Test
  void aDeletedTopicWithoutObjectsIsForgottenUnlessItMayHaveSome() {
    delete();
    assertThat(cluster.image().deletedTopics()).isEmpty();
    TopicIdPartition tiered = cluster.create("t", 1, 1, "remote.storage.enable", "true");
    delete();
    assertThat(cluster.image().deletedTopics()).containsOnlyKeys(tiered.topicId());
  }
}
