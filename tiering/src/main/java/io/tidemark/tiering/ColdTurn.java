package io.tidemark.tiering;

import io.tidemark.log.epoch.EpochEntry;
import io.tidemark.log.epoch.EpochLineage;
import io.tidemark.log.partition.ClosedSegment;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaView;
import io.tidemark.tiering.compact.SwapDesk;
import io.tidemark.tiering.manifest.LeafReference;
import io.tidemark.tiering.manifest.Manifest;
import io.tidemark.tiering.manifest.ManifestDraft;
import io.tidemark.tiering.manifest.ManifestLeaf;
import io.tidemark.tiering.manifest.ManifestPointer;
import io.tidemark.tiering.manifest.RemoteSegment;
import io.tidemark.tiering.manifest.WrittenManifest;
import io.tidemark.tiering.retention.RetentionDecision;
import io.tidemark.tiering.store.ObjectStoreException;
import io.tidemark.tiering.sweep.PendingClock;
import io.tidemark.tiering.upload.CopyLag;
import io.tidemark.tiering.upload.TierAgreement;
import io.tidemark.tiering.upload.UnansweredException;
import io.tidemark.tiering.upload.UploadDecision;
import io.tidemark.tiering.upload.UploadPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.internals.Topic;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One leader's work on the cold tier of one partition, a step at a time, in this order:
 *
 * <pre>
 *   take over      pointer through the quorum, manifest, comparison of epoch lineages
 *   retention      log start forward through the quorum, expired active segment rolled
 *   upload         at most one segment: checked, put, not yet referenced by anything
 *   deletion       objects whose delay has passed since the commit that names them
 *   sweep          now and then: orphans looked for
 *   commit         one manifest for all of it: segment added or rewritten ones swapped in,
 *                  dropped ones and orphans marked
 * </pre>
 *
 * A crash or failure between any two steps leaves objects that nothing refers to, never a reference
 * to nothing: the commit comes last, and every deletion waits for a commit that names the object.
 * Called by one thread at a time, the partition's turn; blocks.
 */
final class ColdTurn {
  private static final Logger log = LoggerFactory.getLogger(ColdTurn.class);

  /** A commit is made for dropping keys alone only when less room than this is left. */
  private static final int LITTLE_ROOM = Manifest.MAX_PENDING_DELETES / 4;

  private final Replica replica;
  private final TopicIdPartition id;
  private final HotLog hotLog;
  private final ColdWorkshop shop;
  private final HotHold hotHold;
  private final SwapDesk desk;
  private final Strays strays = new Strays();

  /** Keeps local deletion from dropping anything, or lets it go on. */
  @FunctionalInterface
  interface HotHold {
    void hold(boolean holds);
  }

  ColdTurn(Replica replica, HotLog hotLog, ColdWorkshop shop, SwapDesk desk, HotHold hotHold) {
    this.hotHold = hotHold;
    this.desk = desk;
    this.replica = replica;
    this.id = replica.id();
    this.hotLog = hotLog;
    this.shop = shop;
  }

  /** What this turn took from the desk. */
  private @Nullable TakenSwap taken;

  private record TakenSwap(SwapDesk.Offer offer, boolean isCommitted) {}

  /** What was stored and waits for its commit. */
  private record Stored(RemoteSegment segment, List<EpochEntry> lineage) {}

  /**
   * Reads the current manifest through the quorum, before anything else is done in a leader epoch
   * and whenever the outcome of a commit is unknown.
   */
  Lead takeOver(ReplicaView view)
      throws UnansweredException, ObjectStoreException, ConflictException {
    ManifestPointer pointer = shop.committer().current(id);
    Manifest manifest =
        pointer == null
            ? Manifest.empty(id.topicId(), id.partition())
            : shop.tier().manifests().get(id, pointer);
    agree(compare(view, manifest));
    if (pointer != null) {
      tell(pointer.tieredOffset());
    }
    long nowMs = shop.platform().nowMs();
    PendingClock pending = new PendingClock(shop.settings().deleteDelayMs());
    pending.committed(manifest.pendingDeletes(), nowMs);
    return new Lead(
        view.leaderEpoch(),
        pointer,
        manifest,
        oldestNextOffset(manifest),
        pending,
        nowMs,
        nowMs + shop.jitter(shop.settings().sweepIntervalMs()));
  }

