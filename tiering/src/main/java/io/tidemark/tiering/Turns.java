package io.tidemark.tiering;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Gives partitions their turns at the object store: at most {@code limit} at once, each partition
 * at most once, in the order in which they asked. One turn uploads at most one segment and a
 * partition that wants more goes to the end, so a long backlog delays nobody else by more than its
 * turn. Waiting costs a place in a queue, no thread and no timer.
 */
final class Turns {
  /** A partition as this queue sees it. */
  abstract static class Taker {
    private Place place = Place.IDLE;

    /** Takes the turn: may block, must not throw. */
    abstract void takeTurn();
  }

  private enum Place {
    IDLE,
    /** In the queue, or handed to the executor and not begun. */
    QUEUED,
    RUNNING,
    /** Asked again while running. */
    RUNNING_AND_WANTED
  }

  private final int limit;
  private final Executor executor;

  /** Guards everything below and the places of all takers; held for a few instructions only. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Queue<Taker> queue = new ArrayDeque<>();
  private int running;
  private boolean closed;

  Turns(int limit, Executor executor) {
    this.limit = limit;
    this.executor = executor;
  }

  /** Asks for a turn. Asking again before it was given changes nothing. */
  void request(Taker taker) {
    lock.lock();
    try {
      switch (taker.place) {
        case IDLE -> enqueue(taker);
        case RUNNING -> taker.place = Place.RUNNING_AND_WANTED;
        case QUEUED, RUNNING_AND_WANTED -> {}
      }
    } finally {
      lock.unlock();
    }
    dispatch();
  }

  /** Gives no more turns; those under way end by themselves. */
  void close() {
    lock.lock();
    try {
      closed = true;
      queue.clear();
    } finally {
      lock.unlock();
    }
  }

  int queued() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  int running() {
    lock.lock();
    try {
      return running;
    } finally {
      lock.unlock();
    }
  }

  private void enqueue(Taker taker) {
    if (!closed) {
      taker.place = Place.QUEUED;
      queue.add(taker);
    }
  }

  private void dispatch() {
    for (Taker taker = next(); taker != null; taker = next()) {
      Taker chosen = taker;
      executor.execute(() -> run(chosen));
    }
  }

  private @Nullable Taker next() {
    lock.lock();
    try {
      if (running == limit || queue.isEmpty()) {
        return null;
      }
      running++;
      return queue.remove();
    } finally {
      lock.unlock();
    }
  }

  private void run(Taker taker) {
    begin(taker);
    try {
      taker.takeTurn();
    } finally {
      done(taker);
      dispatch();
    }
  }

  private void begin(Taker taker) {
    lock.lock();
    try {
      taker.place = Place.RUNNING;
    } finally {
      lock.unlock();
    }
  }

  private void done(Taker taker) {
    lock.lock();
    try {
      running--;
      boolean wanted = taker.place == Place.RUNNING_AND_WANTED;
      taker.place = Place.IDLE;
      if (wanted) {
        enqueue(taker);
      }
    } finally {
      lock.unlock();
    }
  }
}
