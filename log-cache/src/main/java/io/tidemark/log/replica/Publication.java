package io.tidemark.log.replica;

import io.tidemark.log.partition.PartitionLog;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the world what a turn of a replica's queue has changed: first the new view, then those who
 * waited for it, last the watchers. {@link #settle} is called by whoever drains the partition,
 * {@link #view} from any thread.
 */
final class Publication {
  private static final Logger logger = LoggerFactory.getLogger(Publication.class);

  private final CurrentLog current;
  private final ReplicaCore<PendingAppend> core;
  private final NodeParts node;
  private final PartitionQueue queue;
  private final Runnable wakeWatchers;
  // Volatile because any thread reads it; written in the partition's turn only.
  private volatile ReplicaView view;

  Publication(
      CurrentLog current,
      ReplicaCore<PendingAppend> core,
      NodeParts node,
      PartitionQueue queue,
      Runnable wakeWatchers) {
    this.current = current;
    this.core = core;
    this.node = node;
    this.queue = queue;
    this.wakeWatchers = wakeWatchers;
    this.view = currentView();
  }

  ReplicaView view() {
    return view;
  }

  /** Publishes the view and carries out what the core has decided. */
  void settle() {
    ReplicaView now = currentView();
    boolean hasChanged = !now.equals(view);
    if (hasChanged) {
      view = now;
    }
    core.takeDecisions().forEach(this::carryOut);
    if (hasChanged) {
      wakeWatchers.run();
    }
  }

  private ReplicaView currentView() {
    PartitionLog log = current.log();
    CoreOffsets offsets = core.offsets();
    offsets.localLogStartsAt(log.offsets().localLogStartOffset());
    log.highWatermarkAdvanced(offsets.highWatermark());
    log.firstUnstableOffset().ifPresentOrElse(offsets::firstUnstable, offsets::allStable);
    return new ReplicaView(
        log.id(),
        core.leadership(),
        offsets.view(),
        core.replicaCount(),
        log.config(),
        log.logDirectory());
  }

  private void carryOut(Decision<PendingAppend> decision) {
    switch (decision) {
      case Decision.Acknowledge<PendingAppend>(PendingAppend append) -> append.acknowledge();
      case Decision.GiveUp<PendingAppend>(PendingAppend append, Errors error) ->
          append.giveUp(error, null, view.logStartOffset());
      case Decision.Propose<PendingAppend>(IsrProposal proposal) -> propose(proposal);
    }
  }

  private void propose(IsrProposal proposal) {
    logger.info("{} proposes the ISR {}", proposal.partition(), proposal.isr());
    node.isrChanges()
        .propose(proposal)
        .whenComplete((result, failure) -> {
          // An unknown outcome is like a time-out: the same proposal is sent again.
          IsrResult answer =
              failure == null ? result : new IsrResult.Refused(Errors.REQUEST_TIMED_OUT);
          queue.command(() -> answered(proposal, answer));
        });
  }

  private void answered(IsrProposal proposal, IsrResult result) {
    core.isrAnswered(proposal, result, node.time().milliseconds());
    settle();
  }
}
