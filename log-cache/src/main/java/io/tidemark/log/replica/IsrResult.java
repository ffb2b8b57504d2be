package io.tidemark.log.replica;

import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/** What the quorum said to an {@link IsrProposal}. */
public sealed interface IsrResult {

  /**
   * It stands. The epochs and the set are the quorum's; an older answer than the replica's state is
   * ignored.
   */
  record Committed(int leaderEpoch, int partitionEpoch, List<Integer> isr) implements IsrResult {
    public Committed {
      isr = List.copyOf(isr);
    }
  }

  /**
   * It does not stand, with AlterPartition's own error. Errors that say nothing about the outcome
   * (time-out, not the controller) leave the proposal pending and it is sent again.
   */
  record Refused(Errors error) implements IsrResult {}
}
