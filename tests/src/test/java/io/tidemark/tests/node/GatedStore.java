package io.tidemark.tests.node;

import io.tidemark.tiering.store.ListPage;
import io.tidemark.tiering.store.ObjectContent;
import io.tidemark.tiering.store.ObjectInfo;
import io.tidemark.tiering.store.ObjectStore;
import io.tidemark.tiering.store.ObjectStoreException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A store whose reads wait while the gate is shut, and fail while it is broken. Safe from any
 * thread.
 */
final class GatedStore implements ObjectStore {
  private final ObjectStore store;
  private final Gate gate;

  /** Shared by the store and the test. */
  static final class Gate {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition opened = lock.newCondition();
    private final AtomicInteger reads = new AtomicInteger();
    private boolean isShut;
    private volatile boolean isBroken;

    void shut() {
      set(true);
    }

    void open() {
      set(false);
    }

    private void set(boolean shut) {
      lock.lock();
      try {
        isShut = shut;
        opened.signalAll();
      } finally {
        lock.unlock();
      }
    }

    void breakStore(boolean broken) {
      isBroken = broken;
    }

    int reads() {
      return reads.get();
    }

    private void pass() throws ObjectStoreException {
      reads.incrementAndGet();
      lock.lock();
      try {
        while (isShut) {
          opened.awaitUninterruptibly();
        }
      } finally {
        lock.unlock();
      }
      check();
    }

    private void check() throws ObjectStoreException {
      if (isBroken) {
        throw new ObjectStoreException(ObjectStoreException.Kind.UNAVAILABLE, "broken by the test");
      }
    }
  }

  GatedStore(ObjectStore store, Gate gate) {
    this.store = store;
    this.gate = gate;
  }

  @Override
  public void put(String key, ObjectContent content) throws ObjectStoreException {
    gate.check();
    store.put(key, content);
  }

  @Override
  public void read(String key, long position, ByteBuffer dst) throws ObjectStoreException {
    gate.pass();
    store.read(key, position, dst);
  }

  @Override
  public Optional<ObjectInfo> head(String key) throws ObjectStoreException {
    gate.check();
    return store.head(key);
  }

  @Override
  public void delete(List<String> keys) throws ObjectStoreException {
    gate.check();
    store.delete(keys);
  }

  @Override
  public ListPage list(String prefix, @Nullable String startAfter, int max)
      throws ObjectStoreException {
    gate.check();
    return store.list(prefix, startAfter, max);
  }

  @Override
  public int abortStaleUploads(String prefix, Duration olderThan) throws ObjectStoreException {
    return store.abortStaleUploads(prefix, olderThan);
  }

  @Override
  public String address() {
    return store.address();
  }

  @Override
  public void close() {
    gate.open();
    store.close();
  }
}
