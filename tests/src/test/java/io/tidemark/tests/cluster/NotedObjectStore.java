package io.tidemark.tests.cluster;

import io.tidemark.tests.simulation.Simulation;
import io.tidemark.tests.simulation.Trace;
import io.tidemark.tiering.store.ListPage;
import io.tidemark.tiering.store.ObjectContent;
import io.tidemark.tiering.store.ObjectInfo;
import io.tidemark.tiering.store.ObjectStore;
import io.tidemark.tiering.store.ObjectStoreException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The store as one machine uses it: every call, and every answer, is part of the run's trace.
 *
 * @param beforeDelete is shown the keys of what is to be deleted, before it is
 */
record NotedObjectStore(
    ObjectStore store, Simulation simulation, String host, Consumer<List<String>> beforeDelete)
    implements ObjectStore {

  @Override
  public void put(String key, ObjectContent content) throws ObjectStoreException {
    asked("put", key, content.sizeBytes());
    store.put(key, content);
    answered(key, 0);
  }

  @Override
  public void read(String key, long position, ByteBuffer dst) throws ObjectStoreException {
    asked("get", key, position);
    ByteBuffer filled = dst.slice();
    store.read(key, position, dst);
    answered(key, Trace.of(filled));
  }

  @Override
  public Optional<ObjectInfo> head(String key) throws ObjectStoreException {
    asked("head", key, 0);
    Optional<ObjectInfo> found = store.head(key);
    answered(key, found.map(ObjectInfo::sizeBytes).orElse(-1L));
    return found;
  }

  @Override
  public void delete(List<String> keys) throws ObjectStoreException {
    asked("delete", keys, keys.size());
    beforeDelete.accept(keys);
    store.delete(keys);
    answered(keys, 0);
  }

  @Override
  public ListPage list(String prefix, @Nullable String startAfter, int max)
      throws ObjectStoreException {
    asked("list", prefix, max);
    ListPage page = store.list(prefix, startAfter, max);
    answered(prefix, page.objects().size());
    return page;
  }

  @Override
  public int abortStaleUploads(String prefix, Duration olderThan) throws ObjectStoreException {
    asked("abort", prefix, olderThan.toMillis());
    return store.abortStaleUploads(prefix, olderThan);
  }

  private void asked(String what, Object whom, long detail) {
    simulation.note(what, host + ":" + whom, detail);
  }

  private void answered(Object whom, long detail) {
    simulation.note("answer", host + ":" + whom, detail);
  }

  @Override
  public String address() {
    return store.address();
  }

  @Override
  public void close() {
    store.close();
  }
}
