package io.tidemark.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

/** A record that a consumer was given is at that offset for ever. (I3) */
record WhatWasReadStays(ClusterHistory history) implements Theorem {
  @Override
  public void check() {
    history
        .seen()
        .forEach((partition, records) ->
            records.forEach((offset, value) ->
                assertThat(history.readBack(partition).get(offset))
                    .as("%s at %d, given to a consumer", partition, offset)
                    .isEqualTo(value)));
  }
}
