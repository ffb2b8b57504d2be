package io.tidemark.metadata.coordinator.group;

import io.tidemark.metadata.coordinator.Answer;
import io.tidemark.metadata.coordinator.Deadline;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.jspecify.annotations.Nullable;

/**
 * A member of a classic group. Its metadata and assignment are opaque bytes that are never changed.
 * Belongs to its group's {@link Members}.
 */
final class Member {
  static final byte[] NO_ASSIGNMENT = new byte[0];

  /** A way to assign that the member knows, with what it tells the leader for it. */
  @SuppressWarnings("ArrayRecordComponent")
  record Protocol(String name, byte[] metadata) {}

  final String id;
  final @Nullable String instanceId;
  final String clientId;
  final String clientHost;

  /** When it counts as dead unless heard of. */
  final Deadline session;

  private int rebalanceTimeoutMs;
  private int sessionTimeoutMs;
  private List<Protocol> protocols;
  private byte[] assignment = NO_ASSIGNMENT;
  private boolean isNew;
  private @Nullable Answer<JoinGroupResponseData> awaitedJoin;
  private @Nullable Answer<SyncGroupResponseData> awaitedSync;

  Member(
      String id, @Nullable String instanceId, ClientAddress client, Deadline session, Terms terms) {
    this.id = id;
    this.instanceId = instanceId;
    this.clientId = client.clientId();
    this.clientHost = client.clientHost();
    this.session = session;
    this.rebalanceTimeoutMs = terms.rebalanceTimeoutMs();
    this.sessionTimeoutMs = terms.sessionTimeoutMs();
    this.protocols = terms.protocols();
  }

  /** Where a member sits. */
  record ClientAddress(String clientId, String clientHost) {}

  /** What a member joins with; may differ with every join. */
  record Terms(int rebalanceTimeoutMs, int sessionTimeoutMs, List<Protocol> protocols) {
    long metadataBytes() {
      return protocols.stream().mapToLong(protocol -> protocol.metadata().length).sum();
    }
  }

  Terms terms() {
    return new Terms(rebalanceTimeoutMs, sessionTimeoutMs, protocols);
  }

  void setTerms(Terms terms) {
    rebalanceTimeoutMs = terms.rebalanceTimeoutMs();
    sessionTimeoutMs = terms.sessionTimeoutMs();
    protocols = terms.protocols();
  }

  boolean isStatic() {
    return instanceId != null;
  }

  int rebalanceTimeoutMs() {
    return rebalanceTimeoutMs;
  }

  int sessionTimeoutMs() {
    return sessionTimeoutMs;
  }

  List<Protocol> protocols() {
    return protocols;
  }

  /** Its metadata for a protocol, empty bytes when it does not know it. */
  byte[] metadata(@Nullable String protocolName) {
    for (Protocol protocol : protocols) {
      if (protocol.name().equals(protocolName)) {
        return protocol.metadata();
      }
    }
    return NO_ASSIGNMENT;
  }

  /** The first of its protocols that is a candidate; it prefers them in the order it named them. */
  String vote(Set<String> candidates) {
    return protocols.stream()
        .map(Protocol::name)
        .filter(candidates::contains)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(id + " knows none of " + candidates));
  }

  byte[] assignment() {
    return assignment;
  }

  void setAssignment(byte[] assignment) {
    this.assignment = assignment;
  }

  /** Whether its first join is not answered yet. */
  boolean isNew() {
    return isNew;
  }

  void setNew(boolean isNew) {
    this.isNew = isNew;
  }

  @Nullable Answer<JoinGroupResponseData> awaitedJoin() {
    return awaitedJoin;
  }

  void awaitJoin(@Nullable Answer<JoinGroupResponseData> answer) {
    this.awaitedJoin = answer;
  }

  @Nullable Answer<SyncGroupResponseData> awaitedSync() {
    return awaitedSync;
  }

  void awaitSync(@Nullable Answer<SyncGroupResponseData> answer) {
    this.awaitedSync = answer;
  }

  boolean isAwaitingJoin() {
    return awaitedJoin != null;
  }

  /**
   * Whether it lives although nothing was heard of it: it waits for us. Not so a new one, whose
   * client may have given up on a join it has no id for yet.
   */
  boolean isExcusedFromHeartbeat() {
    return !isNew && (awaitedJoin != null || awaitedSync != null);
  }
}
