package io.tidemark.tiering.read;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A queue in which clients take turns by what their items cost (deficit round robin), and within a
 * client its owners one by one: however much one client has put in, through however many readers,
 * another waits for one turn of each client at most. Items of one owner keep their order. Not
 * thread-safe.
 *
 * <pre>
 *   turns ──► client a (credit) ─► owner a1: item item item
 *             │                    owner a2: item
 *             client b (credit) ─► owner b1: item
 * </pre>
 *
 * A turn adds {@code turnCost} to the credit; items are taken while it lasts, and what is left is
 * kept as long as there are items. Nobody saves up while it wants nothing.
 */
final class FairQueue<T> {
  private final ToLongFunction<T> cost;
  private final long turnCost;
  private final Map<Object, Line<T>> lines = new HashMap<>();
  private final Deque<Line<T>> turns = new ArrayDeque<>();
  private int size;

  /** What one client waits for. */
  private static final class Line<T> {
    private final Object client;
    private final Map<Object, Deque<T>> byOwner = new LinkedHashMap<>();
    private long credit;

    Line(Object client, long credit) {
      this.client = client;
      this.credit = credit;
    }

    /** The owner whose turn it is among those that may have something; null when there is none. */
    @Nullable Object next(Predicate<Object> mayHave) {
      for (Object owner : byOwner.keySet()) {
        if (mayHave.test(owner)) {
          return owner;
        }
      }
      return null;
    }
  }

  /**
   * @param cost what an item costs
   * @param turnCost what a client gets in a turn; at least what most items cost
   */
  FairQueue(ToLongFunction<T> cost, long turnCost) {
    this.cost = cost;
    this.turnCost = turnCost;
  }

  void add(Object client, Object owner, T item) {
    Line<T> line = lines.get(client);
    if (line == null) {
      line = new Line<>(client, turnCost);
      lines.put(client, line);
      turns.addLast(line);
    }
    line.byOwner.computeIfAbsent(owner, _ -> new ArrayDeque<>()).addLast(item);
    size++;
  }

  /** Puts back what {@link #poll} gave, as the next of its client and owner. */
  void putBack(Object client, Object owner, T item) {
    Line<T> line = lines.get(client);
    if (line == null) {
      line = new Line<>(client, 0);
      lines.put(client, line);
      turns.addFirst(line);
    }
    line.credit += cost.applyAsLong(item);
    line.byOwner.computeIfAbsent(owner, _ -> new ArrayDeque<>()).addFirst(item);
    size++;
  }

  boolean remove(Object client, Object owner, T item) {
    Line<T> line = lines.get(client);
    Deque<T> items = line == null ? null : line.byOwner.get(owner);
    if (line == null || items == null || !items.remove(item)) {
      return false;
    }
    size--;
    if (items.isEmpty()) {
      line.byOwner.remove(owner);
      forgetIfEmpty(line);
    }
    return true;
  }

  /** The next item of the next client of which an owner may have one; null when there is none. */
  @Nullable T poll(Predicate<Object> mayHave) {
    int passedOver = 0;
    while (passedOver < turns.size()) {
      Line<T> line = turns.element();
      Object owner = line.next(mayHave);
      if (owner == null) {
        turns.addLast(turns.remove());
        passedOver++;
      } else if (costOfNext(line, owner) > line.credit) {
        line.credit += turnCost;
        turns.addLast(turns.remove());
        passedOver = 0;
      } else {
        return take(line, owner);
      }
    }
    return null;
  }

  private long costOfNext(Line<T> line, Object owner) {
    return cost.applyAsLong(itemsOf(line, owner).getFirst());
  }

  private T take(Line<T> line, Object owner) {
    Deque<T> items = itemsOf(line, owner);
    T item = items.removeFirst();
    size--;
    line.credit -= cost.applyAsLong(item);
    line.byOwner.remove(owner);
    if (!items.isEmpty()) {
      line.byOwner.put(owner, items); // behind the client's others
    }
    forgetIfEmpty(line);
    return item;
  }

  private Deque<T> itemsOf(Line<T> line, Object owner) {
    Deque<T> items = line.byOwner.get(owner);
    if (items == null) {
      throw new IllegalStateException("nothing of " + owner);
    }
    return items;
  }

  private void forgetIfEmpty(Line<T> line) {
    if (line.byOwner.isEmpty()) {
      lines.remove(line.client);
      turns.remove(line);
    }
  }

  int size() {
    return size;
  }
}
