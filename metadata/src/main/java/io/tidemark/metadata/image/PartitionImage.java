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
 * @param elr eligible leader replicas (KIP-966): out of the ISR, but holding all that is committed
 * @param lastKnownLeader who led when the ISR became empty, or {@link #NO_LEADER}
 */
public record PartitionImage(
    List<Integer> replicas,
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