  /**
   * The bucket always wins: a hot log with another history starts again at the tiered offset. The
   * turn ends then, and the next one finds them in agreement.
   */
  private void agree(TierAgreement agreement)
      throws UnansweredException, ObjectStoreException, ConflictException {
    switch (agreement) {
      case TierAgreement.Agrees() -> {}
      case TierAgreement.StartsAt startsAt -> {
        log.warn(
            "{} parts at offset {} from what is in the store and starts again at {} (epochs here"
                + " {}, there {})",
            id,
            startsAt.commonOffset(),
            startsAt.tieredOffset(),
            replica.lineage().entries(),
            startsAt.lineage());
        shop.replicaWait().join(replica.truncateTo(startsAt.commonOffset()), "cutting " + id);
        new TierRestart(shop).restart(replica);
        throw new ConflictException(id, agreement);
      }
      case TierAgreement.Gap gap -> throw new ConflictException(id, gap);
    }
  }

  private TierAgreement compare(ReplicaView view, Manifest manifest) {
    return TierAgreement.compare(
        replica.lineage(),
        view.logStartOffset(),
        view.localLogStartOffset(),
        view.logEndOffset(),
        EpochLineage.of(manifest.lineage()),
        manifest.firstOffset(),
        manifest.tieredOffset());
  }

  /** Does what is due; false when nothing was. */
  boolean work(Lead lead)
      throws UnansweredException,
          ObjectStoreException,
          IOException,
          FencedException,
          StaleManifestException {
    long nowMs = shop.platform().nowMs();
    boolean worked = false;
    if (lead.retentionIsDue(nowMs)) {
      worked = retain(lead, nowMs);
    }
    boolean leaves = leaves(lead.state(), replica.view());
    hotHold.hold(leaves);
    if (leaves) {
      leaveTier(lead);
    }
    desk.takeAbandoned().forEach(strays::putting);
    if (leaves) {
      desk.refuse();
    }
    SwapDesk.Offer offer = leaves ? null : swapThatFits(lead);
    // The upload is the next turn's: a swap finds leaves as they are stored.
    Optional<Stored> stored = leaves || offer != null ? Optional.empty() : upload(lead);
    worked |= delete(lead, nowMs);
    List<String> orphans = orphans(lead, nowMs);
    ManifestDraft draft = draft(lead, stored, orphans, leaves);
    worked |= offer == null ? commit(lead, draft, stored) : swap(lead, draft, offer);
    if (lead.listsNothing()) {
      hotHold.hold(false);
    }
    return worked;
  }

  private boolean retain(Lead lead, long nowMs)
      throws UnansweredException, ObjectStoreException, IOException {
    HotLog.State hot = hotLog.read(replica.view());
    RetentionDecision decision =
        shop.retention().decide(id, lead.manifest(), hot, shop.platform().time().milliseconds());
    boolean moves = decision.logStartOffset() > hot.view().logStartOffset();
    if (moves) {
      advanceLogStart(lead, decision.logStartOffset());
      shop.metrics().retentionAdvanced();
      log.debug("Retention moved the log start of {} to {}", id, decision.logStartOffset());
    }
    if (decision.rollActive()) {
      shop.replicaWait().join(replica.roll(), "rolling " + id);
    }
    boolean again = moves || decision.rollActive();
    lead.retentionNotBefore(again ? nowMs : nowMs + shop.settings().retentionCheckMs());
    return again;
  }

  private void advanceLogStart(Lead lead, long offset) throws UnansweredException {
    long start = shop.committer().advanceLogStart(id, lead.leaderEpoch(), offset);
    shop.replicaWait().join(replica.advanceLogStart(start), "moving the log start of " + id);
  }

  /**
   * Whether all that is listed has to go: tiering was switched off with {@code
   * remote.log.delete.on.disable}; or it was switched on again before all was gone, and begins anew
   * from the hot log, which still has everything.
   */
  static boolean leaves(TierState tier, ReplicaView view) {
    boolean isOff = !view.config().remoteStorageEnable() && view.config().remoteDeleteOnDisable();
    boolean isPartial =
        tier.segments() > 0
            && tier.firstOffset() > view.logStartOffset()
            && view.localLogStartOffset() <= view.logStartOffset();
    return isPartial
        || (isOff && (tier.segments() > 0 || tier.tieredOffset() > view.logStartOffset()));
  }

