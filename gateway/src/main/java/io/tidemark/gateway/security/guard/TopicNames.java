package io.tidemark.gateway.security.guard;

import io.tidemark.gateway.api.ClusterView;
import io.tidemark.gateway.net.Request;
import io.tidemark.metadata.image.TopicImage;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/** Rights on topics, whichever way a request names them. */
final class TopicNames {
  private final ClusterView cluster;

  TopicNames(ClusterView cluster) {
    this.cluster = cluster;
  }

  /** The name, by id where there is an id; empty for an id nobody knows. */
  Optional<String> of(Uuid id, @Nullable String name) {
    return id.equals(Uuid.ZERO_UUID)
        ? Optional.ofNullable(name)
        : cluster.image().topics().byId(id).map(TopicImage::name);
  }

  /**
   * Whether a topic must be kept from the sender. One that no id leads to is not: there is nothing
   * to keep, and the handler says so.
   */
  boolean isForbidden(Request request, AclOperation operation, Uuid id, @Nullable String name) {
    return of(id, name).filter(topic -> !request.access().mayOnTopic(operation, topic)).isPresent();
  }

  boolean isForbidden(Request request, AclOperation operation, @Nullable String name) {
    return isForbidden(request, operation, Uuid.ZERO_UUID, name);
  }

  boolean exists(String name) {
    return cluster.image().topics().byName(name).isPresent();
  }

  /** Of every topic there is. */
  Stream<String> all() {
    return cluster.image().topics().all().stream().map(TopicImage::name);
  }
}
