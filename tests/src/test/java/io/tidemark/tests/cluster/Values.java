package io.tidemark.tests.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.log.record.CompressionSpec;
import io.tidemark.log.record.RecordBatchBuilder;
import io.tidemark.log.record.RecordBatchHeader;
import io.tidemark.log.record.Records;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** Records whose value is a name, padded, and back. */
final class Values {
  private Values() {}

  /** One batch; a producer id of −1 is a plain producer's. */
  static ByteBuffer batch(
      List<String> names, long producerId, int baseSequence, long timestampMs, int paddingBytes) {
    RecordBatchBuilder builder =
        new RecordBatchBuilder(
            CompressionSpec.NONE,
            TimestampType.CREATE_TIME,
            RecordBatchHeader.NO_TIMESTAMP,
            producerId,
            (short) (producerId < 0 ? -1 : 0),
            producerId < 0 ? -1 : baseSequence,
            false);
    for (String name : names) {
      builder.append(timestampMs, null, padded(name, paddingBytes));
    }
    return builder.build();
  }

  /** Who writes a batch, and where in its order. */
  record Producer(long id, short epoch, int sequence) {}

  /** A batch of one record that belongs to a transaction. */
  static ByteBuffer transactional(
      String name, Producer producer, long timestampMs, int paddingBytes) {
    return new RecordBatchBuilder(
            CompressionSpec.NONE,
            TimestampType.CREATE_TIME,
            RecordBatchHeader.NO_TIMESTAMP,
            producer.id(),
            producer.epoch(),
            producer.sequence(),
            true)
        .append(timestampMs, null, padded(name, paddingBytes))
        .build();
  }

  /** A batch of one record with a key; a value of null deletes it. */
  static ByteBuffer keyed(
      String key, @Nullable String value, Producer producer, long timestampMs, int paddingBytes) {
    return new RecordBatchBuilder(
            CompressionSpec.NONE,
            TimestampType.CREATE_TIME,
            RecordBatchHeader.NO_TIMESTAMP,
            producer.id(),
            producer.epoch(),
            producer.sequence(),
            false)
        .append(
            timestampMs, key.getBytes(UTF_8), value == null ? null : padded(value, paddingBytes))
        .build();
  }

  private static byte[] padded(String name, int paddingBytes) {
    byte[] text = (name + "|").getBytes(UTF_8);
    return Arrays.copyOf(text, text.length + paddingBytes);
  }

  /** Shows every record from an offset on; answers the offset after the last batch. */
  static long visit(ByteBuffer batches, long from, BiConsumer<Long, String> shown) {
    long[] next = {from};
    Records.visit(
        batches,
        (batch, record) -> {
          if (record.offset() >= next[0]) {
            shown.accept(record.offset(), name(record.value()));
            next[0] = record.offset() + 1;
          }
          return true;
        });
    return next[0];
  }

  static String name(@Nullable ByteBuffer value) {
    ByteBuffer bytes = Objects.requireNonNull(value);
    StringBuilder name = new StringBuilder();
    for (int i = bytes.position(); bytes.get(i) != '|'; i++) {
      name.append((char) bytes.get(i));
    }
    return name.toString();
  }
}