  /**
   * The log starts where its hot part does. From the hold on, what is hot stays hot; a change that
   * was on its way through the partition's queue before is waited for. The quorum hears of it each
   * time, even when it is no news here: it lets the tiered offset go back only to the log start it
   * knows.
   */
  private void leaveTier(Lead lead) throws UnansweredException {
    shop.replicaWait()
        .join(replica.advanceLogStart(replica.view().logStartOffset()), "the queue of " + id);
    advanceLogStart(lead, replica.view().localLogStartOffset());
  }

  private Optional<Stored> upload(Lead lead)
      throws UnansweredException, ObjectStoreException, IOException {
    ReplicaView view = replica.view();
    if (!uploads(view)) {
      return Optional.empty();
    }
    HotLog.State hot = hotLog.read(view);
    UploadDecision decision =
        UploadPolicy.decide(
            CopyLag.of(view.config()),
            shop.platform().time().milliseconds(),
            view.logStartOffset(),
            lead.tieredOffset(),
            view.lastStableOffset(),
            hot.closedSpans(),
            hot.active().sizeBytes());
    if (!(decision instanceof UploadDecision.Upload(long baseOffset))) {
      return Optional.empty();
    }
    if (baseOffset > lead.tieredOffset() && !lead.listsNothing()) {
      // The log start has passed the tier; what is listed goes first.
      return Optional.empty();
    }
    Optional<ClosedSegment> segment = hotLog.retain(baseOffset);
    return segment.isEmpty() ? Optional.empty() : Optional.of(store(lead, view, segment.get()));
  }

  static boolean uploads(ReplicaView view) {
    return view.config().remoteStorageEnable()
        && !view.config().remoteCopyDisable()
        && !(view.config().compact() && Topic.isInternal(view.id().topic()));
  }

  private Stored store(Lead lead, ReplicaView view, ClosedSegment segment)
      throws UnansweredException, ObjectStoreException {
    try {
      List<EpochEntry> lineage = lead.manifest().lineageWith(segment.lineage());
      Uuid uuid = shop.platform().freshUuid();
      long baseOffset = Math.max(segment.baseOffset(), lead.tieredOffset());
      strays.putting(shop.upload().key(id, baseOffset, lead.leaderEpoch(), uuid));
      long beganMs = shop.platform().nowMs();
      RemoteSegment stored =
          shop.upload()
              .store(
                  id,
                  segment,
                  lead.tieredOffset(),
                  lineage,
                  lead.leaderEpoch(),
                  uuid,
                  shop.platform().time().milliseconds(),
                  shop.platform().bulk().apply(view.logDirectory()));
      shop.metrics().uploaded(stored.objectBytes(), shop.platform().nowMs() - beganMs);
      return new Stored(stored, lineage);
    } finally {
      segment.release();
    }
  }

  private boolean delete(Lead lead, long nowMs) throws ObjectStoreException {
    List<String> due = lead.pending().due(nowMs, shop.deleteBatch());
    if (due.isEmpty()) {
      return false;
    }
    shop.tier().store().delete(due);
    lead.pending().deleted(due);
    shop.metrics().objectsDeleted(due.size());
    log.debug("Deleted {} objects of {}", due.size(), id);
    return true;
  }

  private List<String> orphans(Lead lead, long nowMs) throws ObjectStoreException {
    List<String> orphans = new ArrayList<>();
    if (lead.sweepIsDue(nowMs)) {
      orphans.addAll(sweep(lead, nowMs));
    }
    orphans.addAll(unusedStrays(lead));
    return orphans;
  }

  private List<String> sweep(Lead lead, long nowMs) throws ObjectStoreException {
    String segments = shop.tier().keys().segmentsPrefix(id.topicId(), id.partition());
    int aborted =
        shop.tier()
            .store()
            .abortStaleUploads(segments, Duration.ofMillis(shop.settings().staleUploadAgeMs()));
    List<String> found =
        shop.sweep().find(id, lead.manifest(), LITTLE_ROOM).stream()
            .filter(key -> !desk.isMaking(key))
            .toList();
    long pause =
        found.size() == LITTLE_ROOM
            ? shop.settings().deleteDelayMs()
            : shop.settings().sweepIntervalMs();
    lead.swept(found.isEmpty() && strays.isEmpty(), nowMs + pause);
    if (aborted > 0 || !found.isEmpty()) {
      log.info("Sweep of {}: {} orphans, {} unfinished uploads", id, found.size(), aborted);
    }
    return found;
  }

