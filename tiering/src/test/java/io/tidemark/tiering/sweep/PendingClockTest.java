package io.tidemark.tiering.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.scenario.Scenario;
import io.tidemark.tiering.manifest.PendingDelete;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PendingClockTest {
  private final PendingClock clock = new PendingClock(100);

  private static List<PendingDelete> pending(String... keys) {
    return Stream.of(keys).map(key -> new PendingDelete(key, 0)).toList();
  }

  @Test
  @Scenario("S-112")
  void aKeyIsDueADelayAfterItsCommitWasSeen() {
    clock.committed(pending("a"), 1000);
    clock.committed(pending("a", "b"), 1050);
    assertThat(clock.nextDueMs()).isEqualTo(1100);
    assertThat(clock.due(1099, 10)).isEmpty();
    assertThat(clock.due(1100, 10)).containsExactly("a");
    assertThat(clock.due(1150, 10)).containsExactly("a", "b");
    assertThat(clock.due(1150, 1)).containsExactly("a");
  }

  @Test
  void aDeletedKeyIsDroppedByTheNextCommitAndNotDeletedAgain() {
    clock.committed(pending("a", "b"), 0);
    clock.deleted(List.of("a"));
    assertThat(clock.due(500, 10)).containsExactly("b");
    assertThat(clock.gone()).containsExactly("a");
    clock.committed(pending("b"), 600);
    assertThat(clock.gone()).isEmpty();
    assertThat(clock.nextDueMs()).isEqualTo(100);
  }

  @Test
  void nothingWaitsWhenNothingIsNamed() {
    assertThat(clock.nextDueMs()).isEqualTo(Long.MAX_VALUE);
  }
}
