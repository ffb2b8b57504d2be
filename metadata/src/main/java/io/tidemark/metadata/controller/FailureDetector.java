package io.tidemark.metadata.controller;

import io.tidemark.metadata.image.NodeImage;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Tells a dead process from a silent one.
 *
 * <pre>
 *                  ┌── 75 ms, at most eight looks ──┐
 *                  ▼                                │ no, its connection dropped
 *   suspected ──► refuses? ─────────────────────────┤
 *                  │  ▲                             │ no, a controller begins
 *                  │  └── 75 ms ──┐                 ▼
 *                  └──────► yes ──┴── 3 in a row    its session decides
 *                                         ▼
 *                                        gone
 * </pre>
 *
 * A node is suspected when its connection dropped, and all are when a controller begins. Refusing
 * is something the other machine does, so that no pause of this process can make a node seem gone.
 * A process that is killed loses its connections and its ports one after the other: a port that
 * still accepts right after a connection dropped is looked at again. Runs in the controller's
 * mailbox.
 */
final class FailureDetector {
  /** Refusals, one after the other, that tell a dead process. */
  private static final int REFUSALS = 3;

  /** Looks at a node whose connection dropped; the kernel takes a moment to end a process. */
  private static final int MOST_LOOKS = 8;

  private static final long GAP_MS = 75;

  /** Hears of a node that is gone. */
  @FunctionalInterface
  interface Listener {
    /**
     * The node's process has ended.
     *
     * @param suspectedNs since when it was suspected
     */
    void gone(int nodeId, long epoch, long suspectedNs);
  }

  /**
   * A life of a node that may be over.
   *
   * @param mostLooks after which a node that does not refuse is left to its session
   */
  private record Suspicion(NodeImage node, long sinceNs, int mostLooks) {}

  private final NodeProbe probe;
  private final Executor mailbox;
  private final ScheduledExecutorService timers;
  private final Listener listener;
  private final Map<Integer, Suspicion> suspicions = new HashMap<>();

  FailureDetector(
      NodeProbe probe, Executor mailbox, ScheduledExecutorService timers, Listener listener) {
    this.probe = probe;
    this.mailbox = mailbox;
    this.timers = timers;
    this.listener = listener;
  }

  /** Begins to probe a node as all are; one that accepts is there. */
  void suspect(NodeImage node, long nowNs) {
    suspect(new Suspicion(node, nowNs, 1));
  }

  /** Begins to probe a node whose connection has just dropped. */
  void suspectOfDropping(NodeImage node, long nowNs) {
    suspect(new Suspicion(node, nowNs, MOST_LOOKS));
  }

  /** Unless this life of it is being probed as thoroughly already. */
  private void suspect(Suspicion suspicion) {
    NodeImage node = suspicion.node();
    Suspicion known = suspicions.get(node.id());
    if (known == null
        || known.node().epoch() != node.epoch()
        || known.mostLooks() < suspicion.mostLooks()) {
      suspicions.put(node.id(), suspicion);
      probe(suspicion, 1, 0);
    }
  }

  /** Suspects nobody any more. */
  void clear() {
    suspicions.clear();
  }

  private void probe(Suspicion suspicion, int look, int refusals) {
    if (isHeld(suspicion)) {
      probe
          .refuses(suspicion.node())
          .whenCompleteAsync(
              (refuses, failure) ->
                  answered(suspicion, look, failure == null && refuses ? refusals + 1 : 0),
              mailbox);
    }
  }

  private boolean isHeld(Suspicion suspicion) {
    return suspicion.equals(suspicions.get(suspicion.node().id()));
  }

  private void answered(Suspicion suspicion, int look, int refusals) {
    if (!isHeld(suspicion)) {
      return;
    }
    boolean isOpen = refusals > 0 ? refusals < REFUSALS : look < suspicion.mostLooks();
    if (isOpen) {
      timers.schedule(
          () -> mailbox.execute(() -> probe(suspicion, look + 1, refusals)),
          GAP_MS,
          TimeUnit.MILLISECONDS);
      return;
    }
    suspicions.remove(suspicion.node().id());
    if (refusals > 0) {
      listener.gone(suspicion.node().id(), suspicion.node().epoch(), suspicion.sinceNs());
    }
  }
}
