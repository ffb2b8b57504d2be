package io.tidemark.gateway.fetch;

import io.tidemark.gateway.api.ReadIsolation;
import io.tidemark.gateway.net.Request;
import io.tidemark.gateway.security.acl.Access;
import io.tidemark.log.replica.Isolation;
import org.apache.kafka.common.requests.FetchRequest;

/**
 * What one fetch request asks for, apart from its partitions.
 *
 * @param replicaId the fetching node, or negative for a consumer
 * @param replicaEpoch the fetching node's epoch; -1 for a consumer
 * @param access what whoever fetches may read
 * @param clientId what it calls itself, empty when it does not say
 * @param maxWaitMs how long to wait for {@code minBytes}
 * @param rackId where the consumer is; empty when it does not say
 * @param listenerName where it reaches this node, and others
 * @param from the request itself
 */
record FetchParameters(
    short apiVersion,
    int replicaId,
    long replicaEpoch,
    Isolation isolation,
    Access access,
    String clientId,
    int maxWaitMs,
    int minBytes,
    int maxBytes,
    String rackId,
    String listenerName,
    Request from) {

  /**
   * @param graceMs how much longer than the client wants its request may wait
   */
  static FetchParameters of(FetchRequest request, Request from, int maxResponseBytes, int graceMs) {
    int maxBytes = Math.min(request.maxBytes(), maxResponseBytes);
    return new FetchParameters(
        request.version(),
        request.replicaId(),
        request.replicaEpoch(),
        ReadIsolation.of(request.replicaId(), request.data().isolationLevel()),
        from.access(),
        from.clientId(),
        waitMs(request.maxWait(), graceMs),
        Math.min(request.minBytes(), maxBytes),
        maxBytes,
        request.rackId(),
        from.listenerName(),
        from);
  }

  private static int waitMs(int maxWaitMs, int graceMs) {
    return (int) Math.min(Integer.MAX_VALUE, (long) Math.max(0, maxWaitMs) + graceMs);
  }

  boolean isReplica() {
    return FetchRequest.isValidBrokerId(replicaId);
  }

  /** Consumers that know racks (v11) may read from a follower; all others must ask the leader. */
  boolean isLeaderOnly() {
    return isReplica() || apiVersion < 11;
  }
}
