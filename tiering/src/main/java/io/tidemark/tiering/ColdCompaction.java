package io.tidemark.tiering;

import io.tidemark.log.LogConfig;
import io.tidemark.log.clean.BatchCompaction;
import io.tidemark.log.producer.AbortedTransaction;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaView;
import io.tidemark.tiering.compact.RemoteRewrite;
import io.tidemark.tiering.compact.RewritePolicy;
import io.tidemark.tiering.compact.RewritePolicy.Next;
import io.tidemark.tiering.compact.RewriteTally;
import io.tidemark.tiering.compact.SwapDesk;
import io.tidemark.tiering.manifest.LeafReference;
import io.tidemark.tiering.manifest.Manifest;
import io.tidemark.tiering.manifest.RemoteSegment;
import io.tidemark.tiering.store.ObjectStoreException;
import io.tidemark.tiering.upload.UnansweredException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.internals.Topic;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rewriting of one partition's segments in the store while this node leads it: compaction where the
 * topic is compacted, merging of small neighbours in any case. It goes by the manifest that the
 * partition's turn saw to be current, works beside that turn, and hands it what it has made.
 *
 * <pre>
 *   look ──▶ rewriting requested ──▶ decide ──▶ nothing: again when the manifest changes
 *                                       └─────▶ rewrite ──▶ desk ──▶ the turn commits ──▶ decide
 * </pre>
 *
 * A new leader, a fenced one and a restarted one all begin anew from the current manifest. Looks
 * come from the partition's look; rewriting is one at a time and blocks.
 */
final class ColdCompaction extends Turns.Taker {
  private static final Logger log = LoggerFactory.getLogger(ColdCompaction.class);

  private static final long NONE = -1;

  /** A look comes at least this often, should the topic's settings change. */
  private static final long LONGEST_REST_MS = 60_000;

  private final Replica replica;
  private final TopicIdPartition id;
  private final ColdWorkshop shop;
  private final SwapDesk desk;
  private final Turns rewrites;
  private final Runnable wakeTurn;
  private final Consumer<Throwable> failures;

  /** What the partition's turn saw to be current; null while this node does not know. */
  private volatile @Nullable Current current;

  /** Monotonic; when the next look asks for a rewriting unless the manifest changes before. */
  private volatile long notBeforeMs;

  /** Monotonic; nothing is tried before, whatever changes. */
  private volatile long failedUntilMs;

  /** The version of the manifest that nothing was to be done about. */
  private volatile long settledVersion = NONE;

  private volatile long dirtyBytes;
  private volatile boolean isStopped;

  private record Current(int leaderEpoch, Manifest manifest) {}

  /**
   * @param wakeTurn asks for a turn of the partition
   * @param failures told what went wrong; it is tried again
   */
  ColdCompaction(
      Replica replica,
      ColdWorkshop shop,
      SwapDesk desk,
      Turns rewrites,
      Runnable wakeTurn,
      Consumer<Throwable> failures) {
    this.replica = replica;
    this.id = replica.id();
    this.shop = shop;
    this.desk = desk;
    this.rewrites = rewrites;
    this.wakeTurn = wakeTurn;
    this.failures = failures;
  }

  /** A manifest is current. */
  void committed(int leaderEpoch, Manifest manifest) {
    current = new Current(leaderEpoch, manifest);
  }

  /** What was current may not be so any more: whatever is under way ends. */
  void ended() {
    current = null;
    settledVersion = NONE;
  }

  void stop() {
    isStopped = true;
    current = null;
  }

  /** Of what was looked at last: bytes that may be compacted and are not. */
  long dirtyBytes() {
    return dirtyBytes;
  }

  /** Asks for a rewriting if one may be due; returns when to look again, monotonic. */
  long look(long nowMs) {
    Current seen = current;
    if (seen == null || isStopped) {
      return Long.MAX_VALUE;
    }
    if (nowMs < notBeforeMs && seen.manifest().version() == settledVersion) {
      return notBeforeMs;
    }
    if (nowMs < failedUntilMs) {
      return failedUntilMs;
    }
    rewrites.request(this);
    return nowMs + shop.settings().compaction().checkMs();
  }

