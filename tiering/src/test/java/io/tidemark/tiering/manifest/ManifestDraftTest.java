package io.tidemark.tiering.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.log.epoch.EpochEntry;
import io.tidemark.tiering.store.ObjectKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

final class ManifestDraftTest {
  private static final ObjectKeys KEYS = new ObjectKeys("cluster");
  private static final Uuid TOPIC = new Uuid(11, 22);
  private static final int PARTITION = 4;
  private static final long NOW_MS = 1_700_000_000_000L;

  static RemoteSegment segment(long baseOffset, long nextOffset) {
    return new RemoteSegment(
        baseOffset,
        nextOffset,
        7,
        new Uuid(baseOffset, ~baseOffset),
        900,
        1_000,
        (int) baseOffset,
        NOW_MS + nextOffset,
        false,
        NOW_MS);
  }

  /** {@code count} segments of ten offsets each. */
  static ManifestDraft withSegments(int count) {
    ManifestDraft draft = ManifestDraft.from(KEYS, Manifest.empty(TOPIC, PARTITION));
    for (int i = 0; i < count; i++) {
      draft =
          draft.add(
              segment(i * 10L, i * 10L + 10),
              List.of(new EpochEntry(i / 100, i * 10L)),
              new Uuid(5, i));
    }
    return draft;
  }

  private static ManifestLeaf leafOf(ManifestDraft draft, int index) {
    return draft.sealed().get(index);
  }

  @Test
  void segmentsFollowOneAnother() {
    Manifest manifest = withSegments(3).manifest();
    assertThat(manifest.firstOffset()).isZero();
    assertThat(manifest.tieredOffset()).isEqualTo(30);
    assertThat(manifest.segmentCount()).isEqualTo(3);
    assertThat(manifest.totalBytes()).isEqualTo(3_000);
  }

