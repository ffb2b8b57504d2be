package io.tidemark.metadata.quorum;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees the process of the quorum's leader end, so that this voter need not wait until the leader
 * has been silent for an election timeout.
 *
 * <pre>
 *   another leads ──► a connection is held ──► it ends ──► refuses? 3 ×, 75 ms apart ──► its turn ──► gone
 *         ▲                                                    │ no
 *         └────────────────── 0.1 s later ◄────────────────────┘
 * </pre>
 *
 * <p>A process that ends resets its connections, and its machine refuses new ones. The connection
 * goes where the leader listens for voters, which it does as long as it leads, so that no pause
 * makes it seem gone, neither its own nor one of this process. Nothing is said on it. Of several
 * voters that see it the one with the lowest id has the first turn, so that they do not split the
 * vote.
 *
 * <p>All of it happens on the watch's own thread, which waits in the connection; {@link #leads} and
 * {@link #close} may be called from any.
 */
final class LeaderWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaderWatch.class);

  private static final int PROBES = 3;
  private static final long GAP_MS = 75;
  private static final long TURN_MS = 250;
  private static final long AGAIN_MS = 100;
  private static final int CONNECT_MS = 1_000;

  /** As the system calls it; a ConnectException is also thrown when there is no way there. */
  private static final String REFUSED = "refused";

  private final int nodeId;
  private final Supplier<List<Voter>> voters;
  private final Consumer<Leadership> gone;
  private final ScheduledExecutorService thread;

  /** Volatile because any thread says it. */
  private volatile Leadership seen = Leadership.UNKNOWN;

  /** Volatile because any thread ends the connection that the watch's own waits in. */
  private volatile @Nullable Socket held;

  private volatile boolean isClosed;

  /** The leadership that is being watched. The watch's own thread's. */
  private Leadership watched = Leadership.UNKNOWN;

  /**
   * Watches nobody yet.
   *
   * @param voters who votes, and where they listen for each other
   * @param gone told, on the watch's thread, of a leadership whose process has ended; it is still
   *     the newest known here
   * @param thread the watch's own, the caller's
   */
  LeaderWatch(
      int nodeId,
      Supplier<List<Voter>> voters,
      Consumer<Leadership> gone,
      ScheduledExecutorService thread) {
    this.nodeId = nodeId;
    this.voters = voters;
    this.gone = gone;
    this.thread = thread;
  }

  /** Watches this leader from now on, and the one before no more. */
  void leads(Leadership now) {
    seen = now;
    release();
    later(0, this::look);
  }

  private void look() {
    Leadership now = seen;
    if (isClosed || now.equals(watched)) {
      return;
    }
    watched = now;
    Optional<Voter> leader = other(now.leaderId());
    if (leader.isPresent()) {
      hold(now, leader.get());
      probe(now, leader.get(), 1);
    }
  }

  /** The voter of that id; empty where this is it, or nobody is. */
  private Optional<Voter> other(int leaderId) {
    return voters.get().stream()
        .filter(voter -> voter.nodeId() == leaderId && leaderId != nodeId)
        .findFirst();
  }

  /** Returns when the connection has ended, or could not be opened. */
  private void hold(Leadership now, Voter leader) {
    try (Socket socket = new Socket()) {
      held = socket;
      if (isStill(now)) {
        socket.connect(address(leader), CONNECT_MS);
        socket.setKeepAlive(true);
        readToEnd(socket.getInputStream());
      }
    } catch (IOException e) {
      LOG.debug("The connection to node {}, which leads the quorum, ended", leader.nodeId(), e);
    } finally {
      held = null;
    }
  }

  /** What the leader greets with says nothing. */
  private static void readToEnd(InputStream input) throws IOException {
    byte[] ignored = new byte[256];
    int count;
    do {
      count = input.read(ignored);
    } while (count >= 0);
  }

  private void probe(Leadership now, Voter leader, int number) {
    if (!isStill(now)) {
      return;
    }
    if (!refuses(leader)) {
      later(AGAIN_MS, this::lookAgain);
      return;
    }
    if (number < PROBES) {
      later(GAP_MS, () -> probe(now, leader, number + 1));
      return;
    }
    later(
        turn(now) * TURN_MS,
        () -> {
          if (isStill(now)) {
            gone.accept(now);
            later(AGAIN_MS, this::lookAgain);
          }
        });
  }

  private void lookAgain() {
    watched = Leadership.UNKNOWN;
    look();
  }

  private static boolean refuses(Voter leader) {
    try (Socket socket = new Socket()) {
      socket.connect(address(leader), CONNECT_MS);
      return false;
    } catch (ConnectException e) {
      return String.valueOf(e.getMessage()).contains(REFUSED);
    } catch (IOException e) {
      LOG.debug("Node {} neither answers nor refuses", leader.nodeId(), e);
      return false;
    }
  }

  private static InetSocketAddress address(Voter leader) {
    return new InetSocketAddress(leader.host(), leader.port());
  }

  /** How many voters come before this one. */
  private long turn(Leadership now) {
    return voters.get().stream()
        .filter(voter -> voter.nodeId() < nodeId && voter.nodeId() != now.leaderId())
        .count();
  }

  private boolean isStill(Leadership now) {
    return !isClosed && now.equals(seen);
  }

  private void later(long delayMs, Runnable step) {
    try {
      var _ = thread.schedule(step, delayMs, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("Closed meanwhile", e);
    }
  }

  private void release() {
    Socket waiting = held;
    if (waiting != null) {
      try {
        waiting.close();
      } catch (IOException e) {
        LOG.debug("A connection did not close cleanly", e);
      }
    }
  }

  /** Watches nobody any more. Idempotent. */
  @Override
  public void close() {
    isClosed = true;
    release();
  }
}
