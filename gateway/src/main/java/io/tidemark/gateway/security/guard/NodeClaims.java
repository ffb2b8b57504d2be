package io.tidemark.gateway.security.guard;

import io.tidemark.gateway.config.NodePrincipals;
import io.tidemark.gateway.net.Request;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.AllocateProducerIdsRequestData;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.BrokerHeartbeatRequestData;
import org.apache.kafka.common.message.BrokerRegistrationRequestData;

/**
 * Whether those who speak for a node are that node. A listener that does not know whom it serves
 * has nothing to compare, and believes everybody. Immutable; safe from any thread.
 */
public final class NodeClaims {
  private final NodePrincipals principals;
  private final Set<String> knowing;

  /**
   * @param principals whom nodes are known as
   * @param knowing listeners that know whom they serve
   */
  public NodeClaims(NodePrincipals principals, Set<String> knowing) {
    this.principals = principals;
    this.knowing = Set.copyOf(knowing);
  }

  /** Whether a request to the controller comes from the node it speaks for, else from any node. */
  boolean areTrue(Request request) {
    OptionalInt claimed = claimed(request);
    return claimed.isPresent() ? isNode(request, claimed.getAsInt()) : isSomeNode(request);
  }

  /** Whether whoever sent a request is any node, as far as that can be said. */
  public boolean isSomeNode(Request request) {
    return !isKnown(request) || principals.isSomeNode(request.principal());
  }

  /** Whether a fetch for replicas comes from the node that follows with it. */
  public boolean mayFollow(Request request, int replicaId) {
    return request.access().mayOnCluster(AclOperation.CLUSTER_ACTION) && isNode(request, replicaId);
  }

  /** Whether whoever sent a request is this node, as far as that can be said. */
  public boolean isNode(Request request, int nodeId) {
    return !isKnown(request) || principals.isNode(request.principal(), nodeId);
  }

  private boolean isKnown(Request request) {
    return knowing.contains(request.listenerName());
  }

  /** For which node a request speaks; empty where it names none. */
  private static OptionalInt claimed(Request request) {
    return switch (request.body().data()) {
      case BrokerRegistrationRequestData registration -> OptionalInt.of(registration.brokerId());
      case BrokerHeartbeatRequestData heartbeat -> OptionalInt.of(heartbeat.brokerId());
      case AlterPartitionRequestData change -> OptionalInt.of(change.brokerId());
      case AllocateProducerIdsRequestData wish -> OptionalInt.of(wish.brokerId());
      default -> OptionalInt.empty();
    };
  }
}
