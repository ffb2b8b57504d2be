package io.tidemark.gateway.net;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The node's memory for request frames ({@code queued.max.request.bytes}): what has arrived of
 * unfinished ones and the whole of those still being worked on. Past the limit connections stop
 * reading and wait their turn here.
 *
 * <p>One waiting connection at a time is privileged: its frame may go past the limit, so that
 * unfinished frames that hold all the memory between them cannot wait for each other for ever. The
 * overshoot is therefore at most one frame. Safe from any thread; bytes.
 */
@SuppressWarnings("ReferenceEquality") // a waiter is itself and nobody else
final class FrameBudget {

  /** A connection that waits for memory. */
  interface Waiter {
    /** Memory may be there again: look, and ask again. Any thread; short. */
    void memoryReleased();
  }

  private static final int STRANGERS_PART = 8;

  private final long limitBytes;
  private final AtomicLong usedBytes = new AtomicLong();
  private final AtomicReference<@Nullable Waiter> privileged = new AtomicReference<>();
  private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();

  private record Waiting(Waiter waiter, int bytes) {}

  FrameBudget(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /**
   * What requests of connections that nobody knows yet may take beside all others, so that whoever
   * cannot log in keeps nobody from memory who has.
   */
  static FrameBudget ofStrangers(FrameBudget others) {
    return new FrameBudget(Math.max(1, others.limitBytes / STRANGERS_PART));
  }

  /**
   * Takes the bytes if they fit. Otherwise the waiter is queued and told when to ask again; it asks
   * for one reservation at a time.
   */
  boolean tryReserve(Waiter waiter, int bytes) {
    if (reserve(bytes) || reserveAsPrivileged(waiter, bytes)) {
      return true;
    }
    Waiting entry = new Waiting(waiter, bytes);
    waiting.add(entry);
    if (!reserve(bytes) && !reserveAsPrivileged(waiter, bytes)) {
      return false;
    }
    waiting.remove(entry); // memory came back between the first look and the queueing
    return true;
  }

  /** Takes bytes that have arrived already and cannot be refused any more. */
  void force(int bytes) {
    usedBytes.addAndGet(bytes);
  }

  private boolean reserve(int bytes) {
    long used = usedBytes.get();
    while (used + bytes <= limitBytes) {
      if (usedBytes.compareAndSet(used, used + bytes)) {
        return true;
      }
      used = usedBytes.get();
    }
    return false;
  }

  private boolean reserveAsPrivileged(Waiter waiter, int bytes) {
    if (privileged.get() != waiter && !privileged.compareAndSet(null, waiter)) {
      return false;
    }
    usedBytes.addAndGet(bytes);
    return true;
  }

  /** Whether this waiter's present frame is the privileged one. */
  boolean isPrivileged(Waiter waiter) {
    return privileged.get() == waiter;
  }

  /** Gives bytes back and wakes who waits longest. */
  void release(int bytes) {
    usedBytes.addAndGet(-bytes);
    wakeNext();
  }

  /** The privileged frame is gone. */
  void endPrivilege(Waiter waiter) {
    if (privileged.compareAndSet(waiter, null)) {
      wakeNext();
    }
  }

  /** Lets the first waiter look that may find room: after a release, and by one that got some. */
  void wakeNext() {
    Waiting next = firstThatMayFit();
    while (next != null && !waiting.remove(next)) { // another thread woke it
      next = firstThatMayFit();
    }
    if (next != null) {
      next.waiter.memoryReleased();
    }
  }

  private @Nullable Waiting firstThatMayFit() {
    for (Waiting entry : waiting) {
      if (mayFit(entry.bytes)) {
        return entry;
      }
    }
    return null;
  }

  private boolean mayFit(int bytes) {
    return usedBytes.get() + bytes <= limitBytes || privileged.get() == null;
  }

  /** A waiter that is closed does not wait any more. */
  void forget(Waiter waiter) {
    waiting.removeIf(entry -> entry.waiter == waiter);
  }

  long usedBytes() {
    return usedBytes.get();
  }

  long limitBytes() {
    return limitBytes;
  }

  /** How many connections wait. */
  int waiting() {
    return waiting.size();
  }
}
