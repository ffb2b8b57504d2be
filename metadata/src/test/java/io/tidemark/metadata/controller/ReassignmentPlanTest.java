package io.tidemark.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.metadata.image.LeaderRecovery;
import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.Reassignment;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which replicas a partition has on its way, from any state to any target. */
class ReassignmentPlanTest {

  private static List<Integer> ids(String text) {
    return "-".equals(text)
        ? List.of()
        : Arrays.stream(text.split(" ")).map(Integer::valueOf).toList();
  }

  private static PartitionImage partition(
      String replicas, String adding, String removing, String isr) {
    List<Integer> inSync = ids(isr);
    return new PartitionImage(
        ids(replicas),
        new Reassignment(ids(adding), ids(removing)),
        inSync,
        List.of(),
        PartitionImage.NO_LEADER,
        inSync.isEmpty() ? PartitionImage.NO_LEADER : inSync.getFirst(),
        0,
        0,
        LeaderRecovery.RECOVERED,
        null,
        0);
  }

  @ParameterizedTest
  @CsvSource({
    // replicas     adding   removing  isr      target     becomes          adding  removing
    "1 2 3,         -,       -,        1 2 3,   4 5 6,     4 5 6 1 2 3,     4 5 6,  1 2 3",
    "1 2 3,         -,       -,        1 2 3,   3 4,       3 4 1 2,         4,      1 2",
    "1 2 3,         -,       -,        1 2 3,   2 1 3,     2 1 3,           -,      -",
    "1,             -,       -,        1,       1 2 3,     1 2 3,           2 3,    -",
    "1 2 3,         -,       -,        1 2 3,   2,         2 1 3,           -,      1 3",
    // On top of [1, 2, 3] to [4, 5, 6]: from 1, 2, 3 on; what nobody wants any more is gone.
    "4 5 6 1 2 3,   4 5 6,   1 2 3,    1 2 3,   1 2 7,     1 2 7 3,         7,      3",
    "4 5 6 1 2 3,   4 5 6,   1 2 3,    1 2 3 4, 4 1,       4 1 2 3,         4,      2 3",
    "4 5 6 1 2 3,   4 5 6,   1 2 3,    1 2 3,   1 2 3,     1 2 3,           -,      -",
    // Only those are in sync that the first one added: they stay until others are.
    "4 5 6 1 2 3,   4 5 6,   1 2 3,    4 5,     7 8,       7 8 4 5 6 1 2 3, 7 8,    4 5 6 1 2 3",
    "4 5 6 1 2 3,   4 5 6,   1 2 3,    4 5,     4 7,       4 7 1 2 3,       4 7,    1 2 3",
    // Nobody is in sync: nothing can be lost by letting go.
    "4 1,           4,       1,        -,       5,         5 1,             5,      1"
  })
  void towards(
      String replicas,
      String adding,
      String removing,
      String isr,
      String target,
      String becomes,
      String nextAdding,
      String nextRemoving) {
    assertThat(ReassignmentPlan.towards(partition(replicas, adding, removing, isr), ids(target)))
        .isEqualTo(
            new ReassignmentPlan(
                ids(becomes), new Reassignment(ids(nextAdding), ids(nextRemoving))));
  }

  @ParameterizedTest
  @CsvSource({
    "4 5 6 1 2 3, 4 5 6, 1 2 3, 1 2 3",
    "3 4 1 2,     4,     1 2,   3 1 2",
    "1 2 3,       2 3,   -,     1",
    "2 1 3,       -,     1 3,   2 1 3"
  })
  void cancelled(String replicas, String adding, String removing, String becomes) {
    assertThat(ReassignmentPlan.cancelled(partition(replicas, adding, removing, "1")))
        .isEqualTo(new ReassignmentPlan(ids(becomes), Reassignment.NONE));
  }
}
