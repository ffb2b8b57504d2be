package io.tidemark.metadata.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.metadata.quorum.Admission.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private static final Voter A = new Voter(1, "a", 1);
  private static final Voter B = new Voter(2, "b", 1);
  private static final Voter C = new Voter(3, "c", 1);

  private final Admission ofB = new Admission(2, List.of(A, C));

  private Kind heard(Voter from, Heard what) {
    return ofB.heard(from, what).kind();
  }

  @Test
  void theQuorumIsFormedOnceAllOthersWereHeardWithoutALog() {
    assertThat(heard(A, new Heard.NoLog())).isEqualTo(Kind.WAIT);
    assertThat(heard(A, new Heard.NoLog())).isEqualTo(Kind.WAIT);
    assertThat(heard(C, new Heard.NoLog())).isEqualTo(Kind.FORM);
  }

  @Test
  void whoIsFormingItAndHasWrittenNothingCountsAsWithoutALog() {
    heard(A, new Heard.Forming());
    assertThat(heard(C, new Heard.NoLog())).isEqualTo(Kind.FORM);
  }

  @Test
  void silenceIsNoAgreement() {
    heard(A, new Heard.NoLog());
    assertThat(heard(C, new Heard.Silence())).isEqualTo(Kind.WAIT);
  }

  @Test
  void aQuorumWithoutALeaderIsWaitedFor() {
    assertThat(heard(A, new Heard.InQuorum(List.of(A, B, C), false))).isEqualTo(Kind.WAIT);
    assertThat(heard(C, new Heard.NoLog())).isEqualTo(Kind.WAIT);
  }

  @Test
  void whoVotesThereButHasNoLogLeavesFirst() {
    assertThat(ofB.heard(C, new Heard.InQuorum(List.of(A, B, C), true)))
        .isEqualTo(new Admission.Step(Kind.LEAVE, List.of(C, A, B)));
  }

  @Test
  void whoDoesNotVoteThereJoins() {
    assertThat(ofB.heard(A, new Heard.InQuorum(List.of(A, C), true)))
        .isEqualTo(new Admission.Step(Kind.JOIN, List.of(A, C)));
  }
}
