package io.tidemark.metadata.image;

import java.util.List;

/**
 * Which replicas a partition is getting and losing, from the moment a reassignment is asked for
 * until all of its target is in sync. Kafka's adding and removing replicas.
 *
 * @param adding new replicas; cancelling takes them away again
 * @param removing replicas that are not in the target; they go when the reassignment is complete
 */
public record Reassignment(List<Integer> adding, List<Integer> removing) {

  /** Nothing moves. */
  public static final Reassignment NONE = new Reassignment(List.of(), List.of());

  public Reassignment {
    adding = List.copyOf(adding);
    removing = List.copyOf(removing);
  }

  public boolean isUnderWay() {
    return !adding.isEmpty() || !removing.isEmpty();
  }
}
