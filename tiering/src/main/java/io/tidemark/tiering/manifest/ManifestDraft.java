package io.tidemark.tiering.manifest;

import io.tidemark.log.epoch.EpochEntry;
import io.tidemark.tiering.store.ObjectKeys;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The next version of a manifest in the making: the manifest as it will be, and the leaves that
 * were sealed on the way and must be stored before it. Immutable; every function returns a new
 * draft and is pure.
 */
public record ManifestDraft(ObjectKeys keys, Manifest manifest, List<ManifestLeaf> sealed) {
  public ManifestDraft {
    sealed = List.copyOf(sealed);
  }

  public static ManifestDraft from(ObjectKeys keys, Manifest current) {
    return new ManifestDraft(keys, current, List.of());
  }

  /** Room for more pending deletes. */
  public int pendingRoom() {
    return Manifest.MAX_PENDING_DELETES - manifest.pendingDeletes().size();
  }

  /**
   * Appends a segment that begins at the tiered offset (or above it where nothing is listed, so
   * that a log whose start moved past the tier can go on), with the epochs that wrote it (those of
   * {@code ClosedSegment.lineage}, or any longer lineage). A root that is full is sealed into a
   * leaf named {@code leafUuid} first.
   *
   * @throws IllegalArgumentException when the segment overlaps or leaves a gap
   */
  public ManifestDraft add(RemoteSegment segment, List<EpochEntry> lineage, Uuid leafUuid) {
    long end = manifest.tieredOffset();
    boolean isEmpty = manifest.segments().isEmpty() && manifest.leaves().isEmpty();
    if (segment.baseOffset() < end || (segment.baseOffset() > end && !isEmpty)) {
      throw new IllegalArgumentException(
          "segment at " + segment.baseOffset() + " does not follow tiered offset " + end);
    }
    ManifestDraft room =
        manifest.segments().size() < Manifest.LEAF_SEGMENTS ? this : sealRoot(leafUuid);
    List<RemoteSegment> segments = new ArrayList<>(room.manifest.segments());
    segments.add(segment);
    Manifest next =
        room.manifest
            .withSegments(room.manifest.leaves(), segments)
            .withTieredOffset(segment.nextOffset());
    return room.with(trimmed(next.withLineage(manifest.lineageWith(lineage))));
  }

  private ManifestDraft sealRoot(Uuid leafUuid) {
    ManifestLeaf leaf = new ManifestLeaf(leafUuid, manifest.segments());
    List<LeafReference> leaves = new ArrayList<>(manifest.leaves());
    leaves.add(LeafReference.to(leaf, encoded(leaf)));
    List<ManifestLeaf> all = new ArrayList<>(sealed);
    all.add(leaf);
    return new ManifestDraft(keys, manifest.withSegments(leaves, List.of()), all);
  }

  /**
   * Drops the segments that end at or below {@code logStartOffset}, oldest first, as far as there
   * is room, and marks their objects for deletion. Segments of a leaf are dropped when the leaf is
   * given, one leaf per draft; with its last segment the leaf itself goes.
   *
   * @param oldest the content of the oldest leaf; null when there is none or it is to be left alone
   */
  public ManifestDraft dropBelow(long logStartOffset, @Nullable ManifestLeaf oldest, long nowMs) {
    if (manifest.leaves().isEmpty()) {
      return dropFromRoot(logStartOffset, nowMs);
    }
    return oldest == null
        ? this
        : dropFromLeaf(manifest.leaves().getFirst(), oldest, logStartOffset, nowMs);
  }

  private ManifestDraft dropFromRoot(long logStartOffset, long nowMs) {
    List<RemoteSegment> segments = manifest.segments();
    int count = endingBelow(segments, logStartOffset, pendingRoom());
    Manifest next = manifest.withSegments(List.of(), segments.subList(count, segments.size()));
    return with(trimmed(next)).markPending(segmentKeys(segments.subList(0, count)), nowMs);
  }

