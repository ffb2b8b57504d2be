package io.tidemark.metadata.quorum;

import io.tidemark.metadata.event.EventCodec;
import io.tidemark.metadata.event.ImageFold;
import io.tidemark.metadata.image.ClusterImage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The state one voter replicates: the image, the newest entries for those who follow, and those who
 * wait for the next.
 *
 * <p>Entries are applied in order by one thread; everything else is safe from any. The entries kept
 * are the newest {@value #MAX_ENTRIES}, or fewer when they hold more than {@value #MAX_EVENTS}
 * events; who is further behind goes on from the image.
 */
final class ReplicatedImage {
  static final int MAX_ENTRIES = 4_096;
  static final int MAX_EVENTS = 100_000;
  private static final int MAX_ANSWERED_EVENTS = 50_000;

  private record Waiter(long version, CompletableFuture<Updates> future) {}

  /** Written under the lock with the entries, so that both always tell the same. */
  private volatile ClusterImage image = ClusterImage.EMPTY;

  // Guarded by this.
  private final Deque<Updates.Entry> entries = new ArrayDeque<>();
  private final Set<Waiter> waiters = new LinkedHashSet<>();
  private int keptEvents;

  /** Entries after this version are kept. */
  private long keptAfter = ClusterImage.NO_VERSION;

  private @Nullable QuorumException closed;

  ClusterImage image() {
    return image;
  }

  /**
   * Folds a committed entry. An entry whose events were decided in another term than it was written
   * in is refused whole: its decider had lost the leadership in between.
   */
  Appended apply(long index, long term, EventCodec.Batch batch) {
    if (batch.term() != term) {
      return new Appended(index, Math.max(1, batch.events().size()));
    }
    ImageFold fold = new ImageFold(image);
    int refused = fold.applyAll(batch.events(), index);
    publish(fold.image(index), new Updates.Entry(index, batch.events()));
    return new Appended(index, refused);
  }

  private void publish(ClusterImage next, Updates.Entry entry) {
    List<Waiter> ready;
    synchronized (this) {
      image = next;
      entries.addLast(entry);
      keptEvents += entry.events().size();
      while (entries.size() > 1 && (entries.size() > MAX_ENTRIES || keptEvents > MAX_EVENTS)) {
        Updates.Entry oldest = entries.removeFirst();
        keptEvents -= oldest.events().size();
        keptAfter = oldest.index();
      }
      ready = takeReady();
    }
    answer(ready);
  }

  /** Goes on from an image: a snapshot read at start, or sent by the leader. */
  void install(ClusterImage snapshot) {
    List<Waiter> ready;
    synchronized (this) {
      image = snapshot;
      entries.clear();
      keptEvents = 0;
      keptAfter = snapshot.version();
      ready = takeReady();
    }
    answer(ready);
  }

  CompletableFuture<Updates> updatesAfter(long version) {
    CompletableFuture<Updates> future = new CompletableFuture<>();
    Waiter waiter = new Waiter(version, future);
    synchronized (this) {
      if (closed != null) {
        return CompletableFuture.failedFuture(closed);
      }
      if (version < image.version()) {
        return CompletableFuture.completedFuture(after(version));
      }
      waiters.add(waiter);
    }
    future.whenComplete((_, _) -> forget(waiter));
    return future;
  }

  private synchronized void forget(Waiter waiter) {
    waiters.remove(waiter);
  }

  private List<Waiter> takeReady() {
    List<Waiter> ready = new ArrayList<>();
    waiters.removeIf(waiter -> waiter.version() < image.version() && ready.add(waiter));
    return ready;
  }

  private void answer(List<Waiter> ready) {
    for (Waiter waiter : ready) {
      waiter.future().complete(after(waiter.version()));
    }
  }

  private synchronized Updates after(long version) {
    if (version < keptAfter) {
      return new Updates.Snapshot(image);
    }
    List<Updates.Entry> newer = new ArrayList<>();
    int events = 0;
    for (Updates.Entry entry : entries) {
      if (entry.index() > version && events < MAX_ANSWERED_EVENTS) {
        newer.add(entry);
        events += entry.events().size();
      }
    }
    return new Updates.Entries(List.copyOf(newer));
  }

  /** Ends all waiting, and all that would wait later. The first reason stays. */
  void close(QuorumException reason) {
    List<Waiter> all;
    synchronized (this) {
      closed = closed == null ? reason : closed;
      all = new ArrayList<>(waiters);
      waiters.clear();
    }
    all.forEach(waiter -> waiter.future().completeExceptionally(reason));
  }
}
