package io.tidemark.metadata.quorum;

import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.AfterEach;

/** One voter of the model with several keeps the same promises as the real one. */
class ModelVoterTest extends QuorumContract {
  private static final long ELECTION_MS = 20;

  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
  private final SplittableRandom random = new SplittableRandom(1);
  private final ModelRaft raft =
      new ModelRaft(Set.of(1), random, Time.SYSTEM, ModelRaft.Links.WHOLE, ELECTION_MS);

  @Override
  Quorum openVoter() {
    return ModelVoter.open(1, raft, executor, random, 0, ELECTION_MS);
  }

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }
}
