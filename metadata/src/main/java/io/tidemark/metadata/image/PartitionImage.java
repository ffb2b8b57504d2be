package io.tidemark.metadata.image;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One partition as the quorum knows it.
 *
 * <p>{@code isr ⊆ replicas}, {@code elr ⊆ replicas} and disjoint from the ISR; the leader is in the
 * ISR or {@link #NO_LEADER}. The leader epoch rises with every change of the leader, the partition
 * epoch with every change of anything but {@code manifest} and {@code logStartOffset}, which have
 * their own order: a manifest follows its parent, a log start only moves forward.
 *
 * @param replicas in order of preference; during a reassignment the target first, then those that
 *     go
 * @param reassignment {@link Reassignment#NONE} while nothing moves
 * @param elr eligible leader replicas (KIP-966): out of the ISR, but holding all that is committed
 * @param lastKnownLeader who led when the ISR became empty, or {@link #NO_LEADER}
 */
public record PartitionImage(
    List<Integer> replicas,
    Reassignment reassignment,
    List<Integer> isr,
    List<Integer> elr,
    int lastKnownLeader,
    int leader,
    int leaderEpoch,
    int partitionEpoch,
    LeaderRecovery recovery,
    @Nullable ManifestPointer manifest,
    long logStartOffset) {

  public static final int NO_LEADER = -1;

  public PartitionImage {
    replicas = List.copyOf(replicas);
    isr = isr.equals(replicas) ? replicas : List.copyOf(isr);
    elr = List.copyOf(elr);
  }

  /** A new partition: all of {@code isr} in sync, its first member leading with epoch 0. */
  public static PartitionImage created(List<Integer> replicas, List<Integer> isr) {
    return new PartitionImage(
        replicas,
        Reassignment.NONE,
        isr,
        List.of(),
        NO_LEADER,
        isr.isEmpty() ? NO_LEADER : isr.getFirst(),
        0,
        0,
        LeaderRecovery.RECOVERED,
        null,
        0);
  }

  /** The replicas there will be when the reassignment is complete: all of them without one. */
  public List<Integer> targetReplicas() {
    return without(replicas, reassignment.removing());
  }

  /** The replicas there were before the reassignment: all of them without one. */
  public List<Integer> originalReplicas() {
    return without(replicas, reassignment.adding());
  }

  private static List<Integer> without(List<Integer> replicas, List<Integer> left) {
    return left.isEmpty()
        ? replicas
        : replicas.stream().filter(replica -> !left.contains(replica)).toList();
  }

  /** Who leads where everybody is in sync. */
  public int preferredLeader() {
    return replicas.getFirst();
  }

  public boolean hasLeader() {
    return leader != NO_LEADER;
  }

  /** The current manifest's version, or {@link ManifestPointer#NO_VERSION} without one. */
  public long manifestVersion() {
    return manifest == null ? ManifestPointer.NO_VERSION : manifest.version();
  }

  /** Everything below is in the store; 0 when nothing is. */
  public long tieredOffset() {
    return manifest == null ? 0 : manifest.tieredOffset();
  }

  public PartitionImage withManifest(ManifestPointer next) {
    return new PartitionImage(
        replicas,
        reassignment,
        isr,
        elr,
        lastKnownLeader,
        leader,
        leaderEpoch,
        partitionEpoch,
        recovery,
        next,
        logStartOffset);
  }

  public PartitionImage withLogStartOffset(long offset) {
    return new PartitionImage(
        replicas,
        reassignment,
        isr,
        elr,
        lastKnownLeader,
        leader,
        leaderEpoch,
        partitionEpoch,
        recovery,
        manifest,
        offset);
  }
}