  @Override
  void takeTurn() {
    Current seen = current;
    if (seen == null || isStopped) {
      return;
    }
    try {
      if (rewrite(seen)) {
        // Once the others had their turns.
        rewrites.request(this);
      }
    } catch (RemoteRewrite.EndedException e) {
      log.debug("Rewriting {} ended early: {}", id, e.getMessage());
      pause();
    } catch (Exception | Error e) {
      pause();
      if (current != null) {
        failures.accept(e);
      }
    }
  }

  private void pause() {
    failedUntilMs = shop.platform().nowMs() + shop.settings().compaction().checkMs();
  }

  /** Does what is due, if anything; true when there may be more. */
  private boolean rewrite(Current seen) throws Exception {
    LogConfig config = replica.view().config();
    List<RemoteSegment> listed = listed(seen.manifest());
    long wallMs = shop.platform().time().milliseconds();
    long compactedTo = seen.manifest().compactedTo();
    dirtyBytes = RewritePolicy.dirtyBytes(listed, compactedTo, config, wallMs);
    if (!isRewritten(replica.view())) {
      settle(seen.manifest(), Long.MAX_VALUE, wallMs);
      return false;
    }
    Next next =
        RewritePolicy.decide(listed, compactedTo, config, shop.settings().compaction(), wallMs);
    switch (next) {
      case Next.Nothing(long untilMs) -> settle(seen.manifest(), untilMs, wallMs);
      case Next.Compact(long start, long end) ->
          timed(
              seen,
              rewrite ->
                  rewrite.compact(
                      listed,
                      new BatchCompaction.Scope(start, end, wallMs, config.deleteRetentionMs()),
                      decidedAbove(seen.manifest().tieredOffset()),
                      config));
      case Next.Merge(List<RemoteSegment> neighbours) ->
          timed(seen, rewrite -> rewrite.merge(neighbours, config));
    }
    return !(next instanceof Next.Nothing);
  }

  static boolean isRewritten(ReplicaView view) {
    return view.config().remoteStorageEnable() && !Topic.isInternal(view.id().topic());
  }

  /** What was aborted by markers that are only in the hot log. */
  private List<AbortedTransaction> decidedAbove(long tieredOffset) {
    ReplicaView view = replica.view();
    long from = Math.max(view.localLogStartOffset(), tieredOffset);
    return from < view.logEndOffset()
        ? replica.abortedTransactions(from, view.logEndOffset())
        : List.of();
  }

  /** One rewriting. */
  @FunctionalInterface
  private interface Work {
    void run(RemoteRewrite rewrite)
        throws ObjectStoreException, UnansweredException, RemoteRewrite.EndedException;
  }

  private void timed(Current seen, Work work)
      throws ObjectStoreException, UnansweredException, RemoteRewrite.EndedException {
    long beganMs = shop.platform().nowMs();
    RemoteRewrite rewrite =
        new RemoteRewrite(
            shop.rewriteTools(), id, seen.leaderEpoch(), desk, wakeTurn, () -> goesOn(seen));
    try {
      work.run(rewrite);
      told(rewrite.tally(), shop.platform().nowMs() - beganMs);
    } finally {
      shop.metrics().rewritten(rewrite.tally(), shop.platform().nowMs() - beganMs);
    }
  }

  private boolean goesOn(Current begun) {
    Current now = current;
    return !isStopped && now != null && now.leaderEpoch() == begun.leaderEpoch();
  }

  private void told(RewriteTally tally, long tookMs) {
    log.info(
        "Rewrote {} in the store in {} ms: {} objects became {}, {} bytes read, {} written{}",
        id,
        tookMs,
        tally.replaced(),
        tally.made(),
        tally.readBytes(),
        tally.writtenBytes(),
        tally.isMapFull() ? ", the offset map was full" : "");
  }

  private void settle(Manifest manifest, long untilWallMs, long wallMs) {
    long inMs = Math.min(untilWallMs - wallMs, LONGEST_REST_MS);
    notBeforeMs = shop.platform().nowMs() + Math.max(inMs, shop.settings().compaction().checkMs());
    settledVersion = manifest.version();
  }

  private List<RemoteSegment> listed(Manifest manifest) throws ObjectStoreException {
    List<RemoteSegment> listed = new ArrayList<>();
    for (LeafReference leaf : manifest.leaves()) {
      List<RemoteSegment> all = shop.tier().manifests().leaf(id, leaf).segments();
      listed.addAll(all.subList(leaf.dropped(), all.size()));
    }
    listed.addAll(manifest.segments());
    return listed;
  }
}
