package io.tidemark.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.gateway.http.HttpAccess.Strangers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpAccessTest {
  private final HttpAccess access =
      new HttpAccess(
          List.of("ops:pass:word", "anna:a"),
          List.of("whole-token-0123456789"),
          List.of("metric-token-0123456789"),
          Strangers.PROBES);

  private static String basic(String both) {
    return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void usersAndTokensOpenEverything() {
    for (String header :
        List.of(
            basic("ops:pass:word"),
            basic("anna:a").replace("Basic", "bAsIc"),
            "Bearer whole-token-0123456789",
            "bearer   whole-token-0123456789 ")) {
      assertThat(access.allows("/v1/tier", header)).as(header).isTrue();
      assertThat(access.allows("/metrics", header)).as(header).isTrue();
    }
  }

  @Test
  void aTokenOfTheMetricsOpensNothingElse() {
    String header = "Bearer metric-token-0123456789";
    assertThat(access.allows("/metrics", header)).isTrue();
    assertThat(access.allows("/v1/tier", header)).isFalse();
    assertThat(access.allows("/metrics/", header)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Basic",
        "Basic ",
        "Basic !!!",
        "Basic b3BzOnBhc3M=",
        "Basic whole-token-0123456789",
        "Bearer ",
        "Bearer whole-token-012345678",
        "Bearer ops:pass:word",
        "Digest whole-token-0123456789"
      })
  void otherCredentialsOpenNothing(String header) {
    assertThat(access.allows("/v1/tier", header)).isFalse();
    assertThat(access.allows("/metrics", header)).isFalse();
    assertThat(access.allows("/livez", header)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "PROBES,/readyz,true",
    "PROBES,/metrics,false",
    "PROBES,/v1/tier,false",
    "PROBES,/,false",
    "METRICS,/livez,true",
    "METRICS,/metrics,true",
    "METRICS,/v1/tier,false",
    "ALL,/v1/tier,true",
    "PROBES,/livez/../v1/tier,false",
    "METRICS,/metrics/../v1/tier,false"
  })
  void strangersGetWhatTheyAreLeft(Strangers strangers, String path, boolean isAllowed) {
    HttpAccess open = new HttpAccess(List.of("a:b"), List.of(), List.of(), strangers);
    assertThat(open.allows(path, null)).isEqualTo(isAllowed);
  }
}
