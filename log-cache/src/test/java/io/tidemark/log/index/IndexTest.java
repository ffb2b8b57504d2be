package io.tidemark.log.index;

import static io.tidemark.log.GoldenBytes.assertBytes;
import static io.tidemark.log.GoldenBytes.assertDamageIsNoticed;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.log.GoldenBytes;
import io.tidemark.log.producer.AbortedTransaction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class IndexTest {

  private static ActiveIndex sample() {
    ActiveIndex index = new ActiveIndex();
    index.add(0, 0, 100, 1000, 150);
    index.add(5, 100, 100, 900, 150);
    index.add(9, 200, 100, 1100, 150);
    index.add(12, 300, 100, 1200, 150);
    index.add(new AbortedTransaction(7, 3, 9, 4));
    return index;
  }

  @Test
  void anEntryComesAfterEachInterval() {
    ActiveIndex index = sample();

    assertBytes(index.entries(IndexKind.OFFSET), "00000009 000000c8");
    assertThat(index.floorPosition(8)).isZero();
    assertThat(index.floorPosition(9)).isEqualTo(200);
    assertThat(index.floorPosition(500)).isEqualTo(200);
  }

  @Test
  void theTimeIndexEndsWithTheLargestTime() {
    ActiveIndex index = sample();

    assertBytes(
        index.entries(IndexKind.TIME), "00000000000003e8 00000000  00000000000004b0 0000000c");
    assertThat(index.floorOffset(1000)).isZero();
    assertThat(index.floorOffset(1150)).isZero();
    assertThat(index.maxTimestampMs()).isEqualTo(1200);
    assertThat(index.maxTimestampOffset()).isEqualTo(12);
  }

  @Test
  void abortedTransactionsAreKeptInTheOrderOfTheirMarkers() {
    assertBytes(
        sample().entries(IndexKind.TRANSACTION),
        "0000000000000007 0000000000000003 0000000000000009 0000000000000004");
  }

  @Test
  void theFileHasAHeadByWhichDamageAndStalenessAreKnown() {
    ByteBuffer file = IndexFile.encode(IndexKind.OFFSET, sample().entries(IndexKind.OFFSET), 400);

    assertBytes(file, "544d4958 01 00 0000 4f367dc6 00000001 0000000000000190 00000009 000000c8");
    byte[] bytes = GoldenBytes.bytes(file);
    assertThat(IndexFile.decode(IndexKind.OFFSET, bytes, 400))
        .isEqualTo(sample().entries(IndexKind.OFFSET));
    assertThat(IndexFile.decode(IndexKind.OFFSET, bytes, 401)).isNull();
    assertThat(IndexFile.decode(IndexKind.TIME, bytes, 400)).isNull();
  }

  @Test
  void noFlippedBitAndNoCutPasses() {
    ByteBuffer file = IndexFile.encode(IndexKind.TIME, sample().entries(IndexKind.TIME), 400);
    assertDamageIsNoticed(file, damaged -> IndexFile.decode(IndexKind.TIME, damaged, 400) != null);
  }

  @Test
  void aFrozenIndexAnswersAsTheActiveOneAndCanBeTakenUpAgain() {
    SplittableRandom random = new SplittableRandom(11);
    ActiveIndex index = new ActiveIndex();
    TreeMap<Integer, Integer> positions = new TreeMap<>();
    int offset = 0;
    int position = 0;
    for (int i = 0; i < 500; i++) {
      int sizeBytes = 61 + random.nextInt(200);
      index.add(offset, position, sizeBytes, 1000 + random.nextInt(50) + 3L * i, 300);
      positions.put(offset, position);
      offset += 1 + random.nextInt(5);
      position += sizeBytes;
    }
    SegmentIndexes frozen = index.freeze();
    ActiveIndex resumed = ActiveIndex.resume(frozen);
    for (int wanted = 0; wanted < offset; wanted++) {
      assertThat(frozen.floorPosition(wanted)).isEqualTo(index.floorPosition(wanted));
      assertThat(resumed.floorPosition(wanted)).isEqualTo(index.floorPosition(wanted));
      assertThat(index.floorPosition(wanted))
          .isLessThanOrEqualTo(positions.floorEntry(wanted).getValue());
      assertThat(positions).containsValue(index.floorPosition(wanted));
    }
    for (long ms = 900; ms <= index.maxTimestampMs(); ms += 7) {
      assertThat(frozen.floorOffset(ms)).isEqualTo(index.floorOffset(ms));
    }
    assertThat(resumed.maxTimestampMs()).isEqualTo(index.maxTimestampMs());
    assertThat(frozen.maxTimestampOffset()).isEqualTo(index.maxTimestampOffset());
  }

  @Test
  void anIndexIsFullBeforeItPassesItsSize() {
    ActiveIndex index = new ActiveIndex();
    for (int i = 0; !index.isFull(80); i++) {
      index.add(i, 100 * i, 100, i, 0);
    }
    assertThat(index.entries(IndexKind.OFFSET).remaining()).isLessThanOrEqualTo(80);
    assertThat(index.entries(IndexKind.TIME).remaining()).isLessThanOrEqualTo(80);
  }

  @Test
  void theCacheForgetsWhatDoesNotFit() throws IOException {
    IndexCache cache = new IndexCache(2000);
    int[] loads = new int[1];
    for (int i = 0; i < 50; i++) {
      cache.get(
          i,
          () -> {
            loads[0]++;
            return sample().freeze();
          });
    }
    assertThat(loads[0]).isEqualTo(50);
    assertThat(cache.sizeBytes()).isLessThanOrEqualTo(2000);
  }
}