  @Test
  void overlapsAndGapsAreRefused() {
    ManifestDraft draft = withSegments(3);
    for (long base : new long[] {0, 29, 31}) {
      assertThatThrownBy(() -> draft.add(segment(base, base + 5), List.of(), Uuid.ONE_UUID))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void anEmptyManifestMayGoOnAboveItsTieredOffset() {
    ManifestDraft emptied = withSegments(3).dropBelow(30, null, NOW_MS);
    assertThat(emptied.manifest().segments()).isEmpty();
    assertThat(emptied.manifest().tieredOffset()).isEqualTo(30);
    Manifest next = emptied.add(segment(50, 60), List.of(), Uuid.ONE_UUID).manifest();
    assertThat(next.firstOffset()).isEqualTo(50);
    assertThat(next.tieredOffset()).isEqualTo(60);
  }

  @Test
  void aFullRootIsSealedIntoALeaf() {
    ManifestDraft draft = withSegments(Manifest.LEAF_SEGMENTS + 1);
    assertThat(draft.sealed()).hasSize(1);
    assertThat(draft.manifest().segments()).hasSize(1);
    LeafReference leaf = draft.manifest().leaves().getFirst();
    assertThat(leaf.count()).isEqualTo(Manifest.LEAF_SEGMENTS);
    assertThat(leaf.baseOffset()).isZero();
    assertThat(leaf.nextOffset()).isEqualTo(Manifest.LEAF_SEGMENTS * 10L);
    assertThat(leaf.maxTimestampMs()).isEqualTo(NOW_MS + leaf.nextOffset());
    assertThat(draft.manifest().segmentCount()).isEqualTo(Manifest.LEAF_SEGMENTS + 1);
    assertThat(draft.manifest().totalBytes()).isEqualTo((Manifest.LEAF_SEGMENTS + 1) * 1_000L);
  }

  @Test
  void whatEndsBelowTheLogStartIsDroppedAndMarked() {
    ManifestDraft draft = withSegments(5).dropBelow(29, null, NOW_MS);
    assertThat(draft.manifest().firstOffset()).isEqualTo(20);
    assertThat(draft.manifest().pendingDeletes())
        .containsExactly(
            new PendingDelete(segment(0, 10).key(KEYS, TOPIC, PARTITION), NOW_MS),
            new PendingDelete(segment(10, 20).key(KEYS, TOPIC, PARTITION), NOW_MS));
    assertThat(draft.dropBelow(29, null, NOW_MS + 1)).isEqualTo(draft);
  }

  @Test
  void segmentsOfALeafGoOneByOneAndThenTheLeaf() {
    ManifestDraft full = withSegments(600);
    ManifestLeaf leaf = leafOf(full, 0);

    ManifestDraft some = full.dropBelow(95, leaf, NOW_MS);
    assertThat(some.manifest().firstOffset()).isEqualTo(90);
    assertThat(some.manifest().leaves().getFirst().dropped()).isEqualTo(9);
    assertThat(some.manifest().totalBytes()).isEqualTo(591_000);
    assertThat(some.manifest().pendingDeletes()).hasSize(9);

    ManifestDraft room =
        some.dropPending(
            Set.copyOf(some.manifest().pendingDeletes().stream().map(PendingDelete::key).toList()));
    ManifestDraft most = room.dropBelow(5_500, leaf, NOW_MS);
    assertThat(most.manifest().leaves()).isEmpty();
    assertThat(most.manifest().firstOffset()).isEqualTo(5_120);
    assertThat(most.manifest().pendingDeletes()).hasSize(512 - 9 + 1);
    assertThat(most.manifest().pendingDeletes().getLast().key())
        .isEqualTo(KEYS.leaf(TOPIC, PARTITION, 0, leaf.uuid()));
  }

  @Test
  void withoutTheLeafNothingBehindItIsDropped() {
    ManifestDraft full = withSegments(600);
    assertThat(full.dropBelow(5_500, null, NOW_MS)).isEqualTo(full);
  }

  @Test
  void noMoreIsDroppedThanThereIsRoomToMark() {
    ManifestDraft full = withSegments(600);
    List<String> others = LongStream.range(0, 500).mapToObj(i -> "cluster/x/" + i).toList();
    ManifestDraft crowded = full.markPending(others, NOW_MS);
    assertThat(crowded.pendingRoom()).isEqualTo(12);
    ManifestDraft dropped = crowded.dropBelow(5_500, leafOf(full, 0), NOW_MS);
    assertThat(dropped.manifest().firstOffset()).isEqualTo(110);
    assertThat(dropped.manifest().pendingDeletes()).hasSize(511);
    ManifestDraft again = dropped.dropBelow(5_500, leafOf(full, 0), NOW_MS);
    assertThat(again.manifest().segmentCount() + again.manifest().pendingDeletes().size())
        .isEqualTo(600 + 500);
  }

  @Test
  void markingTwiceMarksOnce() {
    ManifestDraft draft =
        withSegments(1)
            .markPending(List.of("cluster/a", "cluster/b"), NOW_MS)
            .markPending(List.of("cluster/b", "cluster/c"), NOW_MS + 5);
    assertThat(draft.manifest().pendingDeletes())
        .containsExactly(
            new PendingDelete("cluster/a", NOW_MS),
            new PendingDelete("cluster/b", NOW_MS),
            new PendingDelete("cluster/c", NOW_MS + 5));
    assertThat(draft.dropPending(Set.of("cluster/a", "cluster/c")).manifest().pendingDeletes())
        .containsExactly(new PendingDelete("cluster/b", NOW_MS));
  }

  @Test
  void theLineageGrowsWithSegmentsAndShrinksWithTheLogStart() {
    ManifestDraft draft = withSegments(350);
    assertThat(draft.manifest().lineage())
        .containsExactly(
            new EpochEntry(0, 0),
            new EpochEntry(1, 1_000),
            new EpochEntry(2, 2_000),
            new EpochEntry(3, 3_000));
    assertThat(draft.dropBelow(1_500, null, NOW_MS).manifest().lineage())
        .containsExactly(
            new EpochEntry(1, 1_000), new EpochEntry(2, 2_000), new EpochEntry(3, 3_000));
  }

  @Test
  void aManifestKnowsItsParentAndVersion() {
    ManifestPointer parent = new ManifestPointer(41, new Uuid(1, 1), 5, 6, 7);
    Manifest next = withSegments(1).committedAs(parent, 9, new Uuid(2, 2));
    assertThat(next.version()).isEqualTo(42);
    assertThat(next.parent()).isEqualTo(parent);
    assertThat(next.leaderEpoch()).isEqualTo(9);
    assertThat(withSegments(1).committedAs(null, 9, new Uuid(2, 2)).version()).isEqualTo(1);
  }

  /** One segment over all the offsets of others. */
  private static SegmentSwap merging(List<RemoteSegment> old, long compactedTo) {
    RemoteSegment fresh =
        new RemoteSegment(
            old.getFirst().baseOffset(),
            old.getLast().nextOffset(),
            8,
            new Uuid(77, old.getFirst().baseOffset()),
            500,
            600,
            0,
            NOW_MS,
            false,
            NOW_MS);
    return new SegmentSwap(old, List.of(fresh), compactedTo);
  }

  private static ManifestDraft swapped(ManifestDraft draft, SegmentSwap swap) {
    List<ManifestLeaf> contents =
        draft.leavesOf(swap).stream()
            .map(reference ->
                draft.sealed().stream()
                    .filter(leaf -> leaf.uuid().equals(reference.uuid()))
                    .findFirst()
                    .orElseThrow())
            .toList();
    return draft.swap(swap, contents, Uuid::randomUuid, NOW_MS).orElseThrow();
  }

  /** All that a draft lists, of leaves that it or the one before it sealed. */
  private static List<RemoteSegment> listed(ManifestDraft draft) {
    List<RemoteSegment> listed = new ArrayList<>();
    for (LeafReference reference : draft.manifest().leaves()) {
      ManifestLeaf leaf =
          draft.sealed().stream()
              .filter(each -> each.uuid().equals(reference.uuid()))
              .findFirst()
              .orElseThrow();
      listed.addAll(leaf.segments().subList(reference.dropped(), reference.count()));
    }
    listed.addAll(draft.manifest().segments());
    return listed;
  }

  private static void assertContiguous(ManifestDraft draft, long tieredOffset) {
    long expected = draft.manifest().firstOffset();
    for (RemoteSegment segment : listed(draft)) {
      assertThat(segment.baseOffset()).isEqualTo(expected);
      expected = segment.nextOffset();
    }
    assertThat(expected).isEqualTo(draft.manifest().tieredOffset()).isEqualTo(tieredOffset);
  }

  @Test
  void neighboursInTheRootAreSwapped() {
    ManifestDraft draft = withSegments(6);
    List<RemoteSegment> old = draft.manifest().segments().subList(1, 4);
    ManifestDraft swapped = swapped(draft, merging(old, 40));
    assertContiguous(swapped, 60);
    assertThat(swapped.manifest().segmentCount()).isEqualTo(4);
    assertThat(swapped.manifest().compactedTo()).isEqualTo(40);
    assertThat(swapped.manifest().lineage()).isEqualTo(draft.manifest().lineage());
    assertThat(swapped.manifest().pendingDeletes())
        .extracting(PendingDelete::key)
        .containsExactlyElementsOf(
            old.stream().map(segment -> segment.key(KEYS, TOPIC, PARTITION)).toList());
  }

  @Test
  void aSwapThatTouchesLeavesWritesThemAnew() {
    ManifestDraft draft = withSegments(2 * Manifest.LEAF_SEGMENTS + 100);
    List<RemoteSegment> all = listed(draft);
    for (int[] range : new int[][] {{0, 60}, {500, 530}, {1_010, 1_060}, {1_030, 1_090}}) {
      SegmentSwap swap = merging(all.subList(range[0], range[1]), 0);
      ManifestDraft swapped = swapped(draft, swap);
      assertContiguous(swapped, all.getLast().nextOffset());
      assertThat(listed(swapped)).hasSize(all.size() - (range[1] - range[0]) + 1);
      assertThat(swapped.manifest().pendingDeletes()).hasSize(draft.roomFor(swap));
      assertThat(swapped.manifest().totalBytes())
          .isEqualTo(listed(swapped).stream().mapToLong(RemoteSegment::objectBytes).sum());
    }
  }

  @Test
  void leavesDoNotStaySmallWhenTheirSegmentsBecomeFew() {
    ManifestDraft draft = withSegments(4 * Manifest.LEAF_SEGMENTS);
    while (listed(draft).size() > 64) {
      ManifestDraft cleared = draft.dropPending(keysOf(draft.manifest().pendingDeletes()));
      List<RemoteSegment> all = listed(cleared);
      int first = all.size() / 2 - 32;
      draft = swapped(cleared, merging(all.subList(first, first + 60), 0));
      assertContiguous(draft, 4 * Manifest.LEAF_SEGMENTS * 10L);
    }
    assertThat(draft.manifest().leaves()).isEmpty();
  }

  private static Set<String> keysOf(List<PendingDelete> pending) {
    return pending.stream().map(PendingDelete::key).collect(Collectors.toSet());
  }

  @Test
  void whatIsNotListedAnyMoreIsNotSwapped() {
    ManifestDraft draft = withSegments(6);
    SegmentSwap swap = merging(draft.manifest().segments().subList(0, 3), 30);
    ManifestDraft dropped = draft.dropBelow(10, null, NOW_MS);
    assertThat(dropped.swap(swap, List.of(), () -> Uuid.ONE_UUID, NOW_MS)).isEmpty();
    ManifestDraft marked =
        draft.markPending(List.of(swap.fresh().getFirst().key(KEYS, TOPIC, PARTITION)), NOW_MS);
    assertThat(marked.swap(swap, List.of(), () -> Uuid.ONE_UUID, NOW_MS))
        .as("what waits to be deleted is never referred to")
        .isEmpty();
  }

  @Test
  void whatIsCompactedMayBeNotedAlone() {
    ManifestDraft draft = withSegments(3);
    ManifestDraft noted = swapped(draft, new SegmentSwap(List.of(), List.of(), 20));
    assertThat(noted.manifest()).isEqualTo(draft.manifest().withCompactedTo(20));
    ManifestDraft emptied = noted.dropBelow(30, null, NOW_MS).restartAt(5);
    assertThat(emptied.manifest().compactedTo()).as("it may come again").isEqualTo(5);
  }
}
