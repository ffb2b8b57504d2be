package io.tidemark.tiering.store;

import io.tidemark.tiering.store.StoreCall.Operation;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Passes every call through {@link #around} on its way to the store behind. */
abstract class DecoratedObjectStore implements ObjectStore {
  private final ObjectStore delegate;

  DecoratedObjectStore(ObjectStore delegate) {
    this.delegate = delegate;
  }

  /** Makes the call, once or more, and returns its result. {@code bytes}: what it moves. */
  abstract <T> T around(Operation operation, long bytes, StoreCall<T> call)
      throws ObjectStoreException;

  /** The content that is passed on for the one that was given. */
  ObjectContent contentFor(ObjectContent content) {
    return content;
  }

  @Override
  public void put(String key, ObjectContent content) throws ObjectStoreException {
    Boolean done =
        around(
            Operation.PUT,
            content.sizeBytes(),
            () -> {
              delegate.put(key, contentFor(content));
              return true;
            });
    assert done;
  }

  @Override
  public void read(String key, long position, ByteBuffer dst) throws ObjectStoreException {
    Boolean done =
        around(
            Operation.READ,
            dst.remaining(),
            () -> {
              delegate.read(key, position, dst);
              return true;
            });
    assert done;
  }

  @Override
  public Optional<ObjectInfo> head(String key) throws ObjectStoreException {
    return around(Operation.HEAD, 0, () -> delegate.head(key));
  }

  @Override
  public void delete(List<String> keys) throws ObjectStoreException {
    Boolean done =
        around(
            Operation.DELETE,
            0,
            () -> {
              delegate.delete(keys);
              return true;
            });
    assert done;
  }

  @Override
  public ListPage list(String prefix, @Nullable String startAfter, int max)
      throws ObjectStoreException {
    return around(Operation.LIST, 0, () -> delegate.list(prefix, startAfter, max));
  }

  @Override
  public int abortStaleUploads(String prefix, Duration olderThan) throws ObjectStoreException {
    return around(Operation.ABORT, 0, () -> delegate.abortStaleUploads(prefix, olderThan));
  }

  @Override
  public String address() {
    return delegate.address();
  }

  @Override
  public void close() {
    delegate.close();
  }
}
