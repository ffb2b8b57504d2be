package io.tidemark.metadata.link;

import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.ImageDelta;
import io.tidemark.metadata.image.ImageListener;
import io.tidemark.metadata.quorum.Appended;
import io.tidemark.metadata.quorum.Leadership;
import io.tidemark.metadata.quorum.Quorum;
import io.tidemark.metadata.quorum.QuorumStatus;
import io.tidemark.metadata.quorum.Updates;
import io.tidemark.metadata.quorum.VoterChange;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The quorum as a node with a vote sees it that may lose the vote, or get it later: through its
 * voter while that is in the quorum, from outside while it is not. Versions are the quorum's either
 * way, so a follower notices nothing.
 *
 * <p>Has to be told of the follower's images as a listener, as {@link FollowedQuorum} has. Safe
 * from any thread. Closes both.
 */
public final class VoterOrFollower implements Quorum, ImageListener {

  /** Who waits for updates, and whom was asked for them. */
  private static final class Waiting {
    private final long version;
    private final CompletableFuture<Updates> found = new CompletableFuture<>();
    private @Nullable Quorum asked;
    private @Nullable CompletableFuture<Updates> asking;

    Waiting(long version) {
      this.version = version;
    }
  }

  private final Quorum voter;
  private final FollowedQuorum outside;
  private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
  private final List<Consumer<Leadership>> listeners = new CopyOnWriteArrayList<>();
  private final Object leadershipOrder = new Object();

  /** Guarded by {@code leadershipOrder}. */
  private Leadership told = Leadership.UNKNOWN;

  public VoterOrFollower(Quorum voter, FollowedQuorum outside) {
    this.voter = voter;
    this.outside = outside;
    voter.listen(_ -> mayHaveChanged());
    outside.listen(_ -> mayHaveChanged());
  }

  private Quorum current() {
    return voter.isOutside() ? outside : voter;
  }

  private void mayHaveChanged() {
    synchronized (leadershipOrder) {
      Leadership now = leadership();
      if (!now.equals(told)) {
        told = now;
        listeners.forEach(listener -> listener.accept(now));
      }
    }
    waiting.forEach(this::ask);
  }

  @Override
  public void changed(ClusterImage previous, ClusterImage next, ImageDelta delta) {
    outside.changed(previous, next, delta);
  }

  @Override
  public int nodeId() {
    return voter.nodeId();
  }

  @Override
  public Leadership leadership() {
    return current().leadership();
  }

  @Override
  public void listen(Consumer<Leadership> listener) {
    synchronized (leadershipOrder) {
      listeners.add(listener);
      listener.accept(told);
    }
  }

  @Override
  public ClusterImage image() {
    return current().image();
  }

  @Override
  public CompletableFuture<Appended> append(long term, List<Event> events) {
    return voter.append(term, events);
  }

  @Override
  public CompletableFuture<ClusterImage> read(long term) {
    return voter.read(term);
  }

  @Override
  public CompletableFuture<Updates> updatesAfter(long version) {
    Waiting waiter = new Waiting(version);
    waiting.add(waiter);
    waiter.found.whenComplete((_, _) -> forget(waiter));
    ask(waiter);
    return waiter.found;
  }

  private void forget(Waiting waiter) {
    waiting.remove(waiter);
    synchronized (waiter) {
      if (waiter.asking != null) {
        waiter.asking.cancel(false);
      }
    }
  }

  /** Asks who is to be asked now; who was asked before is not waited for any more. */
  @SuppressWarnings("ReferenceEquality") // which of the two it was
  private void ask(Waiting waiter) {
    CompletableFuture<Updates> asking;
    CompletableFuture<Updates> before;
    synchronized (waiter) {
      Quorum now = current();
      if (now == waiter.asked || waiter.found.isDone()) {
        return;
      }
      before = waiter.asking;
      asking = now.updatesAfter(waiter.version);
      waiter.asked = now;
      waiter.asking = asking;
    }
    if (before != null) {
      before.cancel(false);
    }
    asking.whenComplete((updates, failure) -> answered(waiter, asking, updates, failure));
  }

  @SuppressWarnings("ReferenceEquality") // which of them it was
  private void answered(
      Waiting waiter,
      CompletableFuture<Updates> from,
      @Nullable Updates updates,
      @Nullable Throwable failure) {
    if (updates != null) {
      waiter.found.complete(updates);
      return;
    }
    boolean isCurrent;
    synchronized (waiter) {
      isCurrent = waiter.asking == from && waiter.asked == current();
    }
    if (isCurrent && failure != null) {
      waiter.found.completeExceptionally(failure);
    } else {
      ask(waiter);
    }
  }

  @Override
  public QuorumStatus status() {
    return voter.status();
  }

  @Override
  public boolean isOutside() {
    return voter.isOutside();
  }

  @Override
  public CompletableFuture<Void> change(VoterChange change) {
    return voter.change(change);
  }

  @Override
  public void close() {
    outside.close();
    voter.close();
  }
}
