package io.tidemark.gateway.net;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is to happen when a connection ends, and whether it has. Safe from any thread; actions run
 * once.
 */
final class CloseActions {
  private static final Logger log = LoggerFactory.getLogger(CloseActions.class);

  private final List<Entry> entries = new ArrayList<>(0); // guarded by this
  private volatile boolean isClosed; // written under the lock; volatile because handlers ask

  /** Compared by identity, so that one action may be registered twice. */
  private static final class Entry {
    private final Runnable action;

    Entry(Runnable action) {
      this.action = action;
    }
  }

  boolean isClosed() {
    return isClosed;
  }

  /**
   * Remembers the action.
   *
   * @param loop runs it where the end has come already
   */
  ClientConnection.Registration add(Runnable action, Executor loop) {
    Entry entry = new Entry(action);
    if (remember(entry)) {
      return () -> remove(entry);
    }
    loop.execute(action);
    return () -> {};
  }

  private synchronized boolean remember(Entry entry) {
    return !isClosed && entries.add(entry);
  }

  private synchronized void remove(Entry entry) {
    entries.remove(entry);
  }

  /** The end: runs each, whatever becomes of the others. */
  void close(ConnectionAddress address) {
    for (Runnable action : end()) {
      try {
        action.run();
      } catch (RuntimeException e) {
        log.error("Connection {}: an action at its end failed", address.id(), e);
      }
    }
  }

  private synchronized List<Runnable> end() {
    isClosed = true;
    List<Runnable> actions = entries.stream().map(entry -> entry.action).toList();
    entries.clear();
    return actions;
  }
}
