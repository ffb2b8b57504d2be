package io.tidemark.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNameTest {
  private static final List<String> NAMES = List.of("log.dirs", "log.retention.ms", "node.id");

  @Test
  void slipsOfTheFingerAreUnderstood() {
    assertThat(NearestName.of("log.dris", NAMES)).contains("log.dirs");
    assertThat(NearestName.of("log.retntion.ms", NAMES)).contains("log.retention.ms");
    assertThat(NearestName.of("node.idd", NAMES)).contains("node.id");
  }

  @Test
  void somethingElseIsNotGuessed() {
    assertThat(NearestName.of("unrelated.setting", NAMES)).isEmpty();
  }

  @Test
  void distanceCountsEdits() {
    assertThat(NearestName.distance("", "abc")).isEqualTo(3);
    assertThat(NearestName.distance("abc", "abc")).isZero();
    assertThat(NearestName.distance("abc", "acb")).isEqualTo(1);
    assertThat(NearestName.distance("kitten", "sitting")).isEqualTo(3);
  }
}
