package io.tidemark.metadata.image;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.Endpoint;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * A registered node.
 *
 * @param incarnation drawn at each start of the process
 * @param epoch the quorum's index of its registration; what it sends under an older one is refused
 * @param fenced may lead nothing and is in no ISR
 * @param inControlledShutdown keeps serving, but gets no leadership and joins no ISR
 * @param logDirs ids of its log directories
 * @param features the range of levels it can work with
 * @param gateway serves clients and holds no replica, ever
 */
public record NodeImage(
    int id,
    Uuid incarnation,
    long epoch,
    List<Endpoint> listeners,
    @Nullable String rack,
    boolean fenced,
    boolean inControlledShutdown,
    List<Uuid> logDirs,
    Map<String, FeatureRange> features,
    boolean gateway) {

  /** The least and greatest level of a feature that a node can work with. */
  public record FeatureRange(short min, short max) {}

  public NodeImage {
    listeners = List.copyOf(listeners);
    logDirs = List.copyOf(logDirs);
    features = Collections.unmodifiableMap(new TreeMap<>(features));
  }

  /** A node that may hold replicas. */
  public NodeImage(
      int id,
      Uuid incarnation,
      long epoch,
      List<Endpoint> listeners,
      @Nullable String rack,
      boolean fenced,
      boolean inControlledShutdown,
      List<Uuid> logDirs,
      Map<String, FeatureRange> features) {
    this(
        id,
        incarnation,
        epoch,
        listeners,
        rack,
        fenced,
        inControlledShutdown,
        logDirs,
        features,
        false);
  }

  /** Empty when the node has no listener of this name. */
  public Optional<Endpoint> listener(String name) {
    return listeners.stream().filter(e -> e.listener().equals(name)).findFirst();
  }

  /** Serves; if it holds replicas it may lead and join an ISR. */
  public boolean isActive() {
    return !fenced && !inControlledShutdown;
  }

  public NodeImage with(boolean fenced, boolean inControlledShutdown) {
    return new NodeImage(
        id,
        incarnation,
        epoch,
        listeners,
        rack,
        fenced,
        inControlledShutdown,
        logDirs,
        features,
        gateway);
  }
}
