package io.tidemark.tiering;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.tiering.upload.UnansweredException;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;

class FailureKindTest {

  @Test
  void aDeletedTopicIsNoFailureOfTheQuorum() {
    assertThat(kindOf(new UnknownTopicIdException("deleted"))).isEqualTo(FailureKind.FENCED);
    assertThat(kindOf(new UnknownTopicOrPartitionException("deleted")))
        .isEqualTo(FailureKind.FENCED);
    assertThat(kindOf(new FencedLeaderEpochException("led by another")))
        .isEqualTo(FailureKind.FENCED);
  }

  @Test
  void aQuorumThatDoesNotAnswerIsOne() {
    assertThat(kindOf(new TimeoutException("after 10 s"))).isEqualTo(FailureKind.UNANSWERED);
    assertThat(kindOf(new NotControllerException("nobody"))).isEqualTo(FailureKind.UNANSWERED);
    assertThat(kindOf(new IllegalStateException("a bug"))).isEqualTo(FailureKind.UNANSWERED);
  }

  @Test
  void aLogStartThatTheQuorumDoesNotMoveIsToldFromADiskThatFails() {
    assertThat(FailureKind.ofLocal(new NotControllerException("nobody")))
        .isEqualTo(FailureKind.UNANSWERED);
    assertThat(FailureKind.ofLocal(new CompletionException(new TimeoutException("after 10 s"))))
        .isEqualTo(FailureKind.UNANSWERED);
    assertThat(FailureKind.ofLocal(new CompletionException(new UnknownTopicIdException("gone"))))
        .isEqualTo(FailureKind.FENCED);
    assertThat(FailureKind.ofLocal(new IllegalStateException("a bug")))
        .isEqualTo(FailureKind.LOCAL);
  }

  private static FailureKind kindOf(RuntimeException cause) {
    return FailureKind.of(new UnansweredException("reading the manifest pointer", cause));
  }
}
