package io.tidemark.gateway.net;

import java.util.BitSet;

/**
 * Foretells what it costs kafka-clients to collect elements with these hash codes: a hash table
 * with linear probing, first with room for as many elements as were announced, then growing. A pure
 * function.
 *
 * <p>Growing takes every element out, and each time moves up all that follow it without a gap, each
 * by looking on from its own slot. For a run of L elements that lie D slots behind their own in
 * sum, that is L · (L + D) steps at most.
 */
final class HashCollisions {
  private static final long MAX_STEPS = 1 << 26;

  /** Numbered names, whose hash codes lie in clumps, come to 5; n equal ones to n / 2. */
  private static final int MAX_DISPLACED_EACH = 32;

  private static final int SLACK = 100;

  private HashCollisions() {}

  /** Whether the elements collide more often than distinct keys do by chance. */
  static boolean areTooMany(int[] hashes) {
    int n = hashes.length;
    if (collide(hashes, n, 2 * n + 1) || collide(hashes, n, 4 * n + 3)) {
      return true;
    }
    for (int capacity = 47; capacity < 2 * n; capacity = 2 * capacity + 1) { // one that grows
      if (collide(hashes, Math.min(n, capacity / 2), capacity)) {
        return true;
      }
    }
    return false;
  }

  private static boolean collide(int[] hashes, int count, int capacity) {
    BitSet taken = new BitSet(capacity);
    long[] displacedOf = new long[count];
    int[] slotOf = new int[count];
    long displaced = 0;
    for (int i = 0; i < count; i++) {
      int home = (hashes[i] & Integer.MAX_VALUE) % capacity;
      int slot = freeSlot(taken, home, capacity);
      taken.set(slot);
      slotOf[i] = slot;
      displacedOf[i] = slot >= home ? slot - home : slot - home + capacity;
      displaced += displacedOf[i];
      if (displaced > (long) MAX_DISPLACED_EACH * count + SLACK) {
        return true;
      }
    }
    return steps(taken, slotOf, displacedOf, capacity) > MAX_STEPS;
  }

  private static int freeSlot(BitSet taken, int home, int capacity) {
    int slot = taken.nextClearBit(home);
    return slot < capacity ? slot : taken.nextClearBit(0);
  }

  private static long steps(BitSet taken, int[] slotOf, long[] displacedOf, int capacity) {
    long[] displacedAt = new long[capacity];
    for (int i = 0; i < slotOf.length; i++) {
      displacedAt[slotOf[i]] = displacedOf[i];
    }
    long steps = 0;
    int start = taken.nextSetBit(0);
    while (start >= 0) {
      int end = taken.nextClearBit(start);
      long displaced = 0;
      for (int slot = start; slot < end; slot++) {
        displaced += displacedAt[slot];
      }
      steps += (end - start) * (end - start + displaced);
      start = taken.nextSetBit(end);
    }
    return steps;
  }
}
