package io.tidemark.gateway.net;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is to happen when a connection ends. Safe from any thread; actions run once. */
final class CloseActions {
  private final List<Entry> entries = new ArrayList<>(0); // guarded by this, as is isClosed
  private boolean isClosed;

  /** Compared by identity, so that one action may be registered twice. */
  private static final class Entry {
    private final Runnable action;

    Entry(Runnable action) {
      this.action = action;
    }
  }

  /** Remembers the action, or returns null when the end has come already. */
  synchronized ClientConnection.@Nullable Registration add(Runnable action) {
    if (isClosed) {
      return null;
    }
    Entry entry = new Entry(action);
    entries.add(entry);
    return () -> remove(entry);
  }

  private synchronized void remove(Entry entry) {
    entries.remove(entry);
  }

  /** Ends, and returns what is to be run now. */
  synchronized List<Runnable> close() {
    isClosed = true;
    List<Runnable> actions = entries.stream().map(entry -> entry.action).toList();
    entries.clear();
    return actions;
  }
}
