package io.tidemark.metadata.controller;

import io.tidemark.metadata.image.PartitionImage;
import io.tidemark.metadata.image.Reassignment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The replicas of a partition on its way to others. Pure.
 *
 * <pre>
 *   replicas [1, 2, 3], target [3, 4]
 *     under way   replicas [3, 4, 1, 2]   adding [4]   removing [1, 2]
 *     complete    replicas [3, 4]         when 3 and 4 are in the ISR
 *     cancelled   replicas [3, 1, 2]      the same nodes as before
 * </pre>
 *
 * <p>A reassignment asked for while another is under way starts from the replicas before that one:
 * what only the earlier one added and the new one does not want goes at once (KIP-455), so that
 * cancelling leads back to where everything began. Only where nobody would be left in sync do those
 * replicas stay until the new target has caught up.
 *
 * @param replicas the target in its order, then what goes
 */
record ReassignmentPlan(List<Integer> replicas, Reassignment reassignment) {

  /** On the way to a target. */
  static ReassignmentPlan towards(PartitionImage partition, List<Integer> target) {
    List<Integer> base = partition.originalReplicas();
    Set<Integer> staying = new LinkedHashSet<>(target);
    staying.addAll(base);
    boolean keepsSomebodyInSync =
        partition.isr().isEmpty() || partition.isr().stream().anyMatch(staying::contains);
    return between(keepsSomebodyInSync ? base : partition.replicas(), target);
  }

  /** Back to the replicas before. */
  static ReassignmentPlan cancelled(PartitionImage partition) {
    return new ReassignmentPlan(partition.originalReplicas(), Reassignment.NONE);
  }

  private static ReassignmentPlan between(List<Integer> base, List<Integer> target) {
    List<Integer> removing = difference(base, target);
    List<Integer> replicas = new ArrayList<>(target);
    replicas.addAll(removing);
    return new ReassignmentPlan(
        List.copyOf(replicas), new Reassignment(difference(target, base), removing));
  }

  private static List<Integer> difference(List<Integer> of, Collection<Integer> without) {
    return of.stream().filter(id -> !without.contains(id)).toList();
  }
}
