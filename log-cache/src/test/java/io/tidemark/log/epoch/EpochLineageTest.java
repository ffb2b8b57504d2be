package io.tidemark.log.epoch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.log.GoldenBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class EpochLineageTest {
  private final EpochLineage lineage = EpochLineage.EMPTY.begin(2, 10).begin(3, 20).begin(6, 50);

  @Test
  void anEpochEndsWhereTheNextGreaterBegins() {
    assertThat(lineage.endOffsetFor(2, 99)).isEqualTo(new EpochEnd(2, 20));
    assertThat(lineage.endOffsetFor(4, 99)).isEqualTo(new EpochEnd(3, 50));
    assertThat(lineage.endOffsetFor(6, 99)).isEqualTo(new EpochEnd(6, 99));
    assertThat(lineage.endOffsetFor(1, 99)).isEqualTo(new EpochEnd(1, 10));
    assertThat(lineage.endOffsetFor(7, 99)).isEqualTo(EpochEnd.UNDEFINED);
    assertThat(lineage.endOffsetFor(-1, 99)).isEqualTo(EpochEnd.UNDEFINED);
    assertThat(EpochLineage.EMPTY.endOffsetFor(0, 99).isDefined()).isFalse();
  }

  @Test
  void anOffsetHasTheEpochThatWroteIt() {
    assertThat(lineage.epochOf(9)).isEmpty();
    assertThat(lineage.epochOf(10)).hasValue(2);
    assertThat(lineage.epochOf(49)).hasValue(3);
    assertThat(lineage.epochOf(1000)).hasValue(6);
  }

  @Test
  void onlyNewerEpochsBeginAndEmptyOnesGo() {
    assertThat(lineage.begin(6, 60)).isSameAs(lineage);
    assertThat(lineage.begin(5, 60)).isSameAs(lineage);
    assertThat(lineage.begin(-1, 60)).isSameAs(lineage);
    assertThat(lineage.begin(7, 50).entries())
        .containsExactly(new EpochEntry(2, 10), new EpochEntry(3, 20), new EpochEntry(7, 50));
    assertThat(lineage.latestEpoch()).hasValue(6);
  }

  @Test
  void truncationCutsEitherEnd() {
    assertThat(lineage.truncateFromEnd(50).entries()).hasSize(2);
    assertThat(lineage.truncateFromEnd(51)).isSameAs(lineage);
    assertThat(lineage.truncateFromEnd(0).entries()).isEmpty();
    assertThat(lineage.truncateFromStart(30).entries())
        .containsExactly(new EpochEntry(3, 30), new EpochEntry(6, 50));
    assertThat(lineage.truncateFromStart(50).entries()).containsExactly(new EpochEntry(6, 50));
    assertThat(lineage.truncateFromStart(70).entries()).containsExactly(new EpochEntry(6, 70));
    assertThat(lineage.truncateFromStart(10)).isSameAs(lineage);
    assertThat(lineage.between(15, 50).entries())
        .containsExactly(new EpochEntry(2, 15), new EpochEntry(3, 20));
  }

  @Test
  void entriesMustRise() {
    assertThatThrownBy(() -> EpochLineage.of(List.of(new EpochEntry(2, 10), new EpochEntry(2, 20))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> EpochLineage.of(List.of(new EpochEntry(2, 10), new EpochEntry(3, 10))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theCheckpointIsReadable() {
    ByteBuffer bytes = EpochCheckpoint.encode(lineage);

    assertThat(StandardCharsets.US_ASCII.decode(bytes.duplicate()).toString())
        .isEqualTo("1\n3\n2 10\n3 20\n6 50\ncrc32c 2fd78aa2\n");
    assertThat(EpochCheckpoint.decode(GoldenBytes.bytes(bytes))).isEqualTo(lineage);
    GoldenBytes.assertDamageIsNoticed(bytes, damaged -> EpochCheckpoint.decode(damaged) != null);
  }
}
