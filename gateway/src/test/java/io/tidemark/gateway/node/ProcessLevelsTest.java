package io.tidemark.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.gateway.api.LoggerLevels;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.junit.jupiter.api.Test;

class ProcessLevelsTest {

  @Test
  void logbacksLoggersAreListed() {
    assertThat(ProcessLevels.find()).isInstanceOf(LogbackLevels.class);
  }

  @Test
  void withoutLogbackNoLoggerIsKnownAndNoneIsChanged() {
    LoggerLevels levels = ProcessLevels.of("org.slf4j.helpers.NOPLoggerFactory");

    assertThat(levels.describe()).isEmpty();
    assertThat(levels.isKnown("root")).isFalse();
    assertThatThrownBy(() -> levels.requireLevel("INFO"))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("Logback");
  }
}
