package io.tidemark.log.replica;

import io.tidemark.log.disk.IoPace;
import io.tidemark.log.partition.LogCopy;
import io.tidemark.log.partition.LogDirectories;
import io.tidemark.log.partition.LogDirectory;
import io.tidemark.log.validate.BatchValidator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.LogDirNotFoundException;
import org.apache.kafka.common.utils.Time;

/**
 * The moves of replicas between the log directories of this node, at most one of each replica; all
 * of them together keep below a rate. Safe from any thread. Closed by {@link ReplicaSet}.
 */
public final class ReplicaMoves {
  private final LogDirectories directories;
  private final Map<Path, DirectoryState> states;
  private final Map<TopicIdPartition, ReplicaMove> moves = new ConcurrentHashMap<>();
  private final MoveTools tools;
  private final Time time;

  // Volatile because the rate is changed while copying goes on.
  private volatile IoPace pace;

  /**
   * A copy that is not the log yet.
   *
   * @param offsetLag offsets that are still missing
   */
  public record Copying(TopicIdPartition id, Path directory, long sizeBytes, long offsetLag) {}

  ReplicaMoves(
      LogDirectories directories, Map<Path, DirectoryState> states, ReplicaResources resources) {
    this.directories = directories;
    this.states = states;
    this.time = resources.time();
    this.pace = new IoPace(Double.MAX_VALUE, time.nanoseconds());
    this.tools =
        new MoveTools(
            directories,
            new BatchValidator(time),
            time,
            resources.timers(),
            () -> pace,
            new MoveMeters(resources.meters(), moves.values()));
  }

  /** How many bytes a second all moves may copy together from now on. */
  public void limit(long bytesPerSecond) {
    pace = new IoPace(bytesPerSecond, time.nanoseconds());
  }

  /**
   * The replica is to lie in this directory: begins to move it there, or gives up a move to
   * elsewhere. Asked again it changes nothing.
   *
   * @return done once the copying has begun; what was given up is gone then
   * @throws LogDirNotFoundException no such log directory
   * @throws KafkaStorageException it has failed, or the log
   */
  public CompletableFuture<Void> move(Replica replica, Path directory) {
    DirectoryState target = online(directory);
    String reason = replica.log().offlineReason();
    if (reason != null) {
      throw new KafkaStorageException("%s is offline: %s".formatted(replica.id(), reason));
    }
    return moveTo(replica, target);
  }

  /**
   * A partition that is not on this node yet is to be made in this directory when it comes; known
   * until the node stops.
   *
   * @throws LogDirNotFoundException no such log directory
   * @throws KafkaStorageException it has failed
   */
  public void prefer(TopicPartition partition, Path directory) {
    directories.prefer(partition, online(directory).directory());
  }

  private DirectoryState online(Path directory) {
    Path asked = directory.toAbsolutePath().normalize();
    DirectoryState found =
        states.values().stream()
            .filter(state -> state.path().toAbsolutePath().normalize().equals(asked))
            .findFirst()
            .orElseThrow(() -> new LogDirNotFoundException(directory + " is no log directory"));
    LogDirectory target = found.directory();
    if (!target.isOnline()) {
      throw new KafkaStorageException(
          "Log directory %s is offline: %s".formatted(directory, target.failure()));
    }
    return found;
  }

  private synchronized CompletableFuture<Void> moveTo(Replica replica, DirectoryState target) {
    ReplicaMove underWay = moves.get(replica.id());
    if (underWay != null && underWay.target() == target && !underWay.isCancelled()) {
      return underWay.begun();
    }
    if (underWay != null) {
      return underWay.cancel().thenCompose(ended -> moveTo(replica, target));
    }
    if (replica.directory() == target) {
      return CompletableFuture.completedFuture(null);
    }
    return begin(replica, target).begun();
  }

  private ReplicaMove begin(Replica replica, DirectoryState target) {
    ReplicaMove move = new ReplicaMove(replica, target, tools, moves.values()::remove);
    moves.put(replica.id(), move);
    move.begin();
    return move;
  }

  /** What is being copied now. */
  public List<Copying> underWay() {
    List<Copying> all = new ArrayList<>();
    for (ReplicaMove move : moves.values()) {
      LogCopy copy = move.copy();
      if (copy != null) {
        all.add(new Copying(copy.id(), copy.directory(), copy.log().sizeBytes(), copy.lag()));
      }
    }
    return all;
  }

  /** The replica goes: so does its copy. Done once that has. */
  CompletableFuture<Void> cancel(TopicIdPartition id) {
    ReplicaMove move = moves.get(id);
    return move == null ? CompletableFuture.completedFuture(null) : move.cancel();
  }

  /** Begins anew what the last stop interrupted, of the replicas that are still here. */
  void resume(Map<TopicIdPartition, Replica> replicas) {
    directories
        .brokenCopies()
        .forEach((id, directory) -> {
          Replica replica = replicas.get(id);
          if (replica == null) {
            directories.discardBrokenCopy(id);
          } else {
            var _ = moveTo(replica, Objects.requireNonNull(states.get(directory)));
          }
        });
  }

  /** No step begins any more; done once none is under way. */
  CompletableFuture<Void> close() {
    return CompletableFuture.allOf(
        List.copyOf(moves.values()).stream()
            .map(ReplicaMove::stop)
            .toArray(CompletableFuture<?>[]::new));
  }
}
