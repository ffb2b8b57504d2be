package io.tidemark.metadata.coordinator.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.metadata.coordinator.CoordinatorRecord;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** The bytes of Kafka's record format, field by field. */
final class TransactionRecordCodecTest {
  private static final String KEY = "0000 0002 6964";
  private static final String HEAD = "0000000000000007 0003 0000ea60";
  private static final String TIMES = "00000000000003e8 0000000000000384";

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  private static String hex(ByteBuffer buffer) {
    byte[] copy = new byte[buffer.remaining()];
    buffer.duplicate().get(copy);
    return HexFormat.of().formatHex(copy);
  }

  private static TransactionMetadata metadata(
      TransactionState state, long previous, long next, int clientVersion, int... partitions) {
    SortedSet<TopicPartition> all = TransactionMetadata.noPartitions();
    for (int partition : partitions) {
      all.add(new TopicPartition("t", partition));
    }
    return new TransactionMetadata(
        7, previous, next, (short) 3, 60_000, state, all, 900, 1_000, (short) clientVersion);
  }

  private static void assertWrites(TransactionMetadata metadata, boolean isCompact, String value) {
    CoordinatorRecord record = TransactionRecordCodec.encode("id", metadata, isCompact, 5);
    assertThat(hex(record.key())).isEqualTo(KEY.replace(" ", ""));
    ByteBuffer written = Objects.requireNonNull(record.value());
    assertThat(hex(written)).isEqualTo(value.replace(" ", ""));
    assertThat(TransactionRecordCodec.kindOf(record)).isEqualTo(TransactionRecordCodec.KEY_KIND);
    assertThat(TransactionRecordCodec.id(record)).isEqualTo("id");
    assertThat(TransactionRecordCodec.value(written)).isEqualTo(metadata);
  }

  @Test
  void anOpenTransactionIsWrittenInVersion1() {
    assertWrites(
        metadata(TransactionState.ONGOING, 5, -1, 2, 2, 0),
        true,
        "0001"
            + HEAD
            + "01 02 0274 03 00000000 00000002 00"
            + TIMES
            + "02 00 08 0000000000000005 02 02 0002");
  }

  @Test
  void aPreparedEndKnowsTheNextProducer() {
    assertWrites(
        metadata(TransactionState.PREPARE_COMMIT, -1, 9, 2, 1),
        true,
        "0001"
            + HEAD
            + "02 02 0274 02 00000001 00"
            + TIMES
            + "02 01 08 0000000000000009 02 02 0002");
  }

  @Test
  void anEmptyIdHasNoPartitionsAtAll() {
    assertWrites(
        metadata(TransactionState.EMPTY, -1, -1, 0), true, "0001" + HEAD + "00 00" + TIMES + "00");
    assertWrites(
        metadata(TransactionState.COMPLETE_ABORT, -1, -1, 0),
        true,
        "0001" + HEAD + "05 01" + TIMES + "00");
  }

  @Test
  void aClusterOfLevel0WritesVersion0WhereNothingIsLostByIt() {
    assertWrites(
        metadata(TransactionState.ONGOING, -1, -1, 0, 2, 0),
        false,
        "0000" + HEAD + "01 00000001 0001 74 00000002 00000000 00000002" + TIMES);
    assertWrites(
        metadata(TransactionState.EMPTY, -1, -1, 0), false, "0000" + HEAD + "00 ffffffff" + TIMES);
    assertWrites(
        metadata(TransactionState.EMPTY, 5, -1, 0),
        false,
        "0001" + HEAD + "00 00" + TIMES + "01 00 08 0000000000000005");
  }

  @Test
  void unknownTaggedFieldsArePassedOver() {
    assertThat(
            TransactionRecordCodec.value(
                ByteBuffer.wrap(
                    bytes("0001" + HEAD + "00 00" + TIMES + "02 02 02 0002 03 02 0007"))))
        .isEqualTo(metadata(TransactionState.EMPTY, -1, -1, 2));
  }

  @Test
  void aTombstoneHasNoValue() {
    assertThat(TransactionRecordCodec.encode("id", null, true, 5).value()).isNull();
  }

  @Test
  void damageIsNoticedAndNeverAllocatesWhatIsNotThere() {
    for (String damaged :
        List.of(
            "",
            "0002" + HEAD,
            "0001" + HEAD,
            "0001" + HEAD + "09 00" + TIMES + "00",
            "0001" + HEAD + "01 ffffffff07" + TIMES + "00",
            "0000" + HEAD + "01 7fffffff" + TIMES)) {
      assertThatThrownBy(() -> TransactionRecordCodec.value(ByteBuffer.wrap(bytes(damaged))))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() ->
            TransactionRecordCodec.id(
                new CoordinatorRecord(ByteBuffer.wrap(bytes("0000 0009 69")), null, 0)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
