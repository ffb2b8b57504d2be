package io.tidemark.metadata.controller;

import java.util.random.RandomGenerator;
import org.apache.kafka.common.Uuid;

/** Draws ids as Kafka does: random uuids that are not reserved and do not begin with a dash. */
final class TopicIds {
  private TopicIds() {}

  static Uuid random(RandomGenerator random) {
    Uuid id = draw(random);
    while (Uuid.RESERVED.contains(id) || id.toString().startsWith("-")) {
      id = draw(random);
    }
    return id;
  }

  /** Version 4, variant 2, as RFC 9562 wants of random ones. */
  private static Uuid draw(RandomGenerator random) {
    long most = (random.nextLong() & ~0xf000L) | 0x4000L;
    long least = (random.nextLong() & ~(0xc0L << 56)) | (0x80L << 56);
    return new Uuid(most, least);
  }
}
