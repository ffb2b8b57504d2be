package io.tidemark.metadata.controller;

import io.tidemark.metadata.image.ClusterImage;
import java.util.function.Function;

/**
 * One thing to be decided: adds its events to the draft and says what to answer once they are
 * committed. Pure but for the draft; called on the controller's thread.
 */
@FunctionalInterface
interface Decision<T> {

  /**
   * Decides, before it adds its first event, whether to throw a Kafka exception instead.
   *
   * @return makes the answer from the committed image
   */
  Function<ClusterImage, T> decide(Draft draft);
}
