package io.tidemark.gateway.replication;

import io.tidemark.gateway.config.HostPort;
import io.tidemark.gateway.peer.Peers;
import io.tidemark.gateway.replication.FetcherCore.Way;
import io.tidemark.log.AppendOrigin;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.validate.InvalidBatchException;
import io.tidemark.log.validate.ValidatedBatches;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.UnknownLeaderEpochException;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One lane to one leader's node: sends what {@link FetcherCore} asks, carries out what it makes of
 * the answers. Everything happens on the lane's one thread, which never waits; public methods may
 * be called from any.
 */
final class ReplicaFetcher {
  private static final Logger log = LoggerFactory.getLogger(ReplicaFetcher.class);

  private final String name;
  private final Supplier<Optional<HostPort>> leaderAddress;
  private final FollowerTools tools;
  private final ScheduledExecutorService thread;
  private final FetcherCore core;
  private final Map<FollowedPartition, Replica> replicas = new HashMap<>();
  private final Map<Way, String> lanes = new EnumMap<>(Way.class);
  private @Nullable Future<?> timer;

  // Volatile because it is set by whoever closes.
  private volatile boolean isClosed;

  /**
   * @param name of its connections, such as {@code fetch-0}
   * @param leaderAddress where the leader's node is found now; empty while it is not known
   */
  ReplicaFetcher(
      String name,
      Supplier<Optional<HostPort>> leaderAddress,
      FollowerTools tools,
      ScheduledExecutorService thread) {
    this.name = name;
    this.leaderAddress = leaderAddress;
    this.tools = tools;
    this.thread = thread;
    this.core = new FetcherCore(tools.settings(), tools.throttle());
    for (Way way : Way.values()) {
      lanes.put(way, way == Way.MAIN ? name : name + "-side");
    }
  }

  void follow(FollowedPartition partition, Replica replica) {
    onThread(() -> {
      replicas.put(partition, replica);
      core.follow(partition).ifPresent(this::carryOut);
    });
  }

  void forget(FollowedPartition partition) {
    onThread(() -> stop(partition));
  }

  private void stop(FollowedPartition partition) {
    core.forget(partition);
    replicas.remove(partition);
  }

  /** Nothing more is asked for or appended. */
  void close() {
    isClosed = true;
  }

  private void onThread(Runnable event) {
    try {
      thread.execute(() -> {
        if (!isClosed) {
          event.run();
          go();
        }
      });
    } catch (RejectedExecutionException e) {
      // its thread has ended: the node stops
    }
  }

  /** Asks whatever there is to ask, and comes back when there will be more. */
  private void go() {
    for (Way way : Way.values()) {
      core.request(way, tools.nodeEpoch().getAsLong(), nowMs())
          .ifPresent(request -> ask(way, request));
    }
    wakeAt(core.nextDueMs());
  }

  private void wakeAt(OptionalLong dueMs) {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
    if (dueMs.isPresent()) {
      long delayMs = Math.max(0, dueMs.getAsLong() - nowMs());
      timer = thread.schedule(this::wake, delayMs, TimeUnit.MILLISECONDS);
    }
  }

  private void wake() {
    if (!isClosed) {
      go();
    }
  }

  private void ask(Way way, FetchRequestData request) {
    Optional<HostPort> address = leaderAddress.get();
    if (address.isEmpty()) {
      core.unanswered(way, nowMs());
      return;
    }
    Peers peers = tools.peers();
    peers
        .at(address.get(), String.valueOf(lanes.get(way)))
        .send(
            ApiKeys.FETCH,
            request,
            (long) tools.settings().maxWaitMs() + tools.settings().timeoutMs())
        .whenComplete(
            (response, failure) -> onThread(() -> answered(way, address.get(), response, failure)));
  }

  private void answered(
      Way way, HostPort leader, @Nullable AbstractResponse response, @Nullable Throwable failure) {
    if (response == null) {
      tools.meters().unanswered();
      log.debug("{} to {} got no answer: {}", name, leader, String.valueOf(failure));
      core.unanswered(way, nowMs());
      return;
    }
    core.answered(way, (FetchResponseData) response.data(), nowMs()).forEach(this::carryOut);
  }

