package io.tidemark.tiering;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/**
 * What the life cycle runs on, supplied by the wiring, which also closes it.
 *
 * @param time the clock: wall for record times, monotonic for everything else
 * @param random draws ids and jitter; safe from any thread
 * @param waiting runs what waits for the network, each task on a virtual thread of its own
 * @param bulk the platform threads of a log directory for work on its disk
 * @param timer starts looks and ends waits; its tasks are short
 */
public record TieringPlatform(
    Time time,
    RandomGenerator random,
    Executor waiting,
    Function<Path, Executor> bulk,
    ScheduledExecutorService timer,
    MeterRegistry meters) {

  /** Monotonic milliseconds. */
  long nowMs() {
    return time.hiResClockMs();
  }

  /** An id that no attempt had before. */
  Uuid freshUuid() {
    while (true) {
      Uuid uuid = new Uuid(random.nextLong(), random.nextLong());
      if (!Uuid.RESERVED.contains(uuid)) {
        return uuid;
      }
    }
  }
}
