package io.tidemark.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.metadata.quorum.QuorumException;
import io.tidemark.tiering.store.ObjectStoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ProtocolErrorsTest {

  @ParameterizedTest
  @EnumSource(value = Errors.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void everyErrorOfTheProtocolIsItself(Errors error) {
    assertThat(ProtocolErrors.of(error.exception())).isEqualTo(error);
  }

  static Stream<Arguments> ours() {
    return Stream.of(
        Arguments.of(new QuorumException.NotLeader("elsewhere"), Errors.NOT_CONTROLLER),
        Arguments.of(new QuorumException.OutcomeUnknown("perhaps"), Errors.REQUEST_TIMED_OUT),
        Arguments.of(new QuorumException.Closed("closed"), Errors.BROKER_NOT_AVAILABLE),
        Arguments.of(
            new ObjectStoreException(ObjectStoreException.Kind.THROTTLED, "slow down"),
            Errors.KAFKA_STORAGE_ERROR),
        Arguments.of(new IOException("disk"), Errors.KAFKA_STORAGE_ERROR),
        Arguments.of(new UncheckedIOException(new IOException("disk")), Errors.KAFKA_STORAGE_ERROR),
        Arguments.of(new TimeoutException("late"), Errors.REQUEST_TIMED_OUT),
        Arguments.of(new RejectedExecutionException("closing"), Errors.BROKER_NOT_AVAILABLE),
        Arguments.of(new CancellationException("closing"), Errors.BROKER_NOT_AVAILABLE),
        Arguments.of(new IllegalStateException("a bug"), Errors.UNKNOWN_SERVER_ERROR),
        Arguments.of(new NullPointerException("a bug"), Errors.UNKNOWN_SERVER_ERROR));
  }

  @ParameterizedTest
  @MethodSource("ours")
  void everyErrorOfOursHasItsCode(Throwable failure, Errors expected) {
    assertThat(ProtocolErrors.of(failure)).isEqualTo(expected);
  }

  @Test
  void whatFuturesWrapIsUnwrapped() {
    Throwable wrapped =
        new CompletionException(
            new ExecutionException(new NotLeaderOrFollowerException("led elsewhere")));

    assertThat(ProtocolErrors.of(wrapped)).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    assertThat(ProtocolErrors.describe(wrapped).message()).isEqualTo("led elsewhere");
  }

  @Test
  void aBugKeepsItsMessageToItself() {
    assertThat(ProtocolErrors.describe(new IllegalStateException("secret")).messageWithFallback())
        .doesNotContain("secret");
  }
}
