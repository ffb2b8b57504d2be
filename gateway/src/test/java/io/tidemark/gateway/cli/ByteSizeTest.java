package io.tidemark.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

class ByteSizeTest {

  @Test
  void decimalAndBinaryUnitsAreUnderstood() {
    assertThat(ByteSize.parse("200MB").bytes()).isEqualTo(200_000_000);
    assertThat(ByteSize.parse("1 GiB").bytes()).isEqualTo(1L << 30);
    assertThat(ByteSize.parse("64k").bytes()).isEqualTo(64_000);
    assertThat(ByteSize.parse("12").bytes()).isEqualTo(12);
  }

  @Test
  void anythingElseIsRefused() {
    for (String text : new String[] {"", "-1MB", "1.5GB", "1TB", "99999999999999GB", "MB"}) {
      assertThatThrownBy(() -> ByteSize.parse(text)).isInstanceOf(TypeConversionException.class);
    }
  }
}
