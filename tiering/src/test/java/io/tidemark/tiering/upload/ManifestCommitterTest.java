package io.tidemark.tiering.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.scenario.Scenario;
import io.tidemark.tiering.manifest.ManifestPointer;
import io.tidemark.tiering.manifest.ModelManifestCommits;
import io.tidemark.tiering.manifest.ModelManifestCommits.Fate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ManifestCommitterTest {
  private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
  private final TopicIdPartition id = new TopicIdPartition(new Uuid(1, 2), 0, "t");
  private final ModelManifestCommits quorum = new ModelManifestCommits();
  private final Deque<Fate> fates = new ArrayDeque<>();
  private final ManifestCommitter committer =
      new ManifestCommitter(quorum, () -> 7L, new BoundedWait(timers, 20));

  private final ManifestPointer first = pointer(1, 11);
  private final ManifestPointer second = pointer(2, 12);

  private static ManifestPointer pointer(long version, long uuid) {
    return new ManifestPointer(version, new Uuid(uuid, uuid), version * 10, 100, 5);
  }

  @BeforeEach
  void elect() {
    quorum.elected(id, 5);
    quorum.faults(() -> fates.isEmpty() ? Fate.ANSWERED : fates.remove());
  }

  @AfterEach
  void stop() {
    timers.shutdownNow();
  }

  @Test
  void aCommitOverItsParentIsCommitted() throws Exception {
    assertThat(committer.current(id)).isNull();
    assertThat(committer.commit(id, 5, null, first)).isEqualTo(CommitOutcome.COMMITTED);
    assertThat(committer.commit(id, 5, first, second)).isEqualTo(CommitOutcome.COMMITTED);
    assertThat(committer.current(id)).isEqualTo(second);
  }

  @Test
  @Scenario("S-103")
  void aLostAnswerIsResolvedByAskingAgain() throws Exception {
    fates.addAll(List.of(Fate.ANSWER_LOST));
    assertThat(committer.commit(id, 5, null, first)).isEqualTo(CommitOutcome.COMMITTED);
    fates.addAll(List.of(Fate.REQUEST_LOST, Fate.ANSWER_LOST));
    assertThat(committer.commit(id, 5, first, second)).isEqualTo(CommitOutcome.COMMITTED);
    assertThat(quorum.pointer(id)).isEqualTo(second);
  }

  @Test
  void silenceEndsAfterTheLimit() throws Exception {
    fates.addAll(List.of(Fate.SILENT));
    assertThat(committer.commit(id, 5, null, first)).isEqualTo(CommitOutcome.COMMITTED);
  }

  @Test
  void aQuorumThatNeverAnswersLeavesTheOutcomeUnknown() {
    fates.addAll(List.of(Fate.REQUEST_LOST, Fate.SILENT, Fate.ANSWER_LOST));
    assertThatThrownBy(() -> committer.commit(id, 5, null, first))
        .isInstanceOf(UnansweredException.class);
  }

  @Test
  @Scenario({"S-97", "S-99", "S-129"})
  void ofTwoUploadersOneWins() throws Exception {
    ManifestPointer other = pointer(1, 99);
    assertThat(committer.commit(id, 5, null, other)).isEqualTo(CommitOutcome.COMMITTED);
    assertThat(committer.commit(id, 5, null, first)).isEqualTo(CommitOutcome.STALE);
    assertThat(quorum.pointer(id)).isEqualTo(other);
  }

  @Test
  @Scenario({"S-98", "S-129"})
  void aZombieLeaderIsFenced() throws Exception {
    quorum.elected(id, 6);
    assertThat(committer.commit(id, 5, null, first)).isEqualTo(CommitOutcome.FENCED);
    assertThat(quorum.pointer(id)).isNull();
  }

  @Test
  @Scenario("S-118")
  void aDeletedTopicIsFenced() throws Exception {
    quorum.deleted(id);
    assertThat(committer.commit(id, 5, null, first)).isEqualTo(CommitOutcome.FENCED);
    assertThatThrownBy(() -> committer.current(id)).isInstanceOf(UnansweredException.class);
  }
}
