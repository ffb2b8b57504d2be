package io.tidemark.tiering.store;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A flat map from keys to immutable objects. An object is visible whole or not at all, and once
 * {@link #put} has returned it survives the loss of this process. Calls block: they are made on
 * virtual threads, from any number of them at once, and no thread inside one is interrupted. Closed
 * by whoever opened it.
 *
 * <p>Keys are relative to the store's prefix: segments of letters, digits, {@code . - _} joined by
 * {@code /}, at most 512 characters, no empty, {@code .} or {@code ..} segment; any other key is an
 * {@link IllegalArgumentException}. Positions and sizes are bytes. Nothing here is conditional and
 * no answer depends on a clock or a listing being up to date.
 */
public interface ObjectStore extends AutoCloseable {
  /** Most keys that one {@link #delete} takes and one {@link #list} page holds. */
  int MAX_KEYS = 1000;

  /**
   * Stores {@code content} under {@code key}, replacing what was there. All or nothing is visible.
   * After {@link ObjectStoreException.Kind#UNAVAILABLE} the object may or may not be there: putting
   * the same content again is safe. The content is read any number of times, in any order, from any
   * thread, until this returns.
   */
  void put(String key, ObjectContent content) throws ObjectStoreException;

  /**
   * Fills {@code dst} from its position to its limit with the bytes of the object from {@code
   * position} on. Fewer bytes than that, whatever the reason, are an exception, after which the
   * content of {@code dst} is undefined and its position where it was. However this ends, {@code
   * dst} is not touched afterwards. A range past the end of the object is {@link
   * ObjectStoreException.Kind#CORRUPT}: readers know sizes from elsewhere.
   */
  void read(String key, long position, ByteBuffer dst) throws ObjectStoreException;

  /** The object's size, or empty when there is none. */
  Optional<ObjectInfo> head(String key) throws ObjectStoreException;

  /**
   * Deletes up to {@link #MAX_KEYS} objects; absent ones are fine. After a failure any of them may
   * be gone.
   */
  void delete(List<String> keys) throws ObjectStoreException;

  /**
   * Up to {@code max} (at most {@link #MAX_KEYS}) objects whose key begins with {@code prefix}, in
   * the order of the keys' bytes, those after {@code startAfter} only. A listing is a hint: it may
   * miss what is new and name what is gone.
   */
  ListPage list(String prefix, @Nullable String startAfter, int max) throws ObjectStoreException;

  /**
   * Removes what unfinished uploads under {@code prefix} left behind, those begun at least {@code
   * olderThan} ago by the store's clock, and returns how many there were.
   */
  int abortStaleUploads(String prefix, Duration olderThan) throws ObjectStoreException;

  /** Where this is, with its scheme, for people: {@code s3://bucket/prefix}. */
  String address();

  /** Idempotent. Calls in flight fail or complete. */
  @Override
  void close();
}
