package io.tidemark.tiering.compact;

import io.tidemark.log.disk.IoPace;
import io.tidemark.tiering.store.ObjectKeys;
import io.tidemark.tiering.store.ObjectStore;
import io.tidemark.tiering.upload.BoundedWait;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/**
 * What rewriting needs, shared by all partitions of a node.
 *
 * @param uuids names objects, never twice
 * @param turnWait ends the wait for a turn that does not come
 */
public record RewriteTools(
    ObjectStore store,
    ObjectKeys keys,
    CompactionSettings settings,
    IoPace pace,
    Time time,
    RandomGenerator random,
    Supplier<Uuid> uuids,
    BoundedWait turnWait) {
  /** Waits so that bytes read and written stay below the rate. */
  void pace(long bytes) {
    long pauseMs = pace.pauseMs(bytes, time.nanoseconds());
    if (pauseMs > 0) {
      time.sleep(pauseMs);
    }
  }
}
