package io.tidemark.log.validate;

import static io.tidemark.log.validate.Batches.NOW_MS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidemark.log.AppendOrigin;
import io.tidemark.log.LogConfig;
import io.tidemark.log.ManualTime;
import io.tidemark.log.ProduceValidation;
import io.tidemark.log.record.CompressionSpec;
import io.tidemark.log.record.Records;
import io.tidemark.scenario.Scenario;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a producer may send, and what it is told when it may not. */
class BatchValidatorTest {
  private final BatchValidator validator = new BatchValidator(new ManualTime(NOW_MS));
  private final LogConfig config = LogConfig.DEFAULTS;

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
  void batchesOfEveryCodecAreAcceptedAsTheyAre(String codec) throws Exception {
    ByteBuffer batch =
        Batches.inFrame(Batches.of(Compression.of(codec).build(), Batches.records(100)));
    byte[] before = bytes(batch);

    ValidatedBatches validated = validator.validate(batch, config, AppendOrigin.CLIENT);

    assertThat(validated.recordCount()).isEqualTo(100);
    assertThat(validated.batchCount()).isEqualTo(1);
    assertThat(validated.buffer()).isSameAs(batch);
    assertThat(bytes(batch)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
  void anotherCodecOfTheTopicIsAppliedWithoutLosingAnything(String target) throws Exception {
    LogConfig recompressing = config.toBuilder().compression(CompressionSpec.of(target)).build();
    for (String source : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
      ByteBuffer batch = Batches.of(Compression.of(source).build(), Batches.records(50));

      ValidatedBatches validated = validator.validate(batch, recompressing, AppendOrigin.CLIENT);

      assertThat(Batches.header(validated.buffer()).codecId())
          .isEqualTo(recompressing.compression().codecId());
      assertThat(Batches.header(validated.buffer()).isValidCrc()).isTrue();
      assertThat(texts(validated.buffer())).isEqualTo(texts(batch));
    }
  }

  @Test
  void recompressionKeepsTheProducerAndItsSequence() throws Exception {
    LogConfig recompressing = config.toBuilder().compression(CompressionSpec.of("zstd")).build();

    ByteBuffer result =
        validator
            .validate(
                Batches.idempotent(42, (short) 3, 17, true), recompressing, AppendOrigin.CLIENT)
            .buffer();

    assertThat(Batches.header(result).producerId()).isEqualTo(42);
    assertThat(Batches.header(result).producerEpoch()).isEqualTo((short) 3);
    assertThat(Batches.header(result).baseSequence()).isEqualTo(17);
    assertThat(Batches.header(result).isTransactional()).isTrue();
  }

  @Test
  @Scenario("S-178")
  void aBatchMustBeOneOfFormatTwoAndWhole() {
    ByteBuffer batch = Batches.of(Compression.NONE, Batches.records(3));
    ByteBuffer two = ByteBuffer.allocate(2 * batch.remaining());
    two.put(batch.duplicate()).put(batch.duplicate()).flip();

    assertRefused(Errors.INVALID_RECORD, ByteBuffer.allocate(0), "at least one record batch");
    assertRefused(Errors.INVALID_RECORD, two, "exactly one record batch");
    assertRefused(Errors.INVALID_RECORD, Batches.legacy((byte) 0), "magic version 2");
    assertRefused(Errors.INVALID_RECORD, Batches.legacy((byte) 1), "magic version 2");
    assertRefused(
        Errors.INVALID_RECORD,
        batch.duplicate().limit(batch.limit() - 1).slice(),
        "at least one record batch");
    assertRefused(Errors.CORRUPT_MESSAGE, changed(b -> b.putInt(8, 13)), "minimum record overhead");
    assertRefused(Errors.CORRUPT_MESSAGE, changed(b -> b.putInt(8, -5)), "minimum record overhead");
    assertRefused(Errors.INVALID_RECORD, changed(b -> b.putInt(8, Integer.MAX_VALUE)), "at least");
    assertRefused(Errors.CORRUPT_MESSAGE, changed(b -> b.put(16, (byte) 3)), "Invalid magic");
    assertRefused(Errors.CORRUPT_MESSAGE, changed(b -> b.put(16, (byte) -1)), "Invalid magic");
  }

  @Test
  @Scenario("S-178")
  void aHeaderThatContradictsItselfIsRefused() {
    assertRefused(Errors.CORRUPT_MESSAGE, changed(b -> b.put(70, (byte) 99)), "Record is corrupt");
    assertRefused(Errors.INVALID_RECORD, changed(b -> b.putLong(0, 5)), "baseOffset");
    assertRefused(Errors.INVALID_RECORD, sealed(b -> b.putInt(57, 2)), "Inconsistent batch offset");
    assertRefused(Errors.INVALID_RECORD, sealed(b -> b.putInt(57, -1)), "Invalid reported count");
    assertRefused(Errors.INVALID_RECORD, sealed(b -> b.putInt(23, -1)), "invalid offset range");
    assertRefused(
        Errors.INVALID_RECORD,
        sealed(b -> b.putInt(23, Integer.MAX_VALUE).putInt(57, Integer.MIN_VALUE)),
        "Invalid reported count");
    assertRefused(
        Errors.UNSUPPORTED_COMPRESSION_TYPE,
        sealed(b -> b.putShort(21, (short) 6)),
        "Unknown compression type");
    assertRefused(Errors.INVALID_RECORD, sealed(b -> b.putShort(21, (short) 0x40)), "horizon");
  }

  @Test
  @Scenario("S-178")
  void countsThatDoNotMatchTheRecordsAreRefused() {
    assertRefused(
        Errors.INVALID_RECORD, sealed(b -> b.putInt(57, 4).putInt(23, 3)), "premature EOF");
    assertRefused(
        Errors.INVALID_RECORD,
        sealed(b -> b.putInt(57, 2).putInt(23, 1)),
        "records still remaining");
  }

  @Test
  @Scenario("S-178")
  void controlRecordsAreForCoordinatorsAlone() throws Exception {
    assertRefused(Errors.INVALID_RECORD, Batches.control(), "control records");

    assertThat(
            validator.validate(Batches.control(), config, AppendOrigin.COORDINATOR).recordCount())
        .isEqualTo(1);
  }

  @Test
  @Scenario("S-178")
  void producersMustHaveEpochAndSequence() throws Exception {
    assertRefused(
        Errors.INVALID_RECORD,
        Batches.withCrc(Batches.idempotent(7, (short) 0, 5, false).putInt(53, -1)),
        "Invalid sequence number");
    assertRefused(
        Errors.INVALID_RECORD,
        Batches.withCrc(Batches.idempotent(7, (short) 0, 5, false).putShort(51, (short) -1)),
        "Invalid producer id");
    assertRefused(
        Errors.INVALID_RECORD,
        Batches.withCrc(
            Batches.of(Compression.NONE, Batches.records(1)).putShort(21, (short) 0x10)),
        "must have a producer id");
    validator.validate(
        Batches.idempotent(7, (short) 0, Integer.MAX_VALUE, false), config, AppendOrigin.CLIENT);
  }

  @Test
  void sizesAboveTheTopicsLimitAreRefused() {
    LogConfig small = config.toBuilder().maxMessageBytes(200).build();
    LogConfig smallSegments = config.toBuilder().segmentBytes(200).build();
    ByteBuffer batch = Batches.of(Compression.NONE, Batches.records(20));

    assertRefused(Errors.MESSAGE_TOO_LARGE, batch, small, "exceeds the maximum configured value");
    assertRefused(Errors.RECORD_LIST_TOO_LARGE, batch, smallSegments, "segment size");
  }

  @Test
  void aBatchThatGrowsTooLargeByRecompressionIsRefused() {
    LogConfig plain =
        config.toBuilder().compression(CompressionSpec.NONE).maxMessageBytes(2_000).build();
    ByteBuffer batch =
        Batches.of(Compression.zstd().build(), Batches.record("key", "a".repeat(100_000)));

    assertRefused(Errors.MESSAGE_TOO_LARGE, batch, plain, "exceeds the maximum configured value");
  }

  @Test
  @Scenario("S-178")
  void timestampsOutOfTheTopicsRangeAreRefusedRecordByRecord() {
    LogConfig strict =
        config.toBuilder().timestampBeforeMaxMs(1_000).timestampAfterMaxMs(1_000).build();
    ByteBuffer batch =
        Batches.of(
            Compression.gzip().build(),
            record(NOW_MS),
            record(NOW_MS - 1_001),
            record(NOW_MS - 1_000),
            record(NOW_MS + 1_001),
            record(-1));

    InvalidBatchException refused = refused(batch, strict);

    assertThat(refused.error()).isEqualTo(Errors.INVALID_TIMESTAMP);
    assertThat(refused.recordErrors()).extracting(RecordError::batchIndex).containsExactly(1, 3);
    assertThat(refused.recordErrors().getFirst().message())
        .contains("should be within [%d, %d]".formatted(NOW_MS - 1_000, NOW_MS + 1_000));
  }

  @Test
  void timestampsOfProducersDoNotMatterWhenTheLogStampsThem() throws Exception {
    LogConfig stamped =
        config.toBuilder()
            .messageTimestampType(TimestampType.LOG_APPEND_TIME)
            .timestampAfterMaxMs(1)
            .build();

    validator.validate(
        Batches.of(Compression.NONE, record(NOW_MS * 2)), stamped, AppendOrigin.CLIENT);
    assertRefused(Errors.INVALID_TIMESTAMP, Batches.logAppendTime(), "LogAppendTime");
  }

  @Test
  void aWrongLargestTimestampIsCorrected() throws Exception {
    ByteBuffer batch = sealed(b -> b.putLong(35, NOW_MS + 500));

    ByteBuffer validated = validator.validate(batch, config, AppendOrigin.CLIENT).buffer();

    assertThat(Batches.header(validated).maxTimestamp()).isEqualTo(NOW_MS);
    assertThat(Batches.header(validated).isValidCrc()).isTrue();
  }

  @Test
  void compactedTopicsNeedKeys() {
    LogConfig compacted =
        config.toBuilder().compact(true).validation(ProduceValidation.HEADER).build();
    ByteBuffer batch =
        Batches.of(
            Compression.lz4().build(),
            record(NOW_MS),
            new SimpleRecord(NOW_MS, null, new byte[] {1}));

    InvalidBatchException refused = refused(batch, compacted);

    assertThat(refused.error()).isEqualTo(Errors.INVALID_RECORD);
    assertThat(refused.recordErrors())
        .containsExactly(new RecordError(1, "Compacted topic cannot accept message without key"));
  }

  @Test
  void headerValidationLeavesRecordsAlone() throws Exception {
    LogConfig header = config.toBuilder().validation(ProduceValidation.HEADER).build();
    ByteBuffer nonsense = sealed(b -> b.put(61, (byte) 77));

    assertRefused(Errors.INVALID_RECORD, nonsense.duplicate(), "");
    validator.validate(nonsense, header, AppendOrigin.CLIENT);
    assertRefused(
        Errors.INVALID_TIMESTAMP, sealed(b -> b.putLong(35, NOW_MS * 2)), header, "out of range");
    assertRefused(Errors.CORRUPT_MESSAGE, changed(b -> b.put(70, (byte) 99)), header, "corrupt");
  }

  @Test
  void replicatedBatchesMayBeSeveralAndCutShort() throws Exception {
    ByteBuffer batch = Batches.of(Compression.NONE, Batches.records(3));
    int size = batch.remaining();
    ByteBuffer fetched = ByteBuffer.allocate(3 * size);
    fetched.put(batch.duplicate()).put(batch.duplicate()).put(batch.duplicate().limit(size / 2));
    fetched.flip();

    ValidatedBatches validated = validator.validate(fetched, config, AppendOrigin.REPLICA);

    assertThat(validated.batchCount()).isEqualTo(2);
    assertThat(validated.recordCount()).isEqualTo(6);
    assertThat(validated.sizeBytes()).isEqualTo(2 * size);
    fetched.put(size + 70, (byte) 99);
    assertThat(
            catchThrowableOfType(
                    InvalidBatchException.class,
                    () -> validator.validate(fetched, config, AppendOrigin.REPLICA))
                .error())
        .isEqualTo(Errors.CORRUPT_MESSAGE);
  }

  // helpers

  private static SimpleRecord record(long timestampMs) {
    return new SimpleRecord(timestampMs, new byte[] {1}, new byte[] {2});
  }

  private static ByteBuffer changed(Consumer<ByteBuffer> change) {
    ByteBuffer batch = Batches.of(Compression.NONE, Batches.records(3));
    change.accept(batch);
    return batch;
  }

  private static ByteBuffer sealed(Consumer<ByteBuffer> change) {
    return Batches.withCrc(changed(change));
  }

  private void assertRefused(Errors error, ByteBuffer batch, String message) {
    assertRefused(error, batch, config, message);
  }

  private void assertRefused(Errors error, ByteBuffer batch, LogConfig with, String message) {
    InvalidBatchException refused = refused(batch, with);
    assertThat(refused.error()).as(refused.getMessage()).isEqualTo(error);
    assertThat(refused).hasMessageContaining(message);
  }

  private InvalidBatchException refused(ByteBuffer batch, LogConfig with) {
    InvalidBatchException refused =
        catchThrowableOfType(
            InvalidBatchException.class,
            () -> validator.validate(batch, with, AppendOrigin.CLIENT));
    assertThat(refused).isNotNull();
    return refused;
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  private static List<String> texts(ByteBuffer batches) {
    List<String> texts = new ArrayList<>();
    Records.visit(
        batches,
        (batch, record) ->
            texts.add(
                record.offset()
                    + " "
                    + record.timestampMs()
                    + " "
                    + Utils.utf8(record.key())
                    + " "
                    + Utils.utf8(record.value())
                    + " "
                    + Arrays.toString(record.headers())));
    return texts;
  }
}
