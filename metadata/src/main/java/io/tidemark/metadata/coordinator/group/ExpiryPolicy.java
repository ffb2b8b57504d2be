package io.tidemark.metadata.coordinator.group;

import org.jspecify.annotations.Nullable;

/**
 * When committed offsets have outlived their use.
 *
 * <pre>
 *  the group                                      an offset's age counts from
 *  simple (no protocol type)                      its commit
 *  empty                                          when the group became empty; its commit if unknown
 *  stable consumers whose topics are known        its commit, if nobody reads the topic
 *  any other                                      never expires
 * </pre>
 *
 * It expires at the retention's age, unless its client gave it a time of its own.
 */
final class ExpiryPolicy {
  private final long retentionMs;

  ExpiryPolicy(long retentionMs) {
    this.retentionMs = retentionMs;
  }

  boolean isExpired(Group group, String topic, CommittedOffset offset, long nowMs) {
    if (group.isSubscribedTo(topic)) {
      return false;
    }
    Long baseMs = baseMs(group, offset);
    if (baseMs == null) {
      return false;
    }
    return offset.hasOwnExpiry()
        ? nowMs >= offset.expireTimestampMs()
        : nowMs - baseMs >= retentionMs;
  }

  private static @Nullable Long baseMs(Group group, CommittedOffset offset) {
    if (group.protocolType() == null) {
      return offset.commitTimestampMs();
    }
    if (group.is(GroupState.EMPTY)) {
      boolean isKnown = group.stateTimestampMs() != WrittenGroup.NO_TIMESTAMP;
      return isKnown ? group.stateTimestampMs() : offset.commitTimestampMs();
    }
    boolean isSettled =
        group.is(GroupState.STABLE) && group.usesConsumerProtocol() && group.knowsSubscription();
    return isSettled ? offset.commitTimestampMs() : null;
  }
}
