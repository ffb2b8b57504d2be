package io.tidemark.tiering.compact;

import io.tidemark.tiering.manifest.SegmentSwap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Where whoever rewrites a partition hands finished swaps to the partition's turn, the only one
 * that commits: one at a time. It also knows the objects that are being made, so that the turn does
 * not take them for orphans, and those that were made in vain, so that it marks them. Safe from any
 * thread; never waits.
 */
public final class SwapDesk {
  private final AtomicReference<@Nullable Offer> offer = new AtomicReference<>();
  private final Set<String> making = ConcurrentHashMap.newKeySet();
  private final Queue<String> abandoned = new ConcurrentLinkedQueue<>();

  /**
   * A swap that waits for its commit.
   *
   * @param leaderEpoch of the leader that made it; good for its commits only
   * @param keys of the fresh objects
   * @param committed true once it is current; false when it will never be
   */
  public record Offer(
      SegmentSwap swap, int leaderEpoch, List<String> keys, CompletableFuture<Boolean> committed) {
    public Offer {
      keys = List.copyOf(keys);
    }
  }

  // ---- whoever rewrites

  /** To be called before an object is put. */
  void making(String key) {
    making.add(key);
  }

  /** The swap lies here until the turn has settled it, or it is taken back. */
  Offer offer(SegmentSwap swap, int leaderEpoch, List<String> keys) {
    Offer made = new Offer(swap, leaderEpoch, keys, new CompletableFuture<>());
    if (!offer.compareAndSet(null, made)) {
      throw new IllegalStateException("a swap lies here already");
    }
    return made;
  }

  /** Takes a swap back, unless a turn has taken it. */
  void withdraw(Offer made) {
    offer.compareAndSet(made, null);
  }

  /** These were put, or may have been, and are of no use. */
  void abandon(Collection<String> keys) {
    abandoned.addAll(keys);
    making.removeAll(keys);
  }

  // ---- the partition's turn

  /** What waits for a commit; null when nothing does. */
  public @Nullable Offer waiting() {
    return offer.get();
  }

  /** Takes the swap that waits; false when it was taken back. To be settled in the same turn. */
  public boolean take(Offer waiting) {
    return offer.compareAndSet(waiting, null);
  }

  /** The turn knows what became of a swap it took, and cares for its objects from now on. */
  public void settle(Offer taken, boolean isCommitted) {
    making.removeAll(taken.keys());
    taken.committed().complete(isCommitted);
  }

  /** Nothing that was made may be committed any more: somebody else may lead, or has led. */
  public void refuse() {
    Offer waiting = offer.getAndSet(null);
    if (waiting != null) {
      abandon(waiting.keys());
      waiting.committed().complete(false);
    }
  }

  /** Whether the object is being made: no orphan, and no stray yet. */
  public boolean isMaking(String key) {
    return making.contains(key);
  }

  /** Objects made in vain since this was asked last. */
  public List<String> takeAbandoned() {
    List<String> taken = new ArrayList<>();
    for (String key = abandoned.poll(); key != null; key = abandoned.poll()) {
      taken.add(key);
    }
    return taken;
  }
}
