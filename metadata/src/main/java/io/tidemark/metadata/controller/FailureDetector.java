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
 *   suspected ──► refuses? ──yes──► 75 ms ──► refuses? ──yes──► 75 ms ──► refuses? ──yes──► gone
 *                    │ no                        │ no                        │ no
 *                    └───────────────────────────┴───────────────────────────┴──► its session decides
 * </pre>
 *
 * A node is suspected when its connection dropped, and all are when a controller begins. Refusing
 * is something the other machine does, so that no pause of this process can make a node seem gone.
 * Runs in the controller's mailbox.
 */
final class FailureDetector {
  private static final int PROBES = 3;
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

  private record Suspicion(NodeImage node, long sinceNs) {}

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

  /** Begins to probe a node, unless this life of it is being probed already. */
  void suspect(NodeImage node, long nowNs) {
    Suspicion known = suspicions.get(node.id());
    if (known == null || known.node().epoch() != node.epoch()) {
      Suspicion suspicion = new Suspicion(node, nowNs);
      suspicions.put(node.id(), suspicion);
      probe(suspicion, 1);
    }
  }

  /** Suspects nobody any more. */
  void clear() {
    suspicions.clear();
  }

  private void probe(Suspicion suspicion, int number) {
    if (isHeld(suspicion)) {
      probe
          .refuses(suspicion.node())
          .whenCompleteAsync(
              (refuses, failure) -> answered(suspicion, number, failure == null && refuses),
              mailbox);
    }
  }

  private boolean isHeld(Suspicion suspicion) {
    return suspicion.equals(suspicions.get(suspicion.node().id()));
  }

  private void answered(Suspicion suspicion, int number, boolean refuses) {
    if (!isHeld(suspicion)) {
      return;
    }
    if (refuses && number < PROBES) {
      timers.schedule(
          () -> mailbox.execute(() -> probe(suspicion, number + 1)), GAP_MS, TimeUnit.MILLISECONDS);
      return;
    }
    suspicions.remove(suspicion.node().id());
    if (refuses) {
      listener.gone(suspicion.node().id(), suspicion.node().epoch(), suspicion.sinceNs());
    }
  }
}
