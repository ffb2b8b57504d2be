package io.tidemark.gateway.node;

import io.tidemark.gateway.api.ProtocolErrors;
import io.tidemark.metadata.controller.Controller;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.NodeImage;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.message.BrokerHeartbeatResponseData;
import org.apache.kafka.common.message.BrokerRegistrationRequestData;
import org.apache.kafka.common.message.BrokerRegistrationRequestData.Feature;
import org.apache.kafka.common.message.BrokerRegistrationRequestData.FeatureCollection;
import org.apache.kafka.common.message.BrokerRegistrationResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's standing in the cluster: it registers once a life, then says every so often that it
 * lives, how far its image is and which of its directories do not.
 *
 * <pre>
 *  register ──epoch──▶ heartbeat (fenced until caught up) ──▶ heartbeat … ──▶ wants to stop ──▶ may stop
 *   │ ▲  ▲                  │ stale epoch: the controller forgot this life
 *   └─┘  └──────────────────┘
 *  an earlier life of the node is not fenced yet
 * </pre>
 *
 * A life before this one may still count as alive, when its folders were lost or its machine died:
 * it is waited for until its session is over. Only if it outlives {@code
 * initial.broker.registration.timeout.ms} is there a second node with this id.
 *
 * <p>Runs on its own thread, so that nothing else delays a heartbeat. One call is under way at a
 * time.
 */
