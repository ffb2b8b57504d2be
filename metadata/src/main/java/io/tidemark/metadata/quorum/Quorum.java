package io.tidemark.metadata.quorum;

import io.tidemark.metadata.event.Event;
import io.tidemark.metadata.image.ClusterImage;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The replicated, durable order of events, as one voter sees it.
 *
 * <p>What was once reported as committed stays committed and keeps its index, through any crash and
 * change of leader. Indexes and terms only rise. Safe from any thread; futures and listeners are
 * completed on threads of the quorum, so what hangs on them must be short. Closed by who opened it.
 */
public interface Quorum extends AutoCloseable {

  /** The voter's own node id. */
  int nodeId();

  /** Who leads, as far as this voter knows. Never waits. */
  Leadership leadership();

  /**
   * Calls the listener with every change of {@link #leadership()} from now on, in order, and once
   * at registration.
   */
  void listen(Consumer<Leadership> listener);

  /** The committed image of this voter: perhaps old, never torn, never going back. */
  ClusterImage image();

  /**
   * Writes events as one entry: all of them are folded, at one index, or none is. Entries are
   * written in the order of the calls.
   *
   * @param term of the leadership the events were decided in; in any other the entry is refused
   * @return when committed and folded into {@link #image()}. Fails with {@link
   *     QuorumException.NotLeader} when certainly nothing was written and nothing will be; with
   *     {@link QuorumException.OutcomeUnknown} when it may have been, or may yet be: the caller
   *     finds out by reading behind a later entry of its own.
   */
  CompletableFuture<Appended> append(long term, List<Event> events);

  /**
   * A linearizable read: the image after every append that was reported before this call.
   *
   * @param term of the caller's leadership. Fails with {@link QuorumException.NotLeader} unless
   *     this voter led in it until the read was confirmed, so that a success also says that nobody
   *     else has written anything since the term began.
   */
  CompletableFuture<ClusterImage> read(long term);

  /**
   * Waits for what was committed after a version: the entries in order, or an image where the
   * entries are no longer kept. Answered at once when there is something, else as soon as there is;
   * never empty. The caller bounds the wait by cancelling.
   */
  CompletableFuture<Updates> updatesAfter(long version);

  /** Voters and how far each has got, for DescribeQuorum. */
  QuorumStatus status();

  /**
   * Whether the quorum is known to go on without this voter: it follows nothing and decides nothing
   * then. False while nobody knows. A change is told to who listens to {@link #leadership()}.
   */
  boolean isOutside();

  /**
   * Changes who votes; done when that is committed. Fails with {@link QuorumException.NotLeader}
   * where this voter does not lead, with {@link QuorumException.Alone} where it listens for nobody,
   * with {@link QuorumException.Busy} while another change is under way, and with {@link
   * QuorumException.OutcomeUnknown} when it may have been made or yet be: a voter that is added has
   * to be reached and to catch up.
   */
  CompletableFuture<Void> change(VoterChange change);

  /** Leaves the quorum; pending calls fail. Idempotent. */
  @Override
  void close();
}
