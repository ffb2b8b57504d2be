package io.tidemark.tiering.store;

import io.tidemark.tiering.store.ObjectStoreException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A store in memory: the same calls give the same answers. Safe from any thread. */
public final class SimulatedObjectStore implements ObjectStore {
  // Guarded by this.
  private final TreeMap<String, byte[]> objects = new TreeMap<>();

  @Override
  public void put(String key, ObjectContent content) throws ObjectStoreException {
    KeyRules.checkKey(key);
    ByteBuffer bytes = ByteBuffer.allocate((int) content.sizeBytes());
    try {
      content.read(bytes, 0);
    } catch (IOException e) {
      throw new ObjectStoreException(Kind.CONTENT, "content: " + e.getMessage(), e);
    }
    synchronized (this) {
      objects.put(key, bytes.array());
    }
  }

  @Override
  public void read(String key, long position, ByteBuffer dst) throws ObjectStoreException {
    byte[] bytes = bytes(key);
    if (position + dst.remaining() > bytes.length) {
      throw new ObjectStoreException(Kind.CORRUPT, key + " ends at " + bytes.length);
    }
    dst.put(bytes, (int) position, dst.remaining());
  }

  /** The object as it is stored. */
  public synchronized byte[] bytes(String key) throws ObjectStoreException {
    byte[] bytes = objects.get(KeyRules.checkKey(key));
    if (bytes == null) {
      throw new ObjectStoreException(Kind.NOT_FOUND, "no " + key);
    }
    return bytes;
  }

  /** Puts an object as it is, to see what readers make of it. */
  public synchronized void replace(String key, byte[] bytes) {
    objects.put(key, bytes);
  }

  public synchronized List<String> keys() {
    return List.copyOf(objects.keySet());
  }

  @Override
  public synchronized Optional<ObjectInfo> head(String key) {
    byte[] bytes = objects.get(KeyRules.checkKey(key));
    return bytes == null ? Optional.empty() : Optional.of(new ObjectInfo(key, bytes.length));
  }

  @Override
  public synchronized void delete(List<String> keys) {
    if (keys.size() > MAX_KEYS) {
      throw new IllegalArgumentException(keys.size() + " keys");
    }
    keys.forEach(key -> objects.remove(KeyRules.checkKey(key)));
  }

  @Override
  public synchronized ListPage list(String prefix, @Nullable String startAfter, int max) {
    KeyRules.checkPrefix(prefix);
    List<ObjectInfo> page = new ArrayList<>();
    for (Map.Entry<String, byte[]> entry :
        objects.tailMap(startAfter == null ? "" : startAfter, false).entrySet()) {
      if (entry.getKey().startsWith(prefix)) {
        if (page.size() == Math.min(max, MAX_KEYS)) {
          return new ListPage(page, false);
        }
        page.add(new ObjectInfo(entry.getKey(), entry.getValue().length));
      }
    }
    return new ListPage(page, true);
  }

  @Override
  public int abortStaleUploads(String prefix, Duration olderThan) {
    return 0;
  }

  @Override
  public String address() {
    return "memory://";
  }

  @Override
  public void close() {}
}