  private void carryOut(Step step) {
    FollowedPartition partition = step.partition();
    Replica replica = replicas.get(partition);
    if (replica == null) {
      return;
    }
    try {
      switch (step) {
        case Step.Append append -> append(append, replica);
        case Step.Truncate truncate -> truncate(truncate, replica);
        case Step.StartAtLeader start -> startAtLeader(start, replica);
        case Step.StartAtTier _ -> startAtTier(partition, replica);
        case Step.Failed failed -> {
          tools.meters().refused(failed.error());
          log.debug("{} cannot be fetched: {}", partition.id, failed.error());
        }
      }
    } catch (RuntimeException e) {
      log.error("Following {} failed in a way that was not foreseen", partition.id, e);
      core.retry(partition, Position.of(replica), nowMs());
    }
  }

  /** What is damaged is not copied on: it is asked for again, for the leader may have a repair. */
  private void append(Step.Append append, Replica replica) {
    FollowedPartition partition = append.partition();
    ValidatedBatches batches;
    try {
      batches = validated(append.batches(), replica);
    } catch (InvalidBatchException e) {
      tools.meters().corrupt();
      failed(partition, replica, "what came is damaged: " + e.getMessage());
      return;
    }
    tools.meters().fetched(batches.sizeBytes());
    whenDone(partition, replica, replica.replicate(batches, append.leader()));
  }

  private ValidatedBatches validated(ByteBuffer batches, Replica replica)
      throws InvalidBatchException {
    return batches.hasRemaining()
        ? tools.validator().validate(batches, replica.view().config(), AppendOrigin.REPLICA)
        : new ValidatedBatches(batches, AppendOrigin.REPLICA, 0, 0);
  }

  private void truncate(Step.Truncate truncate, Replica replica) {
    FollowedPartition partition = truncate.partition();
    tools.meters().truncated();
    whenDone(
        partition, replica, replica.truncateToLeader(partition.leaderEpoch, truncate.leaderEnd()));
  }

  private void startAtLeader(Step.StartAtLeader start, Replica replica) {
    FollowedPartition partition = start.partition();
    if (start.leaderLogStartOffset() < replica.view().tieredOffset()) {
      startAtTier(partition, replica);
      return;
    }
    whenDone(
        partition,
        replica,
        replica.startAtLeader(partition.leaderEpoch, start.leaderLogStartOffset()));
  }

  private void startAtTier(FollowedPartition partition, Replica replica) {
    long endOffset = replica.view().logEndOffset();
    CompletableFuture<Long> started =
        tools
            .tierStarts()
            .restart(replica)
            .thenApply(tieredOffset -> {
              if (tieredOffset <= endOffset) {
                throw new IllegalStateException(
                    "the store ends at %d, this log at %d".formatted(tieredOffset, endOffset));
              }
              tools.meters().startedFromStore();
              return tieredOffset;
            });
    whenDone(partition, replica, started);
  }

  private void whenDone(FollowedPartition partition, Replica replica, CompletableFuture<?> change) {
    if (change.isDone()) {
      change.whenComplete((_, failure) -> ended(partition, replica, failure));
    } else {
      change.whenComplete((_, failure) -> onThread(() -> ended(partition, replica, failure)));
    }
  }

  private void ended(FollowedPartition partition, Replica replica, @Nullable Throwable failure) {
    if (failure == null) {
      core.done(partition, Position.of(replica));
      return;
    }
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (isOver(cause) || !replica.view().isOnline()) {
      log.debug("{} is followed no more: {}", partition.id, String.valueOf(cause));
      stop(partition);
    } else {
      failed(partition, replica, String.valueOf(cause));
    }
  }

  /** The role has changed since: whoever changed it says what is next. */
  private static boolean isOver(@Nullable Throwable cause) {
    return cause instanceof NotLeaderOrFollowerException
        || cause instanceof FencedLeaderEpochException
        || cause instanceof UnknownLeaderEpochException;
  }

  private void failed(FollowedPartition partition, Replica replica, String why) {
    if (partition.isFirstFailure()) {
      log.warn("{} cannot follow and tries again: {}", partition.id, why);
    }
    core.retry(partition, Position.of(replica), nowMs());
  }

  private long nowMs() {
    return TimeUnit.NANOSECONDS.toMillis(tools.time().nanoseconds());
  }
}
