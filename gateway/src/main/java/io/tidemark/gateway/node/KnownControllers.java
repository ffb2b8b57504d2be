package io.tidemark.gateway.node;

import io.tidemark.gateway.config.HostPort;
import io.tidemark.metadata.image.ClusterImage;
import io.tidemark.metadata.image.ImageDelta;
import io.tidemark.metadata.image.ImageListener;
import io.tidemark.metadata.image.NodeImage;
import io.tidemark.metadata.quorum.Leadership;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where controllers are found: the quorum's leader and the others as they registered, and those of
 * the configuration. Told by the quorum and the image; read from any thread.
 */
final class KnownControllers implements ImageListener {
  private final List<String> listeners;
  private final List<HostPort> bootstrap;

  /** Volatile because the quorum's thread writes what any thread reads. */
  private volatile int leaderId = Leadership.NOBODY;

  /** Volatile because the image's thread writes what any thread reads. */
  private volatile ClusterImage image = ClusterImage.EMPTY;

  /** Volatile because any thread hears of it and any reads it. */
  private volatile Optional<HostPort> hint = Optional.empty();

  /**
   * @param listeners {@code controller.listener.names}
   * @param bootstrap {@code controller.quorum.bootstrap.servers}
   */
  KnownControllers(List<String> listeners, List<HostPort> bootstrap) {
    this.listeners = List.copyOf(listeners);
    this.bootstrap = List.copyOf(bootstrap);
  }

  void leads(Leadership now) {
    leaderId = now.leaderId();
    hint = Optional.empty();
  }

  /** One that does not lead says who does. */
  void hint(HostPort leader) {
    hint = Optional.of(leader);
  }

  @Override
  public void changed(ClusterImage previous, ClusterImage next, ImageDelta delta) {
    image = next;
  }

  /**
   * Where the quorum's leader is asked: as it registered, or was said; empty while nobody knows.
   */
  Optional<HostPort> leader() {
    Optional<HostPort> said = hint;
    return said.isPresent() ? said : image.nodes().get(leaderId).flatMap(this::address);
  }

  /** All of them, each once: the leader first, then the configured ones. */
  List<HostPort> inTurn() {
    Stream<HostPort> registered =
        image.nodes().all().stream().flatMap(node -> address(node).stream());
    return Stream.of(leader().stream(), bootstrap.stream(), registered)
        .flatMap(addresses -> addresses)
        .distinct()
        .toList();
  }

  private Optional<HostPort> address(NodeImage node) {
    return listeners.stream()
        .flatMap(name -> node.listener(name).stream())
        .map(endpoint -> new HostPort(endpoint.host(), endpoint.port()))
        .findFirst();
  }
}
