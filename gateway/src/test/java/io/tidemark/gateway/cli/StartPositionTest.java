package io.tidemark.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.gateway.cli.StartPosition.AtOffset;
import io.tidemark.gateway.cli.StartPosition.AtTime;
import io.tidemark.gateway.cli.StartPosition.Beginning;
import io.tidemark.gateway.cli.StartPosition.End;
import org.junit.jupiter.api.Test;

class StartPositionTest {

  @Test
  void wordsNumbersAndTimesAreUnderstood() {
    assertThat(StartPosition.parse("beginning")).isEqualTo(new Beginning());
    assertThat(StartPosition.parse("end")).isEqualTo(new End());
    assertThat(StartPosition.parse("17")).isEqualTo(new AtOffset(17));
    assertThat(StartPosition.parse("@1970-01-01T00:00:01Z")).isEqualTo(new AtTime(1_000));
    assertThat(StartPosition.parse("@1500")).isEqualTo(new AtTime(1_500));
  }

  @Test
  void anythingElseIsWrongUsage() {
    for (String text :
        new String[] {"-1", "start", "@yesterday", "@", "", "99999999999999999999"}) {
      assertThatThrownBy(() -> StartPosition.parse(text)).isInstanceOf(CommandFailure.class);
    }
  }
}
