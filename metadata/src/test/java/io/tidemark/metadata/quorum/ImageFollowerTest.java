package io.tidemark.metadata.quorum;

import static io.tidemark.metadata.quorum.QuorumContract.config;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.metadata.event.EventCodec;
import io.tidemark.metadata.image.ClusterImage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

/** Following entries, snapshots, and a source that ends. */
class ImageFollowerTest {
  private final ReplicatedImage source = new ReplicatedImage();
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final ImageFollower follower = new ImageFollower(source::updatesAfter, tasks::add);
  private final List<String> told = new ArrayList<>();

  private void run() {
    while (!tasks.isEmpty()) {
      tasks.remove().run();
    }
  }

  private void apply(long index, String value) {
    source.apply(index, 1, new EventCodec.Batch(1, List.of(config("a", value))));
  }

  private void listen() {
    follower.listen((previous, next, delta) ->
        told.add(
            "%d>%d %s"
                .formatted(
                    previous.version(),
                    next.version(),
                    delta.changedConfigs().stream().map(ConfigResource::type).toList())));
  }

  @Test
  void listenersAreToldOfEveryStepAndLateOnesOfEverything() {
    listen();
    follower.start();
    run();
    apply(3, "1");
    run();
    apply(5, "2");
    apply(6, "3");
    run();
    assertThat(follower.image()).isEqualTo(source.image());
    assertThat(told.getFirst()).isEqualTo("-1>3 [BROKER]");
    assertThat(told.getLast()).endsWith(">6 [BROKER]");
    told.clear();
    listen();
    run();
    assertThat(told).containsExactly("-1>6 [BROKER]");
  }

  @Test
  void aFollowerThatIsFarBehindGoesOnFromAnImage() {
    follower.start();
    run();
    apply(1, "1");
    run();
    for (int i = 2; i < ReplicatedImage.MAX_ENTRIES + 10; i++) {
      apply(i, Integer.toString(i));
    }
    listen();
    run();
    assertThat(follower.image()).isEqualTo(source.image());
    ClusterImage snapshot = source.image();
    ReplicatedImage later = new ReplicatedImage();
    later.install(snapshot);
    assertThat(later.updatesAfter(-1)).isCompletedWithValue(new Updates.Snapshot(snapshot));
  }

  @Test
  void aFailingListenerDoesNotKeepTheOthersFromHearing() {
    follower.listen((previous, next, delta) -> {
      throw new IllegalStateException("on purpose");
    });
    listen();
    follower.start();
    run();
    apply(1, "1");
    run();
    assertThat(told).hasSize(1);
  }

  @Test
  void aSourceThatFailedEndsTheFollowingWithTheReason() {
    follower.start();
    run();
    source.close(new QuorumException.Closed("The metadata log cannot be written"));
    run();
    assertThatThrownBy(() -> follower.stopped().join())
        .hasRootCauseInstanceOf(QuorumException.Closed.class)
        .hasRootCauseMessage("The metadata log cannot be written");
  }

  @Test
  void aClosedFollowerStandsStill() {
    follower.start();
    run();
    follower.close();
    apply(1, "1");
    run();
    assertThat(follower.image()).isEqualTo(ClusterImage.EMPTY);
    assertThat(follower.stopped()).isCompleted();
  }
}
