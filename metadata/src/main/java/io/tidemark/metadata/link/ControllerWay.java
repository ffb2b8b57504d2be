package io.tidemark.metadata.link;

import java.util.concurrent.CompletableFuture;

/** The way to the voter that leads the quorum, wherever it is. Safe from any thread. */
@FunctionalInterface
public interface ControllerWay {

  /**
   * Sends a call once. Fails with Kafka's exceptions: {@code NotControllerException} when certainly
   * nothing was done, {@code TimeoutException} when nobody knows, else with what the leader said.
   */
  CompletableFuture<ControllerReply> call(ControllerCall call);
}
