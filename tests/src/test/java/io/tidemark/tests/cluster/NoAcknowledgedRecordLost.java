package io.tidemark.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.tests.cluster.ClusterHistory.Fate;

/** Every acknowledged record is read back, at the offset it was acknowledged with. (I1) */
record NoAcknowledgedRecordLost(ClusterHistory history) implements Theorem {
  @Override
  public void check() {
    for (ClusterHistory.Sent sent : history.sent()) {
      if (sent.fate() != Fate.DONE) {
        continue;
      }
      if (sent.offset() >= 0) {
        assertThat(history.readBack(sent.partition()).get(sent.offset()))
            .as("acknowledged as %s", sent)
            .isEqualTo(sent.value());
      } else {
        assertThat(history.readBack(sent.partition()).values())
            .as("acknowledged as %s", sent)
            .contains(sent.value());
      }
    }
  }
}
