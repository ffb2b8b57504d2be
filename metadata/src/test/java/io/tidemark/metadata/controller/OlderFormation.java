package io.tidemark.metadata.controller;

import io.tidemark.metadata.event.Event;
import java.util.List;

/**
 * How a release that knew transactions up to version 1 formed a cluster, to be put into {@link
 * DecisionLoop} by tests of upgrades. Called from changed code only.
 */
public final class OlderFormation {
  private OlderFormation() {}

  static List<Event> forms(DecisionLoop loop, List<Event> formation) {
    return formation.stream().map(OlderFormation::older).toList();
  }

  private static Event older(Event event) {
    return event instanceof Event.FeatureFinalised(String feature, short _, long epoch)
            && feature.equals(Features.TRANSACTION_VERSION)
        ? new Event.FeatureFinalised(feature, (short) 1, epoch)
        : event;
  }
}
