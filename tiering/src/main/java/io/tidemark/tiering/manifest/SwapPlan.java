package io.tidemark.tiering.manifest;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Which leaves of a manifest a swap writes anew, and with what. Neighbours are gathered into one
 * leaf, or into the root, where they fit, so that leaves do not become many while segments become
 * few. Pure.
 *
 * @param firstLeaf the first leaf that is written anew
 * @param endLeaf one past the last
 * @param takesRoot whether the root's segments are part of it
 */
record SwapPlan(int firstLeaf, int endLeaf, boolean takesRoot) {
  static SwapPlan of(Manifest manifest, SegmentSwap swap) {
    List<LeafReference> leaves = manifest.leaves();
    if (swap.old().isEmpty()) {
      return new SwapPlan(leaves.size(), leaves.size(), false);
    }
    int first = leaves.size();
    int end = leaves.size();
    for (int i = leaves.size() - 1; i >= 0; i--) {
      LeafReference leaf = leaves.get(i);
      if (swap.touches(leaf.firstOffset(), leaf.nextOffset())) {
        end = first == leaves.size() ? i + 1 : end;
        first = i;
      }
    }
    boolean touchesRoot =
        !manifest.segments().isEmpty()
            && swap.touches(
                manifest.segments().getFirst().baseOffset(),
                manifest.segments().getLast().nextOffset());
    return new SwapPlan(first, end, touchesRoot).widened(manifest, swap);
  }

  private SwapPlan widened(Manifest manifest, SegmentSwap swap) {
    int count = live(manifest) - swap.old().size() + swap.fresh().size();
    int first = firstLeaf;
    while (first > 0 && count + live(manifest.leaves().get(first - 1)) <= Manifest.LEAF_SEGMENTS) {
      first--;
      count += live(manifest.leaves().get(first));
    }
    boolean root =
        takesRoot
            || (endLeaf == manifest.leaves().size()
                && count + manifest.segments().size() <= Manifest.LEAF_SEGMENTS);
    return new SwapPlan(first, endLeaf, root);
  }

  private int live(Manifest manifest) {
    return touched(manifest).stream().mapToInt(SwapPlan::live).sum()
        + (takesRoot ? manifest.segments().size() : 0);
  }

  private static int live(LeafReference leaf) {
    return leaf.count() - leaf.dropped();
  }

  /** The leaves that are written anew. */
  List<LeafReference> touched(Manifest manifest) {
    return manifest.leaves().subList(firstLeaf, endLeaf);
  }

  /**
   * All segments of what is written anew, swapped; empty when the manifest does not list the old
   * ones any more.
   *
   * @param listed those that are live now
   */
  static List<RemoteSegment> swapped(List<RemoteSegment> listed, SegmentSwap swap) {
    int at = Collections.indexOfSubList(listed, swap.old());
    if (at < 0) {
      return List.of();
    }
    List<RemoteSegment> next = new ArrayList<>(listed.subList(0, at));
    next.addAll(swap.fresh());
    next.addAll(listed.subList(at + swap.old().size(), listed.size()));
    return next;
  }

  /** How many of so many segments stay in the root; the rest goes to leaves. */
  int rootSegments(int segments) {
    if (!takesRoot) {
      return 0;
    }
    int over = segments % Manifest.LEAF_SEGMENTS;
    return over == 0 && segments > 0 ? Manifest.LEAF_SEGMENTS : over;
  }
}
