package io.tidemark.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.bench.measure.Disturbance.Kept;
import io.tidemark.bench.server.Side;
import java.util.List;
import org.junit.jupiter.api.Test;

class DisturbanceTest {
  private final Disturbance disturbance = new Disturbance(0.1);

  @Test
  void disturbedPairsAreLeftOut() {
    Pair quiet = Runs.pair(1, 1, 1, 0.05);
    Pair disturbed = Runs.pair(2, 1, 1, 0.2);

    assertThat(disturbance.keep(List.of(disturbed, quiet)))
        .isEqualTo(new Kept(List.of(quiet), false));
  }

  @Test
  void whenAllAreDisturbedTheLeastDisturbedIsKeptAndMarked() {
    Pair less = Runs.pair(1, 1, 1, 0.2);
    Pair more = Runs.pair(2, 1, 1, 0.5);

    assertThat(disturbance.keep(List.of(more, less))).isEqualTo(new Kept(List.of(less), true));
  }

  @Test
  void nothingIsKeptOfNothing() {
    assertThat(disturbance.keep(List.of())).isEqualTo(new Kept(List.of(), false));
  }

  @Test
  void aRunWithoutItsNeighbourMakesNoPair() {
    Run first = Runs.run(Side.KAFKA, 1, 100, 0);
    Run second = Runs.run(Side.TIDEMARK, 1, 100, 0);
    Run alone = Runs.run(Side.KAFKA, 2, 100, 0);

    assertThat(Pair.of(List.of(alone, second, first), Side.KAFKA, Side.TIDEMARK))
        .containsExactly(new Pair(first, second));
  }
}
