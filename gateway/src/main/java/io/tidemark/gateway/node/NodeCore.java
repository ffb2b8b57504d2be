package io.tidemark.gateway.node;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.gateway.api.ApiTable;
import io.tidemark.gateway.api.ClusterView;
import io.tidemark.gateway.api.TopicTraffic;
import io.tidemark.gateway.config.Endpoint;
import io.tidemark.gateway.config.IdentityKeys;
import io.tidemark.gateway.config.LogKeys;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.config.ReplicationKeys;
import io.tidemark.gateway.config.SaslKeys;
import io.tidemark.gateway.http.Routes;
import io.tidemark.gateway.quota.ClientQuotas;
import io.tidemark.gateway.replication.ReplicaFetchers;
import io.tidemark.gateway.replication.ReplicationThrottle;
import io.tidemark.gateway.replication.ThrottledReplicas;
import io.tidemark.gateway.security.guard.Guards;
import io.tidemark.log.clean.LogCleaner;
import io.tidemark.log.partition.LogDirectories;
import io.tidemark.log.partition.LogDirectory;
import io.tidemark.log.replica.Replica;
import io.tidemark.log.replica.ReplicaSet;
import io.tidemark.log.validate.BatchValidator;
import io.tidemark.metadata.controller.Controller;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.tiering.Tiering;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.jspecify.annotations.Nullable;

/**
 * Everything of a node above its ports and below its sockets: what a request finds. Reads top to
 * bottom as the node starts.
 *
 * <pre>
 *  1 open the voter, follow          4 load and check every log
 *  2 the cluster id is the folders'  5 make replicas what the image says, ask to be let in
 *  3 register: the quorum knows this life of the node
 * </pre>
 *
 * Built and closed by one thread; the constructor waits for each step. When it fails, what was
 * opened is closed again.
 */
final class NodeCore implements ServingCore {
  private static final int DISK_READERS = 4;

  private final NodeConfig config;
  private final NodePorts ports;
  private final MeterRegistry meters;
  private final Closer closer = new Closer();

  private final ImageLogConfigs logConfigs;
  private final HotTierWiring hotTier;
  private final LogDirectories directories;
  private final MetadataWiring metadata;
  private final Registration registration;
  private final ReplicaSet replicas;
  private final LogCleaner cleaner;
  private final ColdTierWiring coldTier;
  private final Coordinators coordinators;
  private final ApiTable apis;

  /** The same as {@code replicas}, for the heartbeats, which begin before there are any. */
  private volatile @Nullable ReplicaSet runningReplicas;

  private final CompletableFuture<Void> stopped = new CompletableFuture<>();

  /** Serves other nodes what they ask of the controller. */
  @FunctionalInterface
  interface ControllerListeners {
    void open(ApiTable apis) throws IOException;
  }

