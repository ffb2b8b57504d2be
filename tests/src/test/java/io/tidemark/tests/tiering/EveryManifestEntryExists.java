package io.tidemark.tests.tiering;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.tiering.manifest.RemoteSegment;
import io.tidemark.tiering.segment.SegmentTail;
import io.tidemark.tiering.store.ObjectStoreException;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.TopicIdPartition;

/**
 * Every object that a committed manifest lists is in the store and is what the manifest says, and
 * the segments follow one another without a hole. (I9)
 */
final class EveryManifestEntryExists implements Theorem {
  /** Objects are immutable: what was good once needs only be there. */
  private final Set<String> known = new HashSet<>();

  @Override
  public void check(TierWorld world, TopicIdPartition partition) {
    ColdLog cold = ColdLog.of(world, partition);
    long expected = cold.manifest().firstOffset();
    for (RemoteSegment segment : cold.segments()) {
      assertThat(segment.baseOffset()).as("a segment of %s", partition).isEqualTo(expected);
      expected = segment.nextOffset();
      try {
        assertThat(world.store().head(cold.key(segment)))
            .hasValueSatisfying(
                info -> assertThat(info.sizeBytes()).isEqualTo(segment.objectBytes()));
        if (!known.add(cold.key(segment))) {
          continue;
        }
        SegmentTail tail = cold.tail(segment);
        assertThat(tail.footerCrc32c()).isEqualTo(segment.footerCrc32c());
        assertThat(tail.footer().baseOffset()).isEqualTo(segment.baseOffset());
        assertThat(tail.footer().nextOffset()).isEqualTo(segment.nextOffset());
      } catch (ObjectStoreException e) {
        throw new AssertionError("segment " + cold.key(segment), e);
      }
    }
    assertThat(expected).as("the end of %s", partition).isEqualTo(cold.manifest().tieredOffset());
  }
}
