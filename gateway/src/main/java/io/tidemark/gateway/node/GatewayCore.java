package io.tidemark.gateway.node;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.gateway.api.ApiTable;
import io.tidemark.gateway.api.ClusterView;
import io.tidemark.gateway.api.ColdReads;
import io.tidemark.gateway.api.TopicTraffic;
import io.tidemark.gateway.config.Endpoint;
import io.tidemark.gateway.config.IdentityKeys;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.forward.ForwardMeters;
import io.tidemark.gateway.forward.Forwarder;
import io.tidemark.gateway.http.Routes;
import io.tidemark.gateway.quota.ClientQuotas;
import io.tidemark.metadata.controller.Controller;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.TopicImage;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A node without replicas and without a vote: it follows the quorum from outside, reads the bucket
 * and passes everything else on. It has no folder; what it loses with its process is a cache.
 *
 * <pre>
 *  1 follow            3 open the store's reader and the way to other nodes
 *  2 register          4 ask to be let in
 * </pre>
 *
 * Built and closed by one thread; the constructor waits for each step. When it fails, what was
 * opened is closed again.
 */
final class GatewayCore implements ServingCore {
  private final Closer closer = new Closer();
  private final ImageLogConfigs configs;
  private final MetadataWiring metadata;
  private final Registration registration;
  private final ApiTable apis;

  /**
   * Starts the gateway's core and waits until the cluster has let it in.
   *
   * @param advertised where clients find this node
   * @param quotas of the clients, which the cluster's metadata brings
   */
  GatewayCore(
      NodeConfig config,
      NodePorts ports,
      NodeBackends backends,
      List<Endpoint> advertised,
      SecurityWiring security,
      ClientQuotas quotas,
      MeterRegistry meters)
      throws IOException {
    try {
      configs = new ImageLogConfigs(config);
      metadata =
          MetadataWiring.open(
              config, ports, backends, security, configs, quotas, id -> false, meters, closer);
      security.follow(metadata.follower());
      metadata.until(ClusterImage::hasClusterId).join();

      registration = openRegistration(config, ports, advertised);
      registration.register().join();
      metadata.until(image -> holdsThisLife(image, config.nodeId())).join();

      ColdReads coldReads =
          new ColdReads(
              metadata.cluster(),
              ColdTierWiring.openReader(config, ports, backends, metadata, meters, closer));
      Forwarder forwarder = openForwarder(config, ports, backends, security, meters);
      TopicTraffic traffic = new TopicTraffic(meters);
      AppliedImage applied = follow(traffic);
      Controller awaiting = new AwaitingController(metadata.controller(), applied);
      apis =
          new GatewayApiWiring(
                  config,
                  ports,
                  meters,
                  metadata.cluster(),
                  coldReads,
                  forwarder,
                  security.audit().log())
              .table(
                  new AdminApiWiring(
                      config,
                      metadata.cluster(),
                      awaiting,
                      configs,
                      security,
                      metadata.mutations()),
                  traffic,
                  quotas);
      registration.live().join();
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private Registration openRegistration(
      NodeConfig config, NodePorts ports, List<Endpoint> advertised) {
    RegistrationRequest request =
        RegistrationRequest.ofGateway(
            config, advertised, metadata::image, RandomIds.next(ports.random()));
    return closer.add(
        "registration",
        new Registration(
            metadata.controller(),
            metadata::image,
            request::make,
            List::of,
            ports.thread("heartbeat"),
            new Registration.Timing(
                config.getLong(IdentityKeys.BROKER_HEARTBEAT_INTERVAL_MS),
                config.getLong(IdentityKeys.INITIAL_BROKER_REGISTRATION_TIMEOUT_MS))));
  }

  private boolean holdsThisLife(ClusterImage image, int nodeId) {
    return image
        .nodes()
        .get(nodeId)
        .filter(node -> node.epoch() == registration.epoch())
        .isPresent();
  }

  private Forwarder openForwarder(
      NodeConfig config,
      NodePorts ports,
      NodeBackends backends,
      SecurityWiring security,
      MeterRegistry meters) {
    Forwarder forwarder =
        closer.add(
            "upstreams",
            new Forwarder(
                "gateway-" + config.nodeId(),
                backends.openUpstreams(config, ports, security.toNodes()),
                metadata::replicationAddress,
                new ForwardMeters(meters)));
    metadata.follower().listen(forwarder);
    return forwarder;
  }

  /** An image is acted on as soon as it is there: only what is gone is forgotten. */
  private AppliedImage follow(TopicTraffic traffic) {
    AppliedImage applied = new AppliedImage();
    metadata
        .follower()
        .listen((previous, next, delta) -> {
          traffic.forget(
              delta.deletedTopics().stream()
                  .flatMap(id -> previous.topics().byId(id).stream())
                  .map(TopicImage::name)
                  .collect(Collectors.toSet()));
          applied.advance(next.version());
        });
    applied.advance(metadata.image().version());
    return applied;
  }

  @Override
  public ApiTable apis() {
    return apis;
  }

  @Override
  public Registration registration() {
    return registration;
  }

  @Override
  public ClusterView cluster() {
    return metadata.cluster();
  }

  /** The tiers are asked of nodes with replicas. */
  @Override
  public void addTo(Routes routes) {}

  @Override
  public void whenSettingsChange(Consumer<NodeConfig> listener) {
    configs.whenNodeChanges(metadata.follower(), listener);
  }

  /** Clients are to be told of the other gateways before this one stops. */
  @Override
  public boolean isAlone() {
    return false;
  }

  @Override
  public CompletableFuture<Void> leave() {
    return registration.leave();
  }

  @Override
  public CompletableFuture<Void> stopped() {
    return metadata.stopped();
  }

  @Override
  public void close() {
    closer.close();
  }
}
