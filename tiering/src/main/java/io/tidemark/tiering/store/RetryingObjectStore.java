package io.tidemark.tiering.store;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.tiering.store.ObjectStoreException.Kind;
import io.tidemark.tiering.store.StoreCall.Operation;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes calls again that may succeed the next time, by a {@link RetryPolicy}. The only layer that
 * does: stores themselves make one attempt, and callers see what is left after the deadline. Reads
 * are also tried again when refused, since credentials are mended while they run.
 */
public final class RetryingObjectStore extends DecoratedObjectStore {
  private static final Logger LOG = LoggerFactory.getLogger(RetryingObjectStore.class);

  private final RetryPolicy policy;
  private final Time time;
  private final RandomGenerator random;
  private final RetryBudget budget;
  private final Counter retries;

  public RetryingObjectStore(
      ObjectStore delegate,
      RetryPolicy policy,
      Time time,
      RandomGenerator random,
      MeterRegistry meters) {
    super(delegate);
    this.policy = policy;
    this.time = time;
    this.random = random;
    this.budget = new RetryBudget(policy.budget(), time);
    this.retries =
        Counter.builder("tidemark.store.retries")
            .description("Calls of the object store that were made again")
            .register(meters);
  }

  @Override
  <T> T around(Operation operation, long bytes, StoreCall<T> call) throws ObjectStoreException {
    long startMs = time.hiResClockMs();
    long deadlineMs = operation.isRead() ? policy.readDeadlineMs() : policy.writeDeadlineMs();
    for (int attempt = 1; ; attempt++) {
      try {
        T result = call.run();
        budget.succeeded();
        return result;
      } catch (ObjectStoreException e) {
        long leftMs = deadlineMs - (time.hiResClockMs() - startMs);
        if (!isRetriable(operation, e.kind()) || leftMs <= 0) {
          throw e;
        }
        long waitMs = Math.min(leftMs, waitMs(attempt));
        LOG.debug("{} failed at attempt {}, again in {} ms: {}", operation, attempt, waitMs, e);
        retries.increment();
        time.sleep(waitMs);
      }
    }
  }

  private static boolean isRetriable(Operation operation, Kind kind) {
    return kind.isRetriable() || (operation.isRead() && kind == Kind.DENIED);
  }

  private long waitMs(int attempt) {
    long backoffMs = policy.backoffMs(attempt);
    return backoffMs / 2 + nextLong(backoffMs / 2 + 1) + budget.takeMs();
  }

  private synchronized long nextLong(long bound) {
    return random.nextLong(bound);
  }
}
