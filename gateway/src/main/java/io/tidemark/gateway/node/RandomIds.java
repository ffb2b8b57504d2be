package io.tidemark.gateway.node;

import java.util.random.RandomGenerator;
import org.apache.kafka.common.Uuid;

/** Kafka's ids from the node's own randomness. */
final class RandomIds {
  private RandomIds() {}

  /** An id that is none of the reserved ones and, as Kafka's, does not begin with a dash. */
  static Uuid next(RandomGenerator random) {
    while (true) {
      Uuid id = new Uuid(random.nextLong(), random.nextLong());
      if (!Uuid.RESERVED.contains(id) && !id.toString().startsWith("-")) {
        return id;
      }
    }
  }
}
