package io.tidemark.gateway.api;

import io.tidemark.metadata.controller.Controller;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.apache.kafka.common.errors.CoordinatorLoadInProgressException;
import org.apache.kafka.common.message.AllocateProducerIdsRequestData;
import org.apache.kafka.common.message.AllocateProducerIdsResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * Hands out producer ids, each once in the life of the cluster, from blocks that the controller
 * gives this node. The next block is asked for when the last id of one is gone; who comes meanwhile
 * waits. An id that was handed out and lost is never used again, nor is the rest of a block after a
 * restart. Safe from any thread; the lock is held for a few steps.
 */
public final class ProducerIds {
  private static final int MAX_WAITING = 10_000;

  private final Controller controller;
  private final int nodeId;
  private final LongSupplier nodeEpoch;

  private final Queue<CompletableFuture<Long>> waiting = new ArrayDeque<>();
  private long next;
  private long end;
  private boolean isAsking;

  public ProducerIds(Controller controller, int nodeId, LongSupplier nodeEpoch) {
    this.controller = controller;
    this.nodeId = nodeId;
    this.nodeEpoch = nodeEpoch;
  }

  /** The next id; fails with a retriable error where no block can be had. */
  public CompletableFuture<Long> next() {
    CompletableFuture<Long> id = new CompletableFuture<>();
    synchronized (this) {
      if (next < end) {
        id.complete(next++);
        return id;
      }
      if (waiting.size() >= MAX_WAITING) {
        id.completeExceptionally(notYet("Too many producers wait for an id"));
        return id;
      }
      waiting.add(id);
      if (isAsking) {
        return id;
      }
      isAsking = true;
    }
    ask();
    return id;
  }

  private void ask() {
    controller
        .allocateProducerIds(
            new AllocateProducerIdsRequestData()
                .setBrokerId(nodeId)
                .setBrokerEpoch(nodeEpoch.getAsLong()))
        .whenComplete(this::answered);
  }

  private void answered(AllocateProducerIdsResponseData block, Throwable failure) {
    Errors error = failure == null ? Errors.forCode(block.errorCode()) : ProtocolErrors.of(failure);
    if (error == Errors.NONE) {
      hand(block.producerIdStart(), block.producerIdLen());
    } else {
      fail(error);
    }
  }

  private void hand(long start, int length) {
    List<CompletableFuture<Long>> served = new ArrayList<>();
    boolean askAgain;
    long first;
    synchronized (this) {
      next = start;
      end = start + length;
      first = next;
      while (!waiting.isEmpty() && next < end) {
        served.add(waiting.remove());
        next++;
      }
      askAgain = !waiting.isEmpty();
      isAsking = askAgain;
    }
    for (int index = 0; index < served.size(); index++) {
      served.get(index).complete(first + index);
    }
    if (askAgain) {
      ask();
    }
  }

  private void fail(Errors error) {
    List<CompletableFuture<Long>> failed;
    synchronized (this) {
      isAsking = false;
      failed = List.copyOf(waiting);
      waiting.clear();
    }
    failed.forEach(id -> id.completeExceptionally(notYet("No producer ids can be had: " + error)));
  }

  /** What Kafka answers while it waits for a block; producers ask again. */
  private static CoordinatorLoadInProgressException notYet(String why) {
    return new CoordinatorLoadInProgressException(why);
  }
}