  /** Strays that the manifest does not use; those of the upload under way are not strays yet. */
  private List<String> unusedStrays(Lead lead) throws ObjectStoreException {
    if (strays.isEmpty()) {
      return List.of();
    }
    Set<String> named = shop.sweep().named(id, lead.manifest());
    strays.settled(named);
    return strays.keys().stream().filter(key -> !desk.isMaking(key)).toList();
  }

  /** What was rewritten, once there is room to mark what it replaces; null when there is none. */
  private SwapDesk.@Nullable Offer swapThatFits(Lead lead) {
    SwapDesk.Offer offer = desk.waiting();
    ManifestDraft draft = withoutGone(lead);
    return offer != null && draft.roomFor(offer.swap()) < draft.pendingRoom() ? offer : null;
  }

  /** Commits what was rewritten with what else there is. */
  private boolean swap(Lead lead, ManifestDraft draft, SwapDesk.Offer offer)
      throws UnansweredException, ObjectStoreException, FencedException, StaleManifestException {
    boolean hasRoom = draft.roomFor(offer.swap()) <= draft.pendingRoom();
    if (!hasRoom || !desk.take(offer)) {
      return commit(lead, draft, Optional.empty());
    }
    taken = new TakenSwap(offer, false);
    offer.keys().forEach(strays::putting);
    Optional<ManifestDraft> swapped = swapped(lead, draft, offer);
    if (swapped.isEmpty()) {
      return commit(lead, draft, Optional.empty());
    }
    write(lead, swapped.get(), Optional.empty());
    taken = new TakenSwap(offer, true);
    return true;
  }

  /** Tells whoever made a swap what became of it, once the turn is over, however it ended. */
  void settleSwap() {
    TakenSwap over = taken;
    taken = null;
    if (over != null) {
      desk.settle(over.offer(), over.isCommitted());
    }
  }

  private Optional<ManifestDraft> swapped(Lead lead, ManifestDraft draft, SwapDesk.Offer offer)
      throws ObjectStoreException {
    if (offer.leaderEpoch() != lead.leaderEpoch()) {
      return Optional.empty();
    }
    List<ManifestLeaf> leaves = new ArrayList<>();
    for (LeafReference leaf : draft.leavesOf(offer.swap())) {
      leaves.add(shop.tier().manifests().leaf(id, leaf));
    }
    return draft.swap(
        offer.swap(), leaves, shop.platform()::freshUuid, shop.platform().time().milliseconds());
  }

  private ManifestDraft draft(
      Lead lead, Optional<Stored> stored, List<String> orphans, boolean leaves)
      throws ObjectStoreException {
    long wallMs = shop.platform().time().milliseconds();
    ManifestDraft draft = withoutGone(lead);
    ManifestPointer parent = lead.pointer();
    if (parent != null) {
      draft = draft.markParent(parent, wallMs);
    }
    draft = leaves ? dropAll(draft, wallMs) : drop(draft, replica.view().logStartOffset(), wallMs);
    if (stored.isPresent()) {
      Stored s = stored.get();
      draft = draft.add(s.segment(), s.lineage(), shop.platform().freshUuid());
    }
    String uploading = stored.map(s -> key(s.segment())).orElse("");
    return draft.markPending(
        orphans.stream().filter(key -> !key.equals(uploading)).toList(), wallMs);
  }

  private ManifestDraft withoutGone(Lead lead) {
    return ManifestDraft.from(shop.tier().keys(), lead.manifest())
        .dropPending(lead.pending().gone());
  }

  private ManifestDraft drop(ManifestDraft draft, long below, long wallMs)
      throws ObjectStoreException {
    return draft.dropBelow(below, oldestLeaf(draft.manifest(), below), wallMs);
  }

  private ManifestDraft dropAll(ManifestDraft draft, long wallMs) throws ObjectStoreException {
    long tieredOffset = draft.manifest().tieredOffset();
    ManifestDraft dropped = drop(draft, tieredOffset, wallMs);
    return dropped.manifest().segmentCount() > 0
        ? dropped
        : dropped.restartAt(Math.min(tieredOffset, replica.view().logStartOffset()));
  }

  private @Nullable ManifestLeaf oldestLeaf(Manifest manifest, long below)
      throws ObjectStoreException {
    if (manifest.leaves().isEmpty() || manifest.leaves().getFirst().firstOffset() >= below) {
      return null;
    }
    return shop.tier().manifests().leaf(id, manifest.leaves().getFirst());
  }

