package io.tidemark.metadata.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.image.ClusterImage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every {@link Quorum} with one voter promises. */
abstract class QuorumContract {
  private final List<Quorum> opened = new ArrayList<>();

  /** Opens the voter; again, on what the last one left behind. */
  abstract Quorum openVoter() throws Exception;

  final Quorum open() throws Exception {
    Quorum quorum = openVoter();
    opened.add(quorum);
    Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> quorum.leadership().isSelf());
    return quorum;
  }

  @AfterEach
  void closeAll() {
    opened.forEach(Quorum::close);
  }

  static Event config(String key, String value) {
    return new Event.ConfigsChanged(
        new ConfigResource(ConfigResource.Type.BROKER, ""), Map.of(key, value));
  }

  static <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(60, TimeUnit.SECONDS);
  }

  static @Nullable String value(ClusterImage image, String key) {
    return image.configs().ofAllNodes().get(key);
  }

  @Test
  void appendedEventsAreInTheImageAtTheirIndex() throws Exception {
    Quorum quorum = open();
    Appended first = await(quorum.append(quorum.leadership().term(), List.of(config("a", "1"))));
    assertThat(first.refused()).isZero();
    assertThat(quorum.image().version()).isEqualTo(first.index());
    assertThat(value(quorum.image(), "a")).isEqualTo("1");

    Appended second = await(quorum.append(quorum.leadership().term(), List.of(config("a", "2"))));
    assertThat(second.index()).isGreaterThan(first.index());
    assertThat(value(await(quorum.read(quorum.leadership().term())), "a")).isEqualTo("2");
  }

  @Test
  void appendsAreCommittedInTheOrderOfTheCalls() throws Exception {
    Quorum quorum = open();
    long term = quorum.leadership().term();
    List<CompletableFuture<Appended>> answers = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      answers.add(quorum.append(term, List.of(config("n", Integer.toString(i)))));
    }
    long last = -1;
    for (CompletableFuture<Appended> answer : answers) {
      long index = await(answer).index();
      assertThat(index).isGreaterThan(last);
      last = index;
    }
    assertThat(value(quorum.image(), "n")).isEqualTo("199");
  }

  @Test
  void anEntryDecidedInAnotherTermIsRefusedAndChangesNothing() throws Exception {
    Quorum quorum = open();
    ClusterImage before = quorum.image();
    long term = quorum.leadership().term();
    for (long other : new long[] {term - 1, term + 1}) {
      assertThatThrownBy(() -> await(quorum.append(other, List.of(config("a", "1")))))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(QuorumException.NotLeader.class);
    }
    assertThat(quorum.image()).isEqualTo(before);
  }

  @Test
  void anEventWhoseEpochsMovedIsCountedAsRefused() throws Exception {
    Quorum quorum = open();
    long term = quorum.leadership().term();
    Event unknownTopic = new Event.TopicDeleted(new Uuid(1, 2), false);
    Appended appended =
        await(quorum.append(term, List.of(unknownTopic, config("a", "1"), unknownTopic)));
    assertThat(appended.refused()).isEqualTo(2);
    assertThat(value(quorum.image(), "a")).isEqualTo("1");
  }

  @Test
  void updatesAreAnsweredAtOnceWhenThereAreSomeAndLaterWhenNot() throws Exception {
    Quorum quorum = open();
    long term = quorum.leadership().term();
    long version = await(quorum.append(term, List.of(config("a", "1")))).index();
    assertThat(quorum.updatesAfter(version - 1)).isCompleted();
    CompletableFuture<Updates> waiting = quorum.updatesAfter(version);
    assertThat(waiting).isNotDone();

    Appended next = await(quorum.append(term, List.of(config("a", "2"))));

    assertThat(await(waiting))
        .isEqualTo(
            new Updates.Entries(
                List.of(new Updates.Entry(next.index(), List.of(config("a", "2"))))));
  }

  @Test
  void whatWasCommittedIsThereAfterReopeningAndTermsRise() throws Exception {
    Quorum quorum = open();
    long term = quorum.leadership().term();
    await(quorum.append(term, List.of(new Event.ClusterFormed("c1"))));
    long index = await(quorum.append(term, List.of(config("a", "1")))).index();
    ClusterImage before = quorum.image();
    quorum.close();

    Quorum again = open();
    assertThat(again.image()).isEqualTo(before);
    assertThat(again.leadership().term()).isGreaterThan(term);
    Appended next = await(again.append(again.leadership().term(), List.of(config("a", "2"))));
    assertThat(next.index()).isGreaterThan(index);
  }

  @Test
  void followersGetAnImageWhereEntriesAreNoLongerKept() throws Exception {
    Quorum quorum = open();
    long term = quorum.leadership().term();
    for (int i = 0; i < ReplicatedImage.MAX_ENTRIES + 10; i += 100) {
      List<CompletableFuture<Appended>> answers = new ArrayList<>();
      for (int j = 0; j < 100; j++) {
        answers.add(quorum.append(term, List.of(config("n", Integer.toString(i + j)))));
      }
      await(answers.getLast());
    }
    assertThat(await(quorum.updatesAfter(ClusterImage.NO_VERSION)))
        .isEqualTo(new Updates.Snapshot(quorum.image()));
  }

  @Test
  void closingEndsWhatIsPendingAndMayBeRepeated() throws Exception {
    Quorum quorum = open();
    CompletableFuture<Updates> waiting = quorum.updatesAfter(quorum.image().version());
    long term = quorum.leadership().term();
    quorum.close();
    quorum.close();
    assertThat(quorum.leadership().isSelf()).isFalse();
    assertThatThrownBy(waiting::join)
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(QuorumException.Closed.class);
    assertThat(quorum.append(term, List.of(config("a", "1")))).isCompletedExceptionally();
  }
}
