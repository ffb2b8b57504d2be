package io.tidemark.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HttpCredentialsTest {
  private final Properties file = new Properties();

  private HttpCredentials credentials(@Nullable String user, Map<String, String> environment) {
    return new HttpCredentials(file, user, environment::get);
  }

  @Test
  void strangersShowNothing() {
    assertThat(credentials(null, Map.of()).authorization()).isEmpty();
  }

  @Test
  void aUsersPasswordComesFromTheEnvironmentBeforeTheFile() {
    file.setProperty("tidemark.http.password", "of-file");
    assertThat(credentials("ops", Map.of()).authorization()).contains("Basic b3BzOm9mLWZpbGU=");
    assertThat(credentials("ops", Map.of("TIDEMARK_HTTP_PASSWORD", "pw")).authorization())
        .contains("Basic b3BzOnB3");
    file.setProperty("tidemark.http.user", "ops");
    assertThat(credentials(null, Map.of()).authorization()).contains("Basic b3BzOm9mLWZpbGU=");
  }

  @Test
  void aTokenIsShownWhereNoUserIsNamed() {
    file.setProperty("tidemark.http.token", "of-file");
    assertThat(credentials(null, Map.of()).authorization()).contains("Bearer of-file");
    assertThat(credentials(null, Map.of("TIDEMARK_HTTP_TOKEN", "t")).authorization())
        .contains("Bearer t");
  }

  @Test
  void aUserWithoutPasswordIsAskedForOne() {
    assertThatThrownBy(() -> credentials("ops", Map.of()).authorization())
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("TIDEMARK_HTTP_PASSWORD");
  }
}