final class Registration implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Registration.class);
  private static final long NO_EPOCH = -1;
  private static final long RETRY_MS = 100;

  private final Controller controller;
  private final Supplier<ClusterImage> image;
  private final Supplier<BrokerRegistrationRequestData> request;
  private final Supplier<List<Uuid>> offlineDirectories;
  private final ScheduledExecutorService thread;
  private final Timing timing;

  private final CompletableFuture<Void> registered = new CompletableFuture<>();
  private final CompletableFuture<Void> unfenced = new CompletableFuture<>();
  private final CompletableFuture<Void> mayStop = new CompletableFuture<>();

  /** Read by everybody who speaks to the controller. */
  private volatile long epoch = NO_EPOCH;

  /** Whether the refusal was told. */
  private boolean isRefused;

  private volatile boolean isStarted;
  private volatile boolean wantsToStop;
  private volatile boolean isClosed;

  // Both are the thread's.
  private boolean isWaiting;
  private boolean isOutOfPatience;

  /**
   * How often and how long.
   *
   * @param intervalMs between two heartbeats
   * @param registrationTimeoutMs how long a registration waits for an earlier life to be fenced
   */
  record Timing(long intervalMs, long registrationTimeoutMs) {}

  /**
   * @param request what the node registers with; asked anew each time
   * @param thread runs the heartbeats and nothing else
   */
  Registration(
      Controller controller,
      Supplier<ClusterImage> image,
      Supplier<BrokerRegistrationRequestData> request,
      Supplier<List<Uuid>> offlineDirectories,
      ScheduledExecutorService thread,
      Timing timing) {
    this.controller = controller;
    this.image = image;
    this.request = request;
    this.offlineDirectories = offlineDirectories;
    this.thread = thread;
    this.timing = timing;
  }

  /** The epoch of this node's life, -1 before it is registered. */
  long epoch() {
    return epoch;
  }

  /**
   * Registers, trying again until the controller can be reached and no earlier life is left; fails
   * when it refuses this node.
   */
  CompletableFuture<Void> register() {
    thread.execute(this::tryRegister);
    return registered;
  }

  /** Begins to send heartbeats; done when the controller has let the node in. */
  CompletableFuture<Void> live() {
    isStarted = true;
    thread.execute(this::beat);
    return unfenced;
  }

  /** Asks to be let go: leaderships move elsewhere first; done when they have. */
  CompletableFuture<Void> leave() {
    wantsToStop = true;
    return mayStop;
  }

  /** No further heartbeat is sent. */
  @Override
  public void close() {
    isClosed = true;
  }

  boolean isUnfenced() {
    return unfenced.isDone() && !unfenced.isCompletedExceptionally();
  }

  private void tryRegister() {
    if (!isClosed) {
      controller.registerNode(request.get()).whenCompleteAsync(this::registered, thread);
    }
  }

  private void registered(BrokerRegistrationResponseData response, Throwable failure) {
    Errors error =
        failure == null ? Errors.forCode(response.errorCode()) : ProtocolErrors.of(failure);
    switch (error) {
      case NONE -> {
        epoch = response.brokerEpoch();
        registered.complete(null);
        if (isStarted) {
          beat();
        }
      }
      case INCONSISTENT_CLUSTER_ID, INVALID_REGISTRATION -> refuse(error, error.message());
      case UNSUPPORTED_VERSION -> refuse(error, levelsOutOfReach());
      case DUPLICATE_BROKER_REGISTRATION -> awaitEarlierLife(error);
      case CLUSTER_AUTHORIZATION_FAILED -> {
        warnOnce();
        thread.schedule(this::tryRegister, RETRY_MS, TimeUnit.MILLISECONDS);
      }
      default -> {
        log.debug("Registering failed, trying again: {}", error);
        thread.schedule(this::tryRegister, RETRY_MS, TimeUnit.MILLISECONDS);
      }
    }
  }

  private void refuse(Errors error, String why) {
    log.error("The controller refuses this node: {}", why);
    registered.completeExceptionally(error.exception(why));
  }

  /** The answer has a code and nothing else, so what it is about is looked for here. */
  private String levelsOutOfReach() {
    FeatureCollection known = request.get().features();
    List<String> outOfReach = new ArrayList<>();
    new TreeMap<>(image.get().features().levels())
        .forEach((name, level) -> {
          Feature feature = known.find(name);
          int min = feature == null ? 0 : feature.minSupportedVersion();
          int max = feature == null ? 0 : feature.maxSupportedVersion();
          if (level < min || level > max) {
            outOfReach.add(
                "%s is at %d, this node can work with %d to %d".formatted(name, level, min, max));
          }
        });
    return "the cluster has features at levels that this release does not know: "
        + String.join("; ", outOfReach)
        + ". Start a newer release here, or put them back first: tidemark features downgrade";
  }

  private void awaitEarlierLife(Errors error) {
    if (isOutOfPatience) {
      refuse(error, error.message());
      return;
    }
    if (!isWaiting) {
      isWaiting = true;
      log.warn(
          "An earlier life of this node is still registered, or another node has its id: waiting"
              + " up to {} ms until it is fenced",
          timing.registrationTimeoutMs());
      thread.schedule(
          () -> isOutOfPatience = true, timing.registrationTimeoutMs(), TimeUnit.MILLISECONDS);
    }
    thread.schedule(this::tryRegister, RETRY_MS, TimeUnit.MILLISECONDS);
  }

  /** It may have been no more than rules that the controller has yet to read. */
  private void warnOnce() {
    if (!isRefused) {
      isRefused = true;
      log.warn(
          "The controller does not take this node for node {}: it must be known there by"
              + " tidemark.node.principal, and may need CLUSTER_ACTION; trying again",
          request.get().brokerId());
    }
  }

  private void beat() {
    if (isClosed) {
      return;
    }
    ClusterImage known = image.get();
    BrokerHeartbeatRequestData heartbeat =
        new BrokerHeartbeatRequestData()
            .setBrokerId(request.get().brokerId())
            .setBrokerEpoch(epoch)
            .setCurrentMetadataOffset(known.version())
            .setWantShutDown(wantsToStop)
            .setOfflineLogDirs(offlineDirectories.get());
    controller.heartbeat(heartbeat).whenCompleteAsync(this::answered, thread);
  }

  private void answered(BrokerHeartbeatResponseData response, Throwable failure) {
    Errors error =
        failure == null ? Errors.forCode(response.errorCode()) : ProtocolErrors.of(failure);
    if (error == Errors.STALE_BROKER_EPOCH || error == Errors.BROKER_ID_NOT_REGISTERED) {
      log.warn("The cluster does not know this life of the node any more: registering again");
      tryRegister();
      return;
    }
    if (error == Errors.NONE) {
      standing(response);
    }
    boolean isUrgent = error != Errors.NONE || !unfenced.isDone() || wantsToStop;
    thread.schedule(
        this::beat, isUrgent ? RETRY_MS / 2 : timing.intervalMs(), TimeUnit.MILLISECONDS);
  }

  private void standing(BrokerHeartbeatResponseData response) {
    if (!response.isFenced() && isInImage()) {
      unfenced.complete(null);
    }
    if (response.shouldShutDown()) {
      mayStop.complete(null);
    }
  }

  /** Whether the image holds this very life of the node, unfenced. */
  private boolean isInImage() {
    return image
        .get()
        .nodes()
        .get(request.get().brokerId())
        .filter(node -> node.epoch() == epoch)
        .filter(NodeImage::isActive)
        .isPresent();
  }
}
