package io.tidemark.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is said of a configuration that cannot be. */
final class ConfigProblems {
  private ConfigProblems() {}

  static List<String> problems(@Nullable Path file, String... overrides) {
    var thrown =
        catchThrowableOfType(
            ConfigurationException.class, () -> NodeConfig.load(file, List.of(overrides)));
    assertThat(thrown).as("refused").isNotNull();
    return thrown.problems();
  }
}
