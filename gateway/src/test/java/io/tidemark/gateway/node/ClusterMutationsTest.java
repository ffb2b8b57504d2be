package io.tidemark.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.gateway.net.ManualTime;
import io.tidemark.gateway.quota.ClientQuotas;
import io.tidemark.gateway.quota.QuotaWindows;
import io.tidemark.metadata.image.QuotaEntity;
import io.tidemark.metadata.image.QuotaEntity.Part;
import io.tidemark.metadata.image.QuotaKey;
import io.tidemark.metadata.image.QuotasImage;
import io.tidemark.metadata.link.ControllerCall;
import io.tidemark.metadata.link.ControllerCall.TakeMutations;
import io.tidemark.metadata.link.ControllerReply;
import io.tidemark.metadata.link.ControllerReply.MutationsTaken;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClusterMutationsTest {
  private static final MutationsTaken SAID_THERE = new MutationsTaken(List.of(false), 700);

  private final ManualTime time = new ManualTime();
  private final QuotaWindows windows = QuotaWindows.ofSeconds(11, 1, time.nanoseconds());
  private final ClientQuotas here =
      new ClientQuotas(windows, windows, time, new SimpleMeterRegistry());
  private final List<ControllerCall> sent = new ArrayList<>();
  private CompletableFuture<ControllerReply> there = CompletableFuture.completedFuture(SAID_THERE);
  private boolean isElsewhere = true;
  private final ClusterMutations mutations =
      new ClusterMutations(
          here,
          () -> isElsewhere,
          call -> {
            sent.add(call);
            return there;
          });

  @BeforeEach
  void limit() {
    here.update(
        QuotasImage.EMPTY.with(
            QuotaEntity.of(Part.USER, Optional.of("ann")),
            Map.of(QuotaKey.CONTROLLER_MUTATION_RATE.key(), 1.0)));
  }

  private static TakeMutations wish(int partitions) {
    return new TakeMutations("ann", "app", List.of(partitions), true);
  }

  private MutationsTaken count(int partitions) throws Exception {
    return mutations.count(wish(partitions)).get();
  }

  @Test
  void whoLeadsTheQuorumCountsByItself() throws Exception {
    isElsewhere = false;
    assertThat(count(13)).isEqualTo(new MutationsTaken(List.of(true), 2_000));
    assertThat(count(1)).isEqualTo(new MutationsTaken(List.of(false), 2_000));
    assertThat(sent).isEmpty();
  }

  @Test
  void otherNodesHaveItCountedThere() throws Exception {
    assertThat(count(13)).isEqualTo(SAID_THERE);
    assertThat(sent).containsExactly(wish(13));
    isElsewhere = false;
    assertThat(count(1).waitMs()).as("nothing of it was counted here").isZero();
  }

  @Test
  void whileAControllerOfAnEarlierReleaseLeadsEachNodeCountsByItself() throws Exception {
    there = CompletableFuture.failedFuture(new UnsupportedVersionException("a later release's"));
    assertThat(count(13)).isEqualTo(new MutationsTaken(List.of(true), 2_000));
    assertThat(count(1)).isEqualTo(new MutationsTaken(List.of(false), 2_000));
  }

  @Test
  void nothingIsAllowedThatNobodyHasCounted() {
    there = CompletableFuture.failedFuture(new NotControllerException("elections"));
    assertThatThrownBy(() -> count(1)).hasCauseInstanceOf(NotControllerException.class);
  }
}
