package io.tidemark.tiering.store;

import io.tidemark.tiering.store.ObjectStoreException.Kind;
import io.tidemark.tiering.store.StoreCall.Operation;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * A store that goes wrong in the ways stores do: each call draws a {@link Fault}, or none, from a
 * seeded generator, unless one was ordered by {@link #failNext}. Time is only ever spent by {@code
 * Time.sleep}. Safe from any thread; the same calls in the same order meet the same faults.
 */
public final class FaultyObjectStore extends DecoratedObjectStore {
  /** What can go wrong. */
  public enum Fault {
    /** Nothing happens, and the store says so. */
    ERROR,
    /** 503 SlowDown. */
    THROTTLED,
    /** 403. */
    DENIED,
    /** No answer in time; nothing happened. */
    TIMEOUT,
    /** Everything is done, and the answer is lost. */
    LOST_ANSWER,
    /** The answer takes its time. */
    SLOW,
    /** The body ends early. */
    TRUNCATED,
    /** A bit of what is read is flipped, and nobody says so. */
    FLIPPED,
    /** 404 for what is there. */
    MISSING,
    /** A listing as it was when the same was last asked for. */
    STALE
  }

  public static final long TIMEOUT_MS = 5_000;
  public static final long SLOW_MS = 500;

  private final ObjectStore delegate;
  private final RandomGenerator random;
  private final Time time;

  // Guarded by this.
  private final Map<Fault, Double> chances = new EnumMap<>(Fault.class);
  private final Map<Fault, Integer> met = new EnumMap<>(Fault.class);
  private final Deque<Fault> ordered = new ArrayDeque<>();
  private int calls;

  /** What listings showed, by what was asked for. */
  private final Map<List<@Nullable Object>, ListPage> listed = new HashMap<>();

  public FaultyObjectStore(ObjectStore delegate, RandomGenerator random, Time time) {
    super(delegate);
    this.delegate = delegate;
    this.random = random;
    this.time = time;
  }

  /** From now on this share of all calls meets the fault. */
  public synchronized FaultyObjectStore with(Fault fault, double chance) {
    chances.put(fault, chance);
    return this;
  }

  /** The next calls meet these, before anything is drawn. */
  public synchronized FaultyObjectStore failNext(Fault... faults) {
    for (Fault fault : faults) {
      ordered.add(fault);
    }
    return this;
  }

  /** Nothing goes wrong any more. */
  public synchronized void heal() {
    chances.clear();
    ordered.clear();
  }

  /** How often a fault was met. */
  public synchronized int met(Fault fault) {
    return met.getOrDefault(fault, 0);
  }

  /** How many calls were made. */
  public synchronized int calls() {
    return calls;
  }

  private synchronized @Nullable Fault draw(Operation operation) {
    calls++;
    Fault fault = ordered.isEmpty() ? drawn() : ordered.poll();
    if (fault != null && isPossible(fault, operation)) {
      met.merge(fault, 1, Integer::sum);
      return fault;
    }
    return null;
  }

  private @Nullable Fault drawn() {
    double at = random.nextDouble();
    for (Map.Entry<Fault, Double> chance : chances.entrySet()) {
      at -= chance.getValue();
      if (at < 0) {
        return chance.getKey();
      }
    }
    return null;
  }

  private static boolean isPossible(Fault fault, Operation operation) {
    return switch (fault) {
      case TRUNCATED, FLIPPED -> operation == Operation.READ;
      case MISSING -> operation.isRead();
      case STALE -> operation == Operation.LIST;
      case ERROR, THROTTLED, DENIED, TIMEOUT, LOST_ANSWER, SLOW -> true;
    };
  }

  private synchronized int nextInt(int bound) {
    return random.nextInt(bound);
  }

  @Override
  public void read(String key, long position, ByteBuffer dst) throws ObjectStoreException {
    int start = dst.position();
    Fault fault = draw(Operation.READ);
    Boolean done =
        under(
            fault,
            () -> {
              delegate.read(key, position, dst);
              return true;
            });
    assert done;
    if (fault == Fault.FLIPPED && dst.position() > start) {
      int at = start + nextInt(dst.position() - start);
      dst.put(at, (byte) (dst.get(at) ^ (1 << nextInt(8))));
    }
  }

  @Override
  public ListPage list(String prefix, @Nullable String startAfter, int max)
      throws ObjectStoreException {
    Fault fault = draw(Operation.LIST);
    ListPage now = under(fault, () -> delegate.list(prefix, startAfter, max));
    return fault == Fault.STALE
        ? asLast(Arrays.asList(prefix, startAfter, max), now)
        : remembered(Arrays.asList(prefix, startAfter, max), now);
  }

  private synchronized ListPage remembered(List<@Nullable Object> asked, ListPage page) {
    listed.put(asked, page);
    return page;
  }

  private synchronized ListPage asLast(List<@Nullable Object> asked, ListPage now) {
    return listed.getOrDefault(asked, now);
  }

  @Override
  <T> T around(Operation operation, long bytes, StoreCall<T> call) throws ObjectStoreException {
    return under(draw(operation), call);
  }

  private <T> T under(@Nullable Fault fault, StoreCall<T> call) throws ObjectStoreException {
    if (fault == null) {
      return call.run();
    }
    switch (fault) {
      case ERROR -> throw failure(Kind.UNAVAILABLE, "500 InternalError");
      case THROTTLED -> throw failure(Kind.THROTTLED, "503 SlowDown");
      case DENIED -> throw failure(Kind.DENIED, "403 AccessDenied");
      case MISSING -> throw failure(Kind.NOT_FOUND, "404 NoSuchKey");
      case TRUNCATED -> throw failure(Kind.CORRUPT, "the body ended early");
      case TIMEOUT -> {
        time.sleep(TIMEOUT_MS);
        throw failure(Kind.UNAVAILABLE, "timed out");
      }
      case LOST_ANSWER -> {
        call.run();
        throw failure(Kind.UNAVAILABLE, "the answer was lost");
      }
      case SLOW -> time.sleep(SLOW_MS);
      case FLIPPED, STALE -> {}
    }
    return call.run();
  }

  private static ObjectStoreException failure(Kind kind, String message) {
    return new ObjectStoreException(kind, "injected: " + message);
  }
}