  private ManifestDraft dropFromLeaf(
      LeafReference reference, ManifestLeaf leaf, long logStartOffset, long nowMs) {
    if (!reference.uuid().equals(leaf.uuid())) {
      throw new IllegalArgumentException("leaf " + leaf.uuid() + " is not the oldest");
    }
    List<RemoteSegment> live = leaf.segments().subList(reference.dropped(), reference.count());
    // The leaf's own object needs a place beside its last segment's.
    int count = endingBelow(live, logStartOffset, pendingRoom() - 1);
    List<String> gone = segmentKeys(live.subList(0, count));
    List<LeafReference> leaves = new ArrayList<>(manifest.leaves());
    if (count < live.size()) {
      leaves.set(0, reference.withoutFirst(live.subList(0, count)));
    } else {
      leaves.removeFirst();
      gone.add(keys.leaf(manifest.topicId(), manifest.partition(), leaf.baseOffset(), leaf.uuid()));
    }
    return with(trimmed(manifest.withSegments(leaves, manifest.segments())))
        .markPending(gone, nowMs);
  }

  private static Manifest trimmed(Manifest next) {
    return next.withLineage(
        LineageTrim.between(next.lineage(), next.firstOffset(), next.tieredOffset()));
  }

  private static int endingBelow(List<RemoteSegment> segments, long offset, int atMost) {
    int count = 0;
    while (count < segments.size()
        && count < atMost
        && segments.get(count).nextOffset() <= offset) {
      count++;
    }
    return count;
  }

  private List<String> segmentKeys(List<RemoteSegment> segments) {
    List<String> names = new ArrayList<>(segments.size() + 1);
    segments.forEach(
        segment -> names.add(segment.key(keys, manifest.topicId(), manifest.partition())));
    return names;
  }

  /** Places among pending deletes that a swap needs. */
  public int roomFor(SegmentSwap swap) {
    return swap.old().size() + SwapPlan.of(manifest, swap).touched(manifest).size();
  }

  /** Leaves whose content {@link #swap} needs. */
  public List<LeafReference> leavesOf(SegmentSwap swap) {
    return SwapPlan.of(manifest, swap).touched(manifest);
  }

  /**
   * Puts segments in the place of others and marks those for deletion, with the leaves that listed
   * them; there must be room for that. Empty when the old ones are not all listed any more, or a
   * new one is marked for deletion already.
   *
   * @param contents of {@link #leavesOf}, in order
   * @param uuids names new leaves
   */
  public Optional<ManifestDraft> swap(
      SegmentSwap swap, List<ManifestLeaf> contents, Supplier<Uuid> uuids, long nowMs) {
    long compactedTo = Math.max(manifest.compactedTo(), swap.compactedTo());
    if (swap.old().isEmpty()) {
      return Optional.of(with(manifest.withCompactedTo(compactedTo)));
    }
    SwapPlan plan = SwapPlan.of(manifest, swap);
    List<RemoteSegment> next = SwapPlan.swapped(listed(plan, contents), swap);
    if (next.isEmpty() || !Collections.disjoint(segmentKeys(swap.fresh()), marked())) {
      return Optional.empty();
    }
    return Optional.of(
        relisted(plan, next, uuids)
            .with(m -> m.withCompactedTo(compactedTo))
            .markPending(segmentKeys(swap.old()), nowMs)
            .markPending(leafKeys(plan.touched(manifest)), nowMs));
  }

  private List<RemoteSegment> listed(SwapPlan plan, List<ManifestLeaf> contents) {
    List<RemoteSegment> listed = new ArrayList<>();
    List<LeafReference> touched = plan.touched(manifest);
    for (int i = 0; i < touched.size(); i++) {
      LeafReference reference = touched.get(i);
      if (!reference.uuid().equals(contents.get(i).uuid())) {
        throw new IllegalArgumentException("leaf " + contents.get(i).uuid() + " is another");
      }
      listed.addAll(contents.get(i).segments().subList(reference.dropped(), reference.count()));
    }
    if (plan.takesRoot()) {
      listed.addAll(manifest.segments());
    }
    return listed;
  }

