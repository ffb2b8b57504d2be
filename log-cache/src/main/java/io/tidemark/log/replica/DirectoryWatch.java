package io.tidemark.log.replica;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices log directories that fail (their replicas go offline for good) or stall (their requests
 * are refused until no write hangs any more), and says so, once for each time. {@link #check} is
 * called by one timer.
 */
final class DirectoryWatch {
  private static final Logger log = LoggerFactory.getLogger(DirectoryWatch.class);

  private final List<DirectoryState> directories;
  private final Collection<Replica> replicas;
  private final Time time;
  private final List<DirectoryFailureListener> listeners = new CopyOnWriteArrayList<>();
  private final Map<Path, String> unhealthy = new ConcurrentHashMap<>();

  DirectoryWatch(List<DirectoryState> directories, Collection<Replica> replicas, Time time) {
    this.directories = directories;
    this.replicas = replicas;
    this.time = time;
  }

  void add(DirectoryFailureListener listener) {
    listeners.add(listener);
  }

  Map<Path, String> unhealthy() {
    return Map.copyOf(unhealthy);
  }

  void check() {
    directories.forEach(this::check);
  }

  private void check(DirectoryState state) {
    String failure = state.directory().failure();
    if (failure != null) {
      failed(state, failure);
      return;
    }
    state.measure();
    long nowNs = time.nanoseconds();
    List<Replica> inside = replicasIn(state);
    boolean hangs = inside.stream().anyMatch(replica -> replica.hangs(nowNs));
    if (hangs) {
      stalled(state, inside, nowNs);
    } else if (state.isStalled()) {
      state.pace().resumed(nowNs);
      unhealthy.remove(state.directory().path());
      log.warn("Log directory {} answers again", state.directory().path());
    }
  }

  private void failed(DirectoryState state, String failure) {
    if (failure.equals(unhealthy.put(state.directory().path(), failure))) {
      return;
    }
    List<Replica> inside = replicasIn(state);
    log.error(
        "Log directory {} has failed, {} replicas go offline: {}",
        state.directory().path(),
        inside.size(),
        failure);
    inside.forEach(replica -> replica.goOffline(Errors.KAFKA_STORAGE_ERROR, failure));
    tell(state, failure, inside);
  }

  private void stalled(DirectoryState state, List<Replica> inside, long nowNs) {
    boolean isNew = !state.isStalled();
    state.pace().stalled(nowNs);
    inside.forEach(Replica::refuseWaiting);
    if (isNew) {
      String reason = state.stalled().message();
      unhealthy.put(state.directory().path(), reason);
      log.error("{}; {} replicas refuse requests", reason, inside.size());
      tell(state, reason, inside);
    }
  }

  private void tell(DirectoryState state, String reason, List<Replica> inside) {
    for (DirectoryFailureListener listener : listeners) {
      try {
        listener.failed(state.directory().path(), reason, inside);
      } catch (RuntimeException e) {
        log.error("A listener for failed log directories failed", e);
      }
    }
  }

  private List<Replica> replicasIn(DirectoryState state) {
    return replicas.stream().filter(replica -> replica.directory() == state).toList();
  }
}
