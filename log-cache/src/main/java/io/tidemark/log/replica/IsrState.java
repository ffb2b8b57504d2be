package io.tidemark.log.replica;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The in-sync replicas as their leader counts them. An addition counts from the moment it is
 * proposed, a removal only once it is committed: whatever the quorum decides, the high watermark
 * has waited for every member it may have.
 *
 * <pre>
 *              propose                       Committed by the quorum (higher partition epoch)
 *   Settled ──────────────▶ Proposed ─────────────────────────────────────▶ Settled
 *      ▲                        │ definitely not applied (ineligible, not attempted)
 *      └────────────────────────┘
 * </pre>
 */
sealed interface IsrState {

  /** What the quorum has said last. */
  Set<Integer> committed();

  /** Every node that may be a member when all that is under way has been decided. */
  Set<Integer> maximal();

  record Settled(Set<Integer> committed) implements IsrState {
    static Settled of(List<Integer> isr) {
      return new Settled(Collections.unmodifiableSet(new LinkedHashSet<>(isr)));
    }

    @Override
    public Set<Integer> maximal() {
      return committed;
    }

    Proposed propose(IsrProposal proposal) {
      Set<Integer> maximal = new LinkedHashSet<>(committed);
      proposal.isr().forEach(member -> maximal.add(member.nodeId()));
      return new Proposed(this, Collections.unmodifiableSet(maximal), proposal);
    }
  }

  record Proposed(Settled last, Set<Integer> maximal, IsrProposal proposal) implements IsrState {
    @Override
    public Set<Integer> committed() {
      return last.committed;
    }
  }
}
