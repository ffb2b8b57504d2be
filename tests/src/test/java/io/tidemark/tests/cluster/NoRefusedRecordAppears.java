package io.tidemark.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.tests.cluster.ClusterHistory.Fate;

/** What a producer was told to be refused, before anything was written, is nowhere. */
record NoRefusedRecordAppears(ClusterHistory history) implements Theorem {
  @Override
  public void check() {
    for (ClusterHistory.Sent sent : history.sent()) {
      if (sent.fate() == Fate.REFUSED) {
        assertThat(history.readBack(sent.partition()).values())
            .as("refused")
            .doesNotContain(sent.value());
      }
    }
  }
}
