package io.tidemark.log.validate;

import static io.tidemark.log.validate.Batches.NOW_MS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidemark.log.AppendOrigin;
import io.tidemark.log.LogConfig;
import io.tidemark.log.ManualTime;
import io.tidemark.scenario.Scenario;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Bytes made to hurt, and a comparison with what kafka-clients can read. */
class HostileBatchesTest {
  private static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");
  private static final int MUTANTS = Integer.getInteger("tidemark.mutants", 20_000);

  private final BatchValidator validator = new BatchValidator(new ManualTime(NOW_MS));
  private final LogConfig config =
      LogConfig.builder().timestampAfterMaxMs(Long.MAX_VALUE).maxDecompressedBytes(1 << 20).build();

  @Test
  @Scenario("S-179")
  void whatKafkaClientsCannotReadIsRefused() {
    long seed = Long.getLong("tidemark.seed", 20_261_120L);
    System.out.println("seed " + seed);
    RandomGenerator random = new Random(seed);
    int accepted = 0;
    for (int i = 0; i < MUTANTS; i++) {
      ByteBuffer mutant = mutant(random);
      boolean isAccepted = isAccepted(mutant.duplicate());
      accepted += isAccepted ? 1 : 0;
      // Only then: kafka-clients takes memory for any count a header claims.
      @Nullable String problem = isAccepted ? problemOfKafka(mutant) : null;
      if (problem != null) {
        throw new AssertionError(
            "seed %d, mutant %d: accepted, but kafka-clients says %s".formatted(seed, i, problem));
      }
    }
    assertThat(accepted).as("seed %d", seed).isBetween(MUTANTS / 100, MUTANTS);
  }

  @Test
  void everyBatchOfKafkaClientsIsAccepted() throws Exception {
    long seed = Long.getLong("tidemark.seed", 20_261_120L);
    System.out.println("seed " + seed);
    RandomGenerator random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      SimpleRecord[] records = Batches.random(random);
      ByteBuffer batch = Batches.of(codec(random), records);
      assertThat(validator.validate(batch, config, AppendOrigin.CLIENT).recordCount())
          .as("seed %d, batch %d", seed, i)
          .isEqualTo(records.length);
    }
  }

  @Test
  @Scenario("S-177")
  void aDecompressionBombIsRefusedInBoundedMemory() {
    SimpleRecord[] zeros = new SimpleRecord[64];
    for (int i = 0; i < zeros.length; i++) {
      zeros[i] = new SimpleRecord(NOW_MS, null, new byte[256 << 10]);
    }
    for (String codec : CODECS.subList(1, 5)) {
      ByteBuffer bomb = Batches.of(Compression.of(codec).build(), zeros);
      assertThat(errorOf(bomb)).as(codec).isEqualTo(Errors.MESSAGE_TOO_LARGE);
      ByteBuffer record =
          Batches.of(
              Compression.of(codec).build(), new SimpleRecord(NOW_MS, null, new byte[3 << 20]));
      assertThat(errorOf(record))
          .as(codec)
          .isEqualTo(codec.equals("snappy") ? Errors.MESSAGE_TOO_LARGE : Errors.INVALID_RECORD);
    }
  }

  @Test
  @Scenario("S-177")
  void lengthsThatSnappyAnnouncesAreNotBelieved() {
    ByteBuffer batch = Batches.of(Compression.snappy().build(), Batches.records(10));
    ByteBuffer chunkTooLong = copy(batch).putInt(61 + 16, Integer.MAX_VALUE - 8);
    assertThat(errorOf(Batches.withCrc(chunkTooLong))).isEqualTo(Errors.INVALID_RECORD);

    ByteBuffer plainTooLong = copy(batch);
    plainTooLong.put(61 + 20, new byte[] {-1, -1, -1, -1, 7});
    assertThat(errorOf(Batches.withCrc(plainTooLong))).isEqualTo(Errors.MESSAGE_TOO_LARGE);

    ByteBuffer raw = copy(batch).limit(61 + 6);
    raw.putInt(8, 61 + 6 - 12).put(61, new byte[] {-1, -1, -1, -1, 7, 0});
    assertThat(errorOf(Batches.withCrc(raw.slice()))).isEqualTo(Errors.MESSAGE_TOO_LARGE);
  }

  @Test
  @Scenario("S-179")
  void aMillionHeadersAreWalkedAndAMillionClaimedOnesAreRefused() throws Exception {
    Header[] headers = new Header[1 << 20];
    Arrays.fill(headers, new RecordHeader("", null));
    SimpleRecord record = new SimpleRecord(NOW_MS, (byte[]) null, null, headers);
    LogConfig large = config.toBuilder().maxMessageBytes(8 << 20).build();
    ByteBuffer batch = Batches.of(Compression.NONE, record);

    validator.validate(batch, large, AppendOrigin.CLIENT);
    int headerCountAt = batch.limit() - 2 * headers.length - 4;
    batch.put(headerCountAt, new byte[] {-2, -1, -1, 127});

    assertThat(errorOf(Batches.withCrc(batch), large)).isEqualTo(Errors.INVALID_RECORD);
  }

  private ByteBuffer mutant(RandomGenerator random) {
    ByteBuffer batch = copy(Batches.of(codec(random), Batches.random(random)));
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      int at =
          random.nextInt(4) == 0
              ? 21 + random.nextInt(40)
              : 61 + random.nextInt(batch.limit() - 61);
      batch.put(at, (byte) random.nextInt(256));
    }
    return Batches.withCrc(batch);
  }

  private static Compression codec(RandomGenerator random) {
    return Compression.of(CODECS.get(random.nextInt(CODECS.size()))).build();
  }

  private static ByteBuffer copy(ByteBuffer batch) {
    return ByteBuffer.allocate(batch.remaining()).put(batch.duplicate()).flip();
  }

  private boolean isAccepted(ByteBuffer batch) {
    try {
      validator.validate(batch, config, AppendOrigin.CLIENT);
      return true;
    } catch (InvalidBatchException refused) {
      return false;
    }
  }

  private Errors errorOf(ByteBuffer batch) {
    return errorOf(batch, config);
  }

  private Errors errorOf(ByteBuffer batch, LogConfig config) {
    InvalidBatchException refused =
        catchThrowableOfType(
            InvalidBatchException.class,
            () -> validator.validate(batch, config, AppendOrigin.CLIENT));
    assertThat(refused).isNotNull();
    return refused.error();
  }

  /** What kafka-clients says when it reads every record, or null. */
  private static @Nullable String problemOfKafka(ByteBuffer bytes) {
    try {
      for (var batch : MemoryRecords.readableRecords(bytes).batches()) {
        batch.ensureValid();
        int count = 0;
        for (Record record : batch) {
          if (record.offset() != count++) {
            return "offset " + record.offset();
          }
        }
        if (count != batch.countOrNull() || count != batch.lastOffset() + 1) {
          return count + " records";
        }
      }
      return null;
    } catch (RuntimeException e) {
      return e.toString();
    }
  }
}
