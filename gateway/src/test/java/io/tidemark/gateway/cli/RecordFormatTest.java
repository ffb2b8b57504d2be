package io.tidemark.gateway.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class RecordFormatTest {
  private final ConsumerRecord<byte[], byte[]> record =
      new ConsumerRecord<>("orders", 3, 42, "k".getBytes(UTF_8), "v%o".getBytes(UTF_8));

  @Test
  void everyFieldIsReplacedAndValuesAreNotFormattedAgain() {
    record.headers().add("a", "1".getBytes(UTF_8)).add("b", null);

    assertThat(RecordFormat.parse("%t-%p@%o %T [%h] %k=%v%%\\n\\t\\\\").format(record))
        .isEqualTo("orders-3@42 -1 [a=1,b=] k=v%o%\n\t\\");
  }

  @Test
  void aRecordIsAJsonObjectOnALine() {
    record.headers().add("a", "1".getBytes(UTF_8)).add("b", null);

    assertThat(RecordFormat.json().format(record))
        .isEqualTo(
            "{\"topic\":\"orders\",\"partition\":3,\"offset\":42,\"timestamp\":-1,\"key\":\"k\","
                + "\"value\":\"v%o\",\"headers\":[{\"key\":\"a\",\"value\":\"1\"},"
                + "{\"key\":\"b\",\"value\":null}]}"
                + System.lineSeparator());
  }

  @Test
  void aMissingKeyPrintsAsNothing() {
    ConsumerRecord<byte[], byte[]> keyless =
        new ConsumerRecord<>("t", 0, 0, null, "v".getBytes(UTF_8));

    assertThat(RecordFormat.parse("<%k>").format(keyless)).isEqualTo("<>");
  }

  @Test
  void unknownFieldsAndLoneMarksAreWrongUsage() {
    for (String pattern : new String[] {"%x", "\\q", "abc%", "abc\\"}) {
      assertThatThrownBy(() -> RecordFormat.parse(pattern))
          .isInstanceOfSatisfying(
              CommandFailure.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE));
    }
  }
}