  /** The manifest with these segments in the place of what the plan writes anew. */
  private ManifestDraft relisted(SwapPlan plan, List<RemoteSegment> next, Supplier<Uuid> uuids) {
    int inLeaves = next.size() - plan.rootSegments(next.size());
    List<ManifestLeaf> all = new ArrayList<>(sealed);
    List<LeafReference> leaves = new ArrayList<>(manifest.leaves().subList(0, plan.firstLeaf()));
    for (int at = 0; at < inLeaves; at += Manifest.LEAF_SEGMENTS) {
      int end = Math.min(inLeaves, at + Manifest.LEAF_SEGMENTS);
      ManifestLeaf leaf = new ManifestLeaf(uuids.get(), next.subList(at, end));
      all.add(leaf);
      leaves.add(LeafReference.to(leaf, encoded(leaf)));
    }
    leaves.addAll(manifest.leaves().subList(plan.endLeaf(), manifest.leaves().size()));
    List<RemoteSegment> root =
        plan.takesRoot() ? next.subList(inLeaves, next.size()) : manifest.segments();
    return new ManifestDraft(keys, manifest.withSegments(leaves, root), all);
  }

  private byte[] encoded(ManifestLeaf leaf) {
    return new ManifestCodec(keys).encodeLeaf(manifest.topicId(), manifest.partition(), leaf);
  }

  private List<String> leafKeys(List<LeafReference> leaves) {
    return leaves.stream()
        .map(leaf ->
            keys.leaf(manifest.topicId(), manifest.partition(), leaf.baseOffset(), leaf.uuid()))
        .toList();
  }

  private Set<String> marked() {
    Set<String> marked = new HashSet<>();
    manifest.pendingDeletes().forEach(delete -> marked.add(delete.key()));
    return marked;
  }

  /**
   * Lets a manifest that lists nothing go on from another offset, lower too: tiering was switched
   * off, all of it dropped, and what the hot logs still have may be uploaded again later.
   *
   * @throws IllegalStateException when something is listed
   */
  public ManifestDraft restartAt(long offset) {
    if (!manifest.segments().isEmpty() || !manifest.leaves().isEmpty()) {
      throw new IllegalStateException("segments are listed from " + manifest.firstOffset());
    }
    return with(manifest.withTieredOffset(offset).withLineage(List.of()));
  }

  /** Marks objects for deletion, those already marked and those past the room left out. */
  public ManifestDraft markPending(List<String> objectKeys, long nowMs) {
    Set<String> marked = marked();
    List<PendingDelete> pending = new ArrayList<>(manifest.pendingDeletes());
    for (String key : objectKeys) {
      if (pending.size() < Manifest.MAX_PENDING_DELETES && marked.add(key)) {
        pending.add(new PendingDelete(key, nowMs));
      }
    }
    return with(manifest.withPendingDeletes(pending));
  }

  /** Forgets pending deletes: their objects are gone. */
  public ManifestDraft dropPending(Set<String> objectKeys) {
    return with(
        manifest.withPendingDeletes(
            manifest.pendingDeletes().stream()
                .filter(delete -> !objectKeys.contains(delete.key()))
                .toList()));
  }

  /** The manifest as the version after {@code parent}. */
  Manifest committedAs(@Nullable ManifestPointer parent, int leaderEpoch, Uuid uuid) {
    long version = parent == null ? ManifestCommits.NO_PARENT + 1 : parent.version() + 1;
    return manifest.as(version, uuid, parent, leaderEpoch);
  }

  /** Marks the manifest that this draft replaces: nobody needs it once this one is committed. */
  public ManifestDraft markParent(ManifestPointer parent, long nowMs) {
    return markPending(
        List.of(
            keys.manifest(
                manifest.topicId(), manifest.partition(), parent.version(), parent.uuid())),
        nowMs);
  }

  private ManifestDraft with(UnaryOperator<Manifest> change) {
    return with(change.apply(manifest));
  }

  private ManifestDraft with(Manifest next) {
    return new ManifestDraft(keys, next, sealed);
  }
}
