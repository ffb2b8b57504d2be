package io.tidemark.tests.tiering;

import io.tidemark.tiering.store.ListPage;
import io.tidemark.tiering.store.ObjectContent;
import io.tidemark.tiering.store.ObjectInfo;
import io.tidemark.tiering.store.ObjectStore;
import io.tidemark.tiering.store.ObjectStoreException;
import io.tidemark.tiering.store.ObjectStoreException.Kind;
import io.tidemark.tiering.store.SimulatedObjectStore;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * The store as a node sees it: calls take time and may fail before or after they took effect, and
 * every deletion is shown to somebody first. What a killed node had begun may still take effect.
 */
final class WatchedObjectStore implements ObjectStore {
  private final ObjectStore delegate;
  private final RandomGenerator random;
  private final Time time;
  private final Consumer<List<String>> beforeDelete;
  private double failureRate;
  private boolean away;
  private boolean denies;
  private boolean refusesDeletes;

  /** What listings show instead of what is there. */
  private @Nullable SimulatedObjectStore listed;

  WatchedObjectStore(
      ObjectStore delegate,
      RandomGenerator random,
      Time time,
      Consumer<List<String>> beforeDelete) {
    this.delegate = delegate;
    this.random = random;
    this.time = time;
    this.beforeDelete = beforeDelete;
  }

  void failureRate(double rate) {
    failureRate = rate;
  }

  void away(boolean isAway) {
    away = isAway;
  }

  /** Whether every call is answered with 403. */
  void denies(boolean isDenied) {
    denies = isDenied;
  }

  /** Whether nothing can be deleted. */
  void refusesDeletes(boolean isRefused) {
    refusesDeletes = isRefused;
  }

  /** From now on listings show this; null: what is there. */
  void lists(@Nullable SimulatedObjectStore shown) {
    listed = shown;
  }

  void heal() {
    away = false;
    denies = false;
    refusesDeletes = false;
    listed = null;
    failureRate = 0;
  }

  @FunctionalInterface
  private interface Call<T> {
    T make() throws ObjectStoreException;
  }

  private <T> T call(Call<T> call) throws ObjectStoreException {
    pause(30);
    if (denies) {
      throw new ObjectStoreException(Kind.DENIED, "the credentials have expired");
    }
    if (away || random.nextDouble() < failureRate) {
      pause(500);
      throw new ObjectStoreException(
          random.nextBoolean() ? Kind.UNAVAILABLE : Kind.THROTTLED, "the store is away");
    }
    T result = call.make();
    pause(30);
    if (random.nextDouble() < failureRate) {
      throw new ObjectStoreException(Kind.UNAVAILABLE, "the answer was lost");
    }
    return result;
  }

  private void pause(int mostMs) {
    if (Thread.currentThread().isVirtual()) {
      time.sleep(random.nextInt(mostMs) + 1);
    }
  }

  @Override
  public void put(String key, ObjectContent content) throws ObjectStoreException {
    this.<@Nullable Object>call(() -> {
      delegate.put(key, content);
      return null;
    });
  }

  @Override
  public void read(String key, long position, ByteBuffer dst) throws ObjectStoreException {
    this.<@Nullable Object>call(() -> {
      delegate.read(key, position, dst);
      return null;
    });
  }

  @Override
  public Optional<ObjectInfo> head(String key) throws ObjectStoreException {
    return call(() -> delegate.head(key));
  }

  @Override
  public void delete(List<String> keys) throws ObjectStoreException {
    this.<@Nullable Object>call(() -> {
      if (refusesDeletes) {
        throw new ObjectStoreException(Kind.UNAVAILABLE, "nothing can be deleted");
      }
      beforeDelete.accept(keys);
      delegate.delete(keys);
      return null;
    });
  }

  @Override
  public ListPage list(String prefix, @Nullable String startAfter, int max)
      throws ObjectStoreException {
    ObjectStore shown = listed == null ? delegate : listed;
    return call(() -> shown.list(prefix, startAfter, Math.min(max, 1 + random.nextInt(20))));
  }

  @Override
  public int abortStaleUploads(String prefix, Duration olderThan) throws ObjectStoreException {
    return call(() -> delegate.abortStaleUploads(prefix, olderThan));
  }

  @Override
  public String address() {
    return delegate.address();
  }

  @Override
  public void close() {}
}
