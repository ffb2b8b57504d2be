package io.tidemark.metadata.link;

import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.ImageDelta;
import io.tidemark.metadata.image.ImageListener;
import io.tidemark.metadata.quorum.Appended;
import io.tidemark.metadata.quorum.Leadership;
import io.tidemark.metadata.quorum.Quorum;
import io.tidemark.metadata.quorum.QuorumException;
import io.tidemark.metadata.quorum.QuorumStatus;
import io.tidemark.metadata.quorum.Updates;
import io.tidemark.metadata.quorum.VoterChange;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/**
 * The quorum as a node without a vote sees it: it never leads and writes nothing, and knows who
 * leads by who answers. Its image is the one its node's follower has made of what it was told, and
 * which it has to be told of as a listener.
 *
 * <p>Safe from any thread. Closed by who made it; updates that are waited for then never come.
 */
public final class FollowedQuorum implements Quorum, ImageListener {
  private final int nodeId;
  private final RemoteUpdates updates;
  private final List<Consumer<Leadership>> listeners = new CopyOnWriteArrayList<>();
  private final Object leadershipOrder = new Object();

  /** Volatile because any thread reads the newest. */
  private volatile Leadership leadership = Leadership.UNKNOWN;

  /** Volatile because the follower's thread writes what any thread reads. */
  private volatile ClusterImage image = ClusterImage.EMPTY;

  /**
   * @param executor runs one task at a time; the caller's
   */
  public FollowedQuorum(int nodeId, ControllerWay way, ScheduledExecutorService executor) {
    this.nodeId = nodeId;
    this.updates = new RemoteUpdates(way, () -> image.clusterId(), executor, this::leaderAnswered);
  }

  @Override
  public void changed(ClusterImage previous, ClusterImage next, ImageDelta delta) {
    image = next;
  }

  private void leaderAnswered(Leadership now) {
    synchronized (leadershipOrder) {
      if (!now.equals(leadership) && now.term() >= leadership.term()) {
        leadership = now;
        listeners.forEach(listener -> listener.accept(now));
      }
    }
  }

  @Override
  public int nodeId() {
    return nodeId;
  }

  @Override
  public Leadership leadership() {
    return leadership;
  }

  @Override
  public void listen(Consumer<Leadership> listener) {
    synchronized (leadershipOrder) {
      listeners.add(listener);
      listener.accept(leadership);
    }
  }

  @Override
  public ClusterImage image() {
    return image;
  }

  @Override
  public CompletableFuture<Appended> append(long term, List<Event> events) {
    return CompletableFuture.failedFuture(noVoter());
  }

  @Override
  public CompletableFuture<ClusterImage> read(long term) {
    return CompletableFuture.failedFuture(noVoter());
  }

  @Override
  public CompletableFuture<Void> change(VoterChange change) {
    return CompletableFuture.failedFuture(noVoter());
  }

  @Override
  public boolean isOutside() {
    return true;
  }

  private static QuorumException noVoter() {
    return new QuorumException.NotLeader("This node is no voter");
  }

  @Override
  public CompletableFuture<Updates> updatesAfter(long version) {
    return updates.after(version);
  }

  /** Voters and how far they are only the leader can say. */
  @Override
  public QuorumStatus status() {
    return new QuorumStatus(leadership, image.version() + 1, List.of());
  }

  @Override
  public void close() {
    updates.close();
  }
}
