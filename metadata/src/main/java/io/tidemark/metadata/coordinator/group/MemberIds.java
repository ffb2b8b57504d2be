package io.tidemark.metadata.coordinator.group;

import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Makes member ids as Kafka does: instance id or client id, a dash, a random UUID. Safe from any
 * thread; guards the generator, which need not be.
 */
final class MemberIds {
  /** Client ids may be as long as a record's string; the id must still fit into one. */
  private static final int MAX_PREFIX = 1_000;

  private final RandomGenerator random;

  MemberIds(RandomGenerator random) {
    this.random = random;
  }

  String next(String prefix) {
    String start = prefix.length() <= MAX_PREFIX ? prefix : prefix.substring(0, MAX_PREFIX);
    return start + "-" + nextUuid();
  }

  private synchronized UUID nextUuid() {
    long version4 = (random.nextLong() & ~0xF000L) | 0x4000L;
    long variant2 = (random.nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
    return new UUID(version4, variant2);
  }
}
