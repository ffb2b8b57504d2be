package io.tidemark.gateway.node;

import io.tidemark.gateway.api.SupportedFeatures;
import io.tidemark.gateway.config.Endpoint;
import io.tidemark.gateway.config.NodeConfig;
import io.tidemark.gateway.config.Role;
import io.tidemark.log.partition.LogDirectories;
import io.tidemark.log.partition.LogDirectory;
import io.tidemark.log.partition.StopKind;
import io.tidemark.metadata.controller.GatewayMark;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.NodeImage;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.BrokerRegistrationRequestData;
import org.apache.kafka.common.message.BrokerRegistrationRequestData.Feature;
import org.apache.kafka.common.message.BrokerRegistrationRequestData.Listener;

/** What this life of the node registers with. */
final class RegistrationRequest {
  private static final long UNTRUSTED = -1;

  private final NodeConfig config;
  private final List<Endpoint> advertised;
  private final Supplier<List<Uuid>> directories;
  private final Supplier<ClusterImage> image;
  private final Uuid incarnation;

  /** The epoch of the life before, as the quorum had it when this one began. */
  private final long previousEpoch;

  private RegistrationRequest(
      NodeConfig config,
      List<Endpoint> advertised,
      Supplier<List<Uuid>> directories,
      boolean isTrusted,
      Supplier<ClusterImage> image,
      Uuid incarnation) {
    this.config = config;
    this.advertised = List.copyOf(advertised);
    this.directories = directories;
    this.image = image;
    this.incarnation = incarnation;
    this.previousEpoch = isTrusted ? registeredEpoch() : UNTRUSTED;
  }

  /** Of a node with replicas. */
  static RegistrationRequest ofBroker(
      NodeConfig config,
      List<Endpoint> advertised,
      LogDirectories directories,
      Supplier<ClusterImage> image,
      Uuid incarnation) {
    return new RegistrationRequest(
        config,
        advertised,
        () ->
            directories.directories().stream()
                .filter(directory -> directory.failure() == null)
                .map(LogDirectory::directoryId)
                .toList(),
        isTrusted(directories),
        image,
        incarnation);
  }

  /** Of a node that holds nothing. */
  static RegistrationRequest ofGateway(
      NodeConfig config,
      List<Endpoint> advertised,
      Supplier<ClusterImage> image,
      Uuid incarnation) {
    return new RegistrationRequest(config, advertised, List::of, false, image, incarnation);
  }

  BrokerRegistrationRequestData make() {
    BrokerRegistrationRequestData request =
        new BrokerRegistrationRequestData()
            .setBrokerId(config.nodeId())
            .setClusterId(image.get().clusterId())
            .setIncarnationId(incarnation)
            .setRack(config.rack().orElse(null))
            .setPreviousBrokerEpoch(previousEpoch)
            .setLogDirs(directories.get());
    if (config.roles().contains(Role.GATEWAY)) {
      GatewayMark.put(request);
    }
    for (Endpoint endpoint : advertised) {
      request
          .listeners()
          .add(
              new Listener()
                  .setName(endpoint.name())
                  .setHost(endpoint.host())
                  .setPort(endpoint.port())
                  .setSecurityProtocol(config.listener(endpoint.name()).protocol().id));
    }
    SupportedFeatures.RANGES.forEach((name, range) ->
        request
            .features()
            .add(
                new Feature()
                    .setName(name)
                    .setMinSupportedVersion(range.min())
                    .setMaxSupportedVersion(range.max())));
    return request;
  }

  /** Whether everything the last life acknowledged is still on this node's disks. */
  private static boolean isTrusted(LogDirectories directories) {
    return directories.directories().stream()
        .map(LogDirectory::stopKind)
        .allMatch(RegistrationRequest::keepsAll);
  }

  private static boolean keepsAll(StopKind kind) {
    return switch (kind) {
      case CLEAN, PROCESS_DIED -> true;
      case FIRST_START, UNCLEAN -> false;
    };
  }

  private long registeredEpoch() {
    return image.get().nodes().get(config.nodeId()).map(NodeImage::epoch).orElse(UNTRUSTED);
  }
}