  /**
   * Starts the node's core and waits until the cluster has let it in.
   *
   * @param hotTier holds the log directories; the caller's to close, after this
   * @param advertised where clients and nodes find this node
   * @param security of the listeners, whose settings may be changed
   * @param quotas of the clients, which the cluster's metadata brings
   * @param controllers opened once the controller is there, before this node registers with it
   * @param deadline of its stop
   */
  NodeCore(
      NodeConfig config,
      NodePorts ports,
      NodeBackends backends,
      HotTierWiring hotTier,
      List<Endpoint> advertised,
      ControllerListeners controllers,
      SecurityWiring security,
      ClientQuotas quotas,
      MeterRegistry meters,
      StopDeadline deadline)
      throws IOException {
    this.config = config;
    this.ports = ports;
    this.meters = meters;
    this.hotTier = hotTier;
    this.directories = hotTier.directories();
    try {
      logConfigs = new ImageLogConfigs(config);
      AtomicReference<Predicate<TopicIdPartition>> hasFailed = new AtomicReference<>(id -> false);
      metadata =
          MetadataWiring.open(
              config,
              ports,
              backends,
              security,
              logConfigs,
              quotas,
              id -> hasFailed.get().test(id),
              meters,
              closer);
      metadata.stopped().whenComplete(this::metadataStopped);
      security.follow(metadata.follower());
      controllers.open(Guards.aroundNodes(metadata.controllerApis(), security.claims()));
      directories.identify(metadata.until(ClusterImage::hasClusterId).join().clusterId());

      registration = openRegistration(advertised);
      registration.register().join();
      ClusterImage image = metadata.until(this::holdsThisLife).join();
      directories.recover(topic -> logConfigs.of(image, topic));
      directories.markTrusted();

      replicas =
          hotTier.openReplicas(
              new ControllerIsrChanges(
                  metadata.controller(), metadata::image, config.nodeId(), registration::epoch),
              meters,
              deadline,
              closer);
      cleaner = hotTier.openCleaner(replicas, meters, closer);
      runningReplicas = replicas;
      limitMoves(logConfigs.node(image));
      whenSettingsChange(this::limitMoves);
      replicas.onDirectoryFailure(this::directoryFailed);
      hasFailed.set(replicas::hasFailed);
      coldTier =
          ColdTierWiring.open(
              config, ports, backends, hotTier, metadata, registration::epoch, meters, closer);
      BatchValidator validator = new BatchValidator(ports.time());
      Executor diskReaders = ports.pool("disk-reader", DISK_READERS);
      coordinators =
          new CoordinatorWiring(
                  config, ports, metadata, replicas, validator, diskReaders, meters, closer)
              .open(registration::epoch);
      TopicTraffic traffic = new TopicTraffic(meters);
      AppliedImage applied = new AppliedImage();
      reconcile(traffic, openFetchers(validator), applied);
      closer.add("reconciler", () -> metadata.follower().close());

      Controller awaiting = new AwaitingController(metadata.controller(), applied);
      apis =
          new ApiWiring(
                  config,
                  ports,
                  meters,
                  metadata.cluster(),
                  replicas,
                  coldTier,
                  coordinators,
                  awaiting,
                  validator,
                  diskReaders,
                  traffic,
                  logConfigs,
                  directories,
                  security,
                  quotas,
                  metadata.mutations(),
                  throttle(
                      ReplicationKeys.LEADER_REPLICATION_THROTTLED_REPLICAS,
                      ReplicationKeys.LEADER_REPLICATION_THROTTLED_RATE))
              .table();
      registration.live().join();
      applied.reached(metadata.image().version()).join();
      createUsers(awaiting);
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void createUsers(Controller controller) throws IOException {
    Optional<String> file = config.getOptional(SaslKeys.BOOTSTRAP_USERS);
    if (file.isEmpty()) {
      return;
    }
    AlterUserScramCredentialsRequestData missing =
        BootstrapUsers.read(Path.of(file.get())).missing(metadata.image(), ports.random());
    if (!missing.upsertions().isEmpty()) {
      controller.alterScramCredentials(missing).join();
    }
  }

  private Registration openRegistration(List<Endpoint> advertised) {
    RegistrationRequest request =
        RegistrationRequest.ofBroker(
            config, advertised, directories, metadata::image, RandomIds.next(ports.random()));
    return closer.add(
        "registration",
        new Registration(
            metadata.controller(),
            metadata::image,
            request::make,
            this::offlineDirectories,
            ports.thread("heartbeat"),
            new Registration.Timing(
                config.getLong(IdentityKeys.BROKER_HEARTBEAT_INTERVAL_MS),
                config.getLong(IdentityKeys.INITIAL_BROKER_REGISTRATION_TIMEOUT_MS))));
  }

  private boolean holdsThisLife(ClusterImage image) {
    return image
        .nodes()
        .get(config.nodeId())
        .filter(node -> node.epoch() == registration.epoch())
        .isPresent();
  }

  private Optional<ReplicaFetchers> openFetchers(BatchValidator validator) {
    return metadata
        .peers()
        .map(peers ->
            closer.add(
                "fetchers",
                new ReplicaFetchers(
                    NodeSettings.fetchers(config),
                    peers,
                    metadata::replicationAddress,
                    coldTier.tiering()::restart,
                    validator,
                    registration::epoch,
                    throttle(
                        ReplicationKeys.FOLLOWER_REPLICATION_THROTTLED_REPLICAS,
                        ReplicationKeys.FOLLOWER_REPLICATION_THROTTLED_RATE),
                    ports::thread,
                    ports.time(),
                    meters)));
  }

  /** Of the replicas that topics name, at the rate that the node has. */
  private ReplicationThrottle throttle(String topicSetting, String rate) {
    ReplicationThrottle throttle =
        new ReplicationThrottle(
            new ThrottledReplicas(topicSetting, config.nodeId()), metadata::image, ports.time());
    throttle.limit(logConfigs.node(metadata.image()).getLong(rate));
    whenSettingsChange(now -> throttle.limit(now.getLong(rate)));
    return throttle;
  }

  private void limitMoves(NodeConfig now) {
    replicas.moves().limit(now.getLong(LogKeys.MOVES_MAX_BYTES_PER_SECOND));
  }

  private void reconcile(
      TopicTraffic traffic, Optional<ReplicaFetchers> fetchers, AppliedImage applied) {
    ReplicaReconciler reconciler =
        new ReplicaReconciler(
            config.nodeId(),
            replicas,
            logConfigs,
            new ReplicaNeighbours(coldTier.tiering(), fetchers, coordinators, traffic, logConfigs),
            applied,
            metadata.imageThread());
    ClusterImage known = metadata.image();
    metadata.follower().listen(reconciler);
    applied.reached(known.version()).join();
    reconciler.deleteStrays(known);
    replicas.start();
    cleaner.start();
    hotTier
        .openScrub(replicas, replica -> coldTier.tiering().wake(replica.id()), meters, closer)
        .start();
    coldTier.tiering().start();
  }

  /** Failed ones, and those whose writes do not come back; their leaders are to go elsewhere. */
  private List<Uuid> offlineDirectories() {
    ReplicaSet running = runningReplicas;
    Set<Path> unhealthy = running == null ? Set.of() : running.unhealthyDirectories().keySet();
    return directories.directories().stream()
        .filter(directory -> directory.failure() != null || unhealthy.contains(directory.path()))
        .map(LogDirectory::directoryId)
        .toList();
  }

  @Override
  public ApiTable apis() {
    return apis;
  }

  @Override
  public ClusterView cluster() {
    return metadata.cluster();
  }

  /** Leaderships move to other nodes first. */
  @Override
  public CompletableFuture<Void> leave() {
    return registration.leave();
  }

  ReplicaSet replicas() {
    return replicas;
  }

  @Override
  public void addTo(Routes routes) {
    new TierRoutes(metadata.cluster(), coldTier.tiering()).addTo(routes);
    new ConsoleWiring(config, ports.time(), meters).addTo(routes, this);
  }

  Tiering tiering() {
    return coldTier.tiering();
  }

  ColdTierWiring coldTier() {
    return coldTier;
  }

  Coordinators coordinators() {
    return coordinators;
  }

  MetadataWiring metadata() {
    return metadata;
  }

  /** The cluster's controller, wherever it is. */
  Controller controller() {
    return metadata.controller();
  }

  @Override
  public Registration registration() {
    return registration;
  }

  /** Whether no other node could take over what this one leads. */
  @Override
  public boolean isAlone() {
    return metadata.image().nodes().all().stream()
        .filter(node -> node.isActive() && !node.gateway())
        .allMatch(node -> node.id() == config.nodeId());
  }

  MeterRegistry meters() {
    return meters;
  }

  /** Tells the node's settings whenever the cluster has changed them, on the image's thread. */
  @Override
  public void whenSettingsChange(Consumer<NodeConfig> listener) {
    logConfigs.whenNodeChanges(metadata.follower(), listener);
  }

  /** Fails when the node cannot go on: its image stands still, or no log directory is left. */
  @Override
  public CompletableFuture<Void> stopped() {
    return stopped.copy();
  }

  private void metadataStopped(@Nullable Void done, @Nullable Throwable failure) {
    if (failure == null) {
      stopped.complete(null);
    } else {
      stopped.completeExceptionally(failure);
    }
  }

  private void directoryFailed(Path directory, String reason, List<Replica> inside) {
    boolean isAnyLeft =
        directories.directories().stream().anyMatch(candidate -> candidate.failure() == null);
    if (!isAnyLeft) {
      stopped.completeExceptionally(
          new KafkaStorageException(
              "every log directory has failed, at last " + directory + ": " + reason));
    }
  }

  @Override
  public void close() {
    closer.close();
  }
}