  private boolean commit(Lead lead, ManifestDraft draft, Optional<Stored> stored)
      throws UnansweredException, ObjectStoreException, FencedException, StaleManifestException {
    return isWorthIt(lead, draft) && write(lead, draft, stored);
  }

  /** Marking the parent and dropping keys wait for a commit that something else needs. */
  private boolean isWorthIt(Lead lead, ManifestDraft draft) {
    Manifest before = lead.manifest();
    int marks =
        draft.manifest().pendingDeletes().size()
            - withoutGone(lead).manifest().pendingDeletes().size();
    boolean marksOrphans = marks > (lead.pointer() == null ? 0 : 1);
    boolean changes =
        draft.manifest().segmentCount() != before.segmentCount()
            || draft.manifest().tieredOffset() != before.tieredOffset();
    boolean needsRoom =
        !lead.pending().gone().isEmpty()
            && before.pendingDeletes().size() > Manifest.MAX_PENDING_DELETES - LITTLE_ROOM;
    return changes || marksOrphans || needsRoom;
  }

  private boolean write(Lead lead, ManifestDraft draft, Optional<Stored> stored)
      throws UnansweredException, ObjectStoreException, FencedException, StaleManifestException {
    ManifestPointer parent = lead.pointer();
    Uuid uuid = shop.platform().freshUuid();
    long version = parent == null ? 1 : parent.version() + 1;
    strays.putting(shop.tier().keys().manifest(id.topicId(), id.partition(), version, uuid));
    draft
        .sealed()
        .forEach(leaf ->
            strays.putting(
                shop.tier()
                    .keys()
                    .leaf(id.topicId(), id.partition(), leaf.baseOffset(), leaf.uuid())));
    WrittenManifest written = shop.tier().objects().write(draft, parent, lead.leaderEpoch(), uuid);
    switch (shop.committer().commit(id, lead.leaderEpoch(), parent, written.pointer())) {
      case COMMITTED -> committed(lead, written, stored);
      case STALE -> {
        shop.metrics().committed("stale");
        throw new StaleManifestException(id, version);
      }
      case FENCED -> {
        shop.metrics().committed("fenced");
        throw new FencedException(id, lead.leaderEpoch());
      }
    }
    return true;
  }

  private void committed(Lead lead, WrittenManifest written, Optional<Stored> stored)
      throws UnansweredException, ObjectStoreException {
    shop.metrics().committed("committed");
    shop.tier().manifests().put(id, written);
    Manifest manifest = written.manifest();
    lead.committed(
        written.pointer(), manifest, oldestNextOffset(manifest), shop.platform().nowMs());
    strays.settled(shop.sweep().rootNames(id, manifest));
    stored.ifPresent(s ->
        log.debug(
            "Uploaded {} [{}, {}), {} bytes, manifest {}",
            id,
            s.segment().baseOffset(),
            s.segment().nextOffset(),
            s.segment().objectBytes(),
            manifest.version()));
    tell(manifest.tieredOffset());
  }

  /** The offset goes back only when tiering was switched off and everything dropped. */
  private void tell(long tieredOffset) throws UnansweredException {
    boolean goesBack = tieredOffset < replica.view().tieredOffset();
    shop.replicaWait()
        .join(
            goesBack ? replica.tierRestartedAt(tieredOffset) : replica.tieredTo(tieredOffset),
            "telling the tiered offset to " + id);
  }

  /** The topic is deleted: what an upload of ours put too late would stay for ever. */
  void removeStrays() throws ObjectStoreException {
    if (!strays.isEmpty()) {
      shop.tier().store().delete(strays.keys());
      strays.settled(strays.keys());
    }
  }

  private String key(RemoteSegment segment) {
    return segment.key(shop.tier().keys(), id.topicId(), id.partition());
  }

  private long oldestNextOffset(Manifest manifest) throws ObjectStoreException {
    if (manifest.leaves().isEmpty()) {
      return manifest.segments().isEmpty()
          ? Long.MAX_VALUE
          : manifest.segments().getFirst().nextOffset();
    }
    LeafReference oldest = manifest.leaves().getFirst();
    return shop.tier().manifests().leaf(id, oldest).segments().get(oldest.dropped()).nextOffset();
  }
}
