package io.tidemark.tiering.read;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A queue in which owners take turns: however much one has put in, another waits for one item of
 * each owner at most. Items of one owner keep their order. Not thread-safe.
 */
final class FairQueue<T> {
  private final Map<Object, Deque<T>> byOwner = new LinkedHashMap<>();
  private int size;

  void add(Object owner, T item) {
    byOwner.computeIfAbsent(owner, key -> new ArrayDeque<>()).addLast(item);
    size++;
  }

  /** Puts back what {@link #poll} gave, as the next of its owner. */
  void putBack(Object owner, T item) {
    byOwner.computeIfAbsent(owner, key -> new ArrayDeque<>()).addFirst(item);
    size++;
  }

  boolean remove(Object owner, T item) {
    Deque<T> items = byOwner.get(owner);
    if (items == null || !items.remove(item)) {
      return false;
    }
    size--;
    if (items.isEmpty()) {
      byOwner.remove(owner);
    }
    return true;
  }

  /** The next item of the next owner that may have one; null when there is none. */
  @Nullable T poll(Predicate<Object> mayHave) {
    Iterator<Map.Entry<Object, Deque<T>>> owners = byOwner.entrySet().iterator();
    while (owners.hasNext()) {
      Map.Entry<Object, Deque<T>> entry = owners.next();
      if (mayHave.test(entry.getKey())) {
        owners.remove();
        T item = entry.getValue().removeFirst();
        size--;
        if (!entry.getValue().isEmpty()) {
          byOwner.put(entry.getKey(), entry.getValue());
        }
        return item;
      }
    }
    return null;
  }

  int size() {
    return size;
  }
}
