package io.tidemark.metadata.coordinator.group;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A group as its record has it: members of a generation with their assignments, or an empty group.
 *
 * @param protocolType empty when the group has none
 * @param stateTimestampMs since when the group has been in the state written here, −1 when unknown
 */
record WrittenGroup(
    String protocolType,
    int generation,
    @Nullable String protocol,
    @Nullable String leader,
    long stateTimestampMs,
    List<WrittenMember> members) {
  static final long NO_TIMESTAMP = -1;

  /**
   * A member of a written group. The arrays are opaque and never changed.
   *
   * @param subscription its metadata for the group's protocol
   */
  @SuppressWarnings("ArrayRecordComponent")
  record WrittenMember(
      String memberId,
      @Nullable String groupInstanceId,
      String clientId,
      String clientHost,
      int rebalanceTimeoutMs,
      int sessionTimeoutMs,
      byte[] subscription,
      byte[] assignment) {}
}
