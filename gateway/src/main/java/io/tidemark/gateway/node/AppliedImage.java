package io.tidemark.gateway.node;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * How far this node has acted on the cluster image: everything up to the version has been done,
 * replicas made, roles taken. Advanced by the {@link ReplicaReconciler}; waited for from any
 * thread.
 */
final class AppliedImage {
  private final NavigableMap<Long, CompletableFuture<Void>> waiting = new TreeMap<>();
  private long version = -1;

  /**
   * Completes when the node has acted on this version or a later one; at once when it already has.
   */
  CompletableFuture<Void> reached(long wanted) {
    synchronized (this) {
      if (wanted > version) {
        return waiting.computeIfAbsent(wanted, any -> new CompletableFuture<>()).copy();
      }
    }
    return CompletableFuture.completedFuture(null);
  }

  void advance(long newVersion) {
    List<CompletableFuture<Void>> due;
    synchronized (this) {
      if (newVersion <= version) {
        return;
      }
      version = newVersion;
      NavigableMap<Long, CompletableFuture<Void>> reached = waiting.headMap(newVersion, true);
      due = new ArrayList<>(reached.values());
      reached.clear();
    }
    due.forEach(future -> future.complete(null));
  }
}
