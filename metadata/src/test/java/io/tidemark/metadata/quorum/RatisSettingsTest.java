package io.tidemark.metadata.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.retry.RetryPolicy;
import org.apache.ratis.server.RaftServerConfigKeys.Log;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RatisSettingsTest {
  private static final List<Voter> VOTERS =
      List.of(
          new Voter(1, "127.0.0.1", 1), new Voter(2, "127.0.0.1", 2), new Voter(3, "127.0.0.1", 3));

  @TempDir Path home;

  /** Else the leader says nothing but heartbeats, which cannot tell it that a log is lost. */
  @ParameterizedTest
  @ValueSource(ints = {400, 1_000, 10_000})
  void howeverOftenAVoterFailedTheNextTryComesBeforeAHeartbeatIsDue(int electionTimeoutMs) {
    RaftProperties properties =
        RatisSettings.properties(new QuorumSettings(1, VOTERS, home, electionTimeoutMs, 1_000));
    RetryPolicy policy = RetryPolicy.parse(Log.Appender.retryPolicy(properties));

    for (int errors : new int[] {1, 10, 11, 30, 31, 2_000, Integer.MAX_VALUE}) {
      long pauseMs =
          policy.handleAttemptFailure(() -> errors).getSleepTime().toLong(TimeUnit.MILLISECONDS);
      assertThat(pauseMs)
          .isLessThan(electionTimeoutMs / 2)
          .isGreaterThanOrEqualTo(errors <= 10 ? 0 : electionTimeoutMs / 8);
    }
  }
}
