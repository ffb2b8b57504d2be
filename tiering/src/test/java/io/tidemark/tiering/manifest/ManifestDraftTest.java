package io.tidemark.tiering.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.log.epoch.EpochEntry;
import io.tidemark.tiering.store.ObjectKeys;
import java.util.List;
import java.util.Set;
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
}
