package io.tidemark.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.junit.jupiter.api.Test;

class FailureReportTest {

  @Test
  void whatKafkaRefusesIsNamedByItsError() {
    CommandFailure failure =
        FailureReport.of(new ExecutionException(new TopicExistsException("It exists.")));

    assertThat(failure).hasMessage("It exists (TOPIC_ALREADY_EXISTS)");
    assertThat(failure.exitCode()).isEqualTo(ExitCode.REFUSED);
  }

  @Test
  void anExceptionsClassIsNamedWhereItsMessageIsOnlyAFile() {
    assertThat(FailureReport.of(new NoSuchFileException("/data")))
        .hasMessage("NoSuchFileException: /data");
    assertThat(FailureReport.of(new IOException("the port is in use")))
        .hasMessage("the port is in use");
  }

  @Test
  void aMessageOfSeveralLinesBecomesOne() {
    assertThat(FailureReport.of(new IllegalStateException("one\n  two\n"))).hasMessage("one two");
  }

  @Test
  void silenceIsNoConnection() {
    assertThat(FailureReport.of(new TimeoutException("Timed out")).exitCode())
        .isEqualTo(ExitCode.NO_CONNECTION);
  }

  @Test
  void aTopicThatTheProducerWaitedForInVainIsRefused() {
    CommandFailure failure =
        FailureReport.of(
            new TimeoutException("Topic absent not present in metadata after 20000 ms."));

    assertThat(failure).hasMessageContaining("Topic absent not present");
    assertThat(failure.exitCode()).isEqualTo(ExitCode.REFUSED);
  }
}
